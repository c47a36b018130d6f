package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestDocumentationExplainsTitles checks that the troubleshooting page has an
// entry for each title of an error or a warning in the code, and no other entry.
// The entries are the bold texts and the headings of the cases.
func TestDocumentationExplainsTitles(t *testing.T) {
	t.Parallel()
	page := pages(t)["docs/guides/troubleshooting.md"]
	cases, _, _ := strings.Cut(page, "## Error codes")
	entries := map[string]bool{}
	for _, title := range regexp.MustCompile(`\*\*(.+?)\*\*`).FindAllStringSubmatch(page, -1) {
		entries[title[1]] = true
	}
	for _, title := range regexp.MustCompile(`(?m)^### (.+)$`).FindAllStringSubmatch(cases, -1) {
		entries[title[1]] = true
	}
	delete(entries, "Plugin did not respond") // An error of Terraform.
	titles := diagnosticTitles(t)
	if len(titles) < 90 {
		t.Fatalf("only %d titles were found in the code", len(titles))
	}
	for _, title := range slices.Sorted(maps.Keys(titles)) {
		if !entries[title] {
			t.Errorf("the page does not explain %q", title)
		}
	}
	for _, entry := range slices.Sorted(maps.Keys(entries)) {
		if !titles[entry] {
			t.Errorf("the page explains %q, which the provider never prints", entry)
		}
	}
}

// diagnosticTitles returns the titles of the diagnostics in the code: each
// expression that becomes the summary of one. A title that ends with a name
// ends with an ellipsis here.
func diagnosticTitles(t *testing.T) map[string]bool {
	t.Helper()
	var files []*ast.File
	fset := token.NewFileSet()
	for _, directory := range []string{".", "../credentials"} {
		names, err := filepath.Glob(filepath.Join(directory, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	collector := titleCollector{
		titles: map[string]bool{}, constants: map[string]ast.Expr{},
		// The position of the summary in the arguments.
		arguments: map[string]int{
			"AddError": 0, "AddWarning": 0, "AddAttributeError": 1, "AddAttributeWarning": 1,
			"NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0, "NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1,
		},
	}
	for _, file := range files {
		ast.Inspect(file, collector.declare)
	}
	for _, file := range files {
		ast.Inspect(file, collector.collect)
	}
	for _, expression := range collector.unread {
		t.Errorf("%s: the title of a diagnostic is neither a literal nor a constant", fset.Position(expression.Pos()))
	}
	return collector.titles
}

// titleCollector collects the titles of diagnostics from syntax trees.
type titleCollector struct {
	titles    map[string]bool
	constants map[string]ast.Expr
	arguments map[string]int
	// unread are summaries that the collector does not understand.
	unread []ast.Expr
}

// declare records constants and the functions with a parameter named summary.
func (c *titleCollector) declare(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.ValueSpec:
		for i, name := range node.Names {
			if i < len(node.Values) && name.Name != "summary" {
				c.constants[name.Name] = node.Values[i]
			}
		}
	case *ast.FuncDecl:
		if i := fieldNamed(node.Type.Params, "summary"); i >= 0 {
			c.arguments[node.Name.Name] = i
		}
	}
	return true
}

// collect adds the summaries of one node: an argument, a variable or member named
// summary, or the result of a function whose result is named summary.
func (c *titleCollector) collect(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.CallExpr:
		name := ""
		switch function := node.Fun.(type) {
		case *ast.SelectorExpr:
			name = function.Sel.Name
		case *ast.Ident:
			name = function.Name
		}
		if i, found := c.arguments[name]; found && i < len(node.Args) {
			c.add(node.Args[i])
		}
	case *ast.AssignStmt:
		for i, target := range node.Lhs {
			if name, ok := target.(*ast.Ident); ok && name.Name == "summary" && len(node.Rhs) == len(node.Lhs) {
				c.add(node.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for i, name := range node.Names {
			if name.Name == "summary" && i < len(node.Values) {
				c.add(node.Values[i])
			}
		}
	case *ast.KeyValueExpr:
		if name, ok := node.Key.(*ast.Ident); ok && name.Name == "Summary" {
			c.add(node.Value)
		}
	case *ast.CompositeLit:
		c.addMembers(node)
	case *ast.FuncDecl:
		if fieldNamed(node.Type.Results, "summary") == 0 {
			ast.Inspect(node.Body, func(inner ast.Node) bool {
				if statement, ok := inner.(*ast.ReturnStmt); ok && len(statement.Results) > 0 {
					c.add(statement.Results[0])
				}
				return true
			})
		}
	}
	return true
}

// addMembers adds the member summary of each element of a list or map of structs.
func (c *titleCollector) addMembers(list *ast.CompositeLit) {
	var element ast.Expr
	switch kind := list.Type.(type) {
	case *ast.ArrayType:
		element = kind.Elt
	case *ast.MapType:
		element = kind.Value
	}
	structure, ok := element.(*ast.StructType)
	if !ok {
		return
	}
	index := fieldNamed(structure.Fields, "summary")
	for _, member := range list.Elts {
		if pair, ok := member.(*ast.KeyValueExpr); ok {
			member = pair.Value
		}
		if values, ok := member.(*ast.CompositeLit); ok && index >= 0 && index < len(values.Elts) {
			c.add(values.Elts[index])
		}
	}
}

// add adds the title of an expression. A variable or a member named summary, and a
// call, get their titles elsewhere.
func (c *titleCollector) add(expression ast.Expr) {
	switch expression := expression.(type) {
	case *ast.BasicLit:
		// A text that ends with a space is the beginning of another one.
		if title, err := strconv.Unquote(expression.Value); err == nil && !strings.HasSuffix(title, " ") {
			c.titles[title] = true
		}
	case *ast.BinaryExpr:
		if literal, ok := expression.X.(*ast.BasicLit); ok {
			title, _ := strconv.Unquote(literal.Value)
			c.titles[strings.TrimSpace(title)+" …"] = true
			return
		}
		c.unread = append(c.unread, expression)
	case *ast.Ident:
		if value, ok := c.constants[expression.Name]; ok {
			c.add(value)
		} else if expression.Name != "summary" {
			c.unread = append(c.unread, expression)
		}
	case *ast.SelectorExpr, *ast.CallExpr:
	default:
		c.unread = append(c.unread, expression)
	}
}

// fieldNamed returns the position of a parameter or member in a list, or -1.
func fieldNamed(fields *ast.FieldList, name string) int {
	position := 0
	if fields == nil {
		return -1
	}
	for _, field := range fields.List {
		for _, one := range field.Names {
			if one.Name == name {
				return position
			}
			position++
		}
	}
	return -1
}
