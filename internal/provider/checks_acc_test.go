package provider_test

import (
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// all is a step's Check that looks at the service after the first one, which
// may reset the journal.
func all(check resource.TestCheckFunc, more func()) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		more()
		return check(state)
	}
}
