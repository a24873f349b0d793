package faults

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// TestFamiliesDoNotKnowEachOther looks for references between the files that hold
// families of faults. What several families need has a file of its own, without faults;
// only the catalogue knows all families.
func TestFamiliesDoNotKnowEachOther(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || name == "catalogue.go" || name == "address_other.go" {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	// Without an importer the check reports errors, but it finds the names of the
	// package, which are all that matters here.
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Error: func(error) {}}
	pkg, _ := conf.Check("faults", fset, files, info)

	families := map[string]bool{} // the files
	for _, name := range pkg.Scope().Names() {
		if strings.HasSuffix(name, "Faults") {
			families[fset.Position(pkg.Scope().Lookup(name).Pos()).Filename] = true
		}
	}
	if len(families) < 15 {
		t.Fatalf("only %d families found", len(families))
	}
	for id, object := range info.Uses {
		from, to := fset.Position(id.Pos()).Filename, fset.Position(object.Pos()).Filename
		if object.Parent() == pkg.Scope() && from != to && families[to] {
			t.Errorf("%s uses %s of %s", from, id.Name, to)
		}
	}
}
