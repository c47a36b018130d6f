package features

// Feature is something that not every command line can do.
type Feature string

// The features that tests need.
const (
	// Moved is renaming a resource with a moved block.
	Moved Feature = "moved blocks"
	// ImportBlocks is importing with an import block, whose ID is an expression.
	ImportBlocks Feature = "import blocks"
	// TerraformData is the resource terraform_data.
	TerraformData Feature = "terraform_data"
	// Checks is asserting with check blocks.
	Checks Feature = "check blocks"
	// Tests is the command test.
	Tests Feature = "test command"
	// Removed is giving a resource back with a removed block.
	Removed Feature = "removed blocks"
	// Ephemeral is opening ephemeral resources.
	Ephemeral Feature = "ephemeral resources"
	// WriteOnly is giving values through write-only arguments.
	WriteOnly Feature = "write-only arguments"
	// Identity is storing the identities of resources, and importing by them.
	Identity Feature = "resource identity"
	// Actions is invoking actions.
	Actions Feature = "actions"
)

// Versions are the first ones of each product that can do something, empty
// where none can.
type Versions struct{ Terraform, OpenTofu string }

// Since returns which versions have the feature.
func (f Feature) Since() Versions {
	return map[Feature]Versions{
		Moved:         {"1.1", "1.6"},
		ImportBlocks:  {"1.6", "1.6"},
		TerraformData: {"1.4", "1.6"},
		Checks:        {"1.5", "1.6"},
		Tests:         {"1.6", "1.6"},
		Removed:       {"1.7", "1.10"},
		Ephemeral:     {"1.10", "1.11"},
		WriteOnly:     {"1.11", "1.11"},
		Identity:      {"1.12", "1.12"},
		Actions:       {"1.14", ""},
	}[f]
}
