package main

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"grab/testserver"
)

// TestDocs holds the documents to what there is: a test that they name exists, a
// file that they link to is there, and what stands as `name` (file.go) is declared
// in that file. The name may be that of a package's, or of a type's method or field.
func TestDocs(t *testing.T) {
	tests, declared := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		for _, name := range declarations(s.file) {
			declared[s.path+" "+name] = true
			tests[name] = tests[name] || s.test()
		}
	}
	docs, err := filepath.Glob("docs/*.md")
	if err != nil || len(docs) < 5 {
		t.Fatalf("%q, %v", docs, err)
	}
	test := regexp.MustCompile("`(Test\\w+)`")
	place := regexp.MustCompile("`([\\w.]+)`\\s\\(([\\w/]+\\.go)\\)")
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, doc := range append(docs, "README.md", "CONTRIBUTING.md", "CHANGELOG.md") {
		data, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range test.FindAllSubmatch(data, -1) {
			if !tests[string(m[1])] {
				t.Errorf("%s: there is no test %s", doc, m[1])
			}
		}
		for _, m := range place.FindAllSubmatch(data, -1) {
			if !declared[string(m[2])+" "+string(m[1])] {
				t.Errorf("%s: %s does not declare %s", doc, m[2], m[1])
			}
		}
		for _, m := range link.FindAllSubmatch(data, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), string(m[1]))); err != nil {
				t.Errorf("%s: %v", doc, err)
			}
		}
	}
}

// TestEveryRow holds docs/RELIABILITY.md to its word on the two catalogues: it names
// all rows, and the tests that it names for all modes run all modes.
func TestEveryRow(t *testing.T) {
	servers := everyRow(t, "servers", "A")
	for _, f := range testserver.Faults() {
		if !servers[f.ID] {
			t.Errorf("%s is not in the table", f.ID)
		}
	}
	if len(servers) != 138 {
		t.Errorf("%d rows of servers, want 138", len(servers))
	}
	if machines := everyRow(t, "machines", "B"); len(machines) != 57 {
		t.Errorf("%d rows of machines, want 57", len(machines))
	}
}

// everyRow returns the rows that a section names: in its table, or alone at the
// start of an item for what no test shows.
func everyRow(t *testing.T, catalogue, letter string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile("docs/RELIABILITY.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "\n## Every row of the catalogue of "+catalogue+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	modes := bodiesWith(t, "eachMode", "modeCases", "playAll", "everyPoint", `"sequential"`)
	shown := map[string]bool{}
	for _, line := range regexp.MustCompile(`(?m)^(?:\| |- )(`+letter+`\d[^|:]*)(?: \| (.*) \||:.*)$`).FindAllStringSubmatch(section, -1) {
		for part := range strings.SplitSeq(line[1], ", ") {
			var first, last int
			if n, _ := fmt.Sscanf(part, letter+"%d–"+letter+"%d", &first, &last); n == 1 {
				last = first
			}
			for ; first <= last; first++ {
				shown[fmt.Sprintf("%s%02d", letter, first)] = true
			}
		}
		for _, test := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(line[2], -1) {
			if !modes[test[1]] && !strings.Contains(line[2], "`process`") {
				t.Errorf("%s does not run all modes", test[1])
			}
		}
	}
	return shown
}

// bodiesWith returns the functions that mention one of these words.
func bodiesWith(t *testing.T, words ...string) map[string]bool {
	found := map[string]bool{}
	for _, s := range sources(t) {
		for _, decl := range s.file.Decls {
			of, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(of, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					found[of.Name.Name] = found[of.Name.Name] || slices.Contains(words, n.Name)
				case *ast.BasicLit:
					found[of.Name.Name] = found[of.Name.Name] || slices.Contains(words, n.Value)
				}
				return true
			})
		}
	}
	return found
}

// declarations returns the names of the functions and types of a file, alone and
// with their package's, and of methods and fields with their type's.
func declarations(file *ast.File) (names []string) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv != nil {
				names = append(names, receiver(decl)+"."+decl.Name.Name)
			} else {
				names = append(names, decl.Name.Name, file.Name.Name+"."+decl.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					names = append(names, spec.Name.Name, file.Name.Name+"."+spec.Name.Name)
					names = append(names, fields(spec)...)
				}
			}
		}
	}
	return names
}

// receiver returns the name of a method's type.
func receiver(method *ast.FuncDecl) string {
	of := method.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	name, _ := of.(*ast.Ident)
	return name.String()
}

func fields(spec *ast.TypeSpec) (names []string) {
	if of, ok := spec.Type.(*ast.StructType); ok {
		for _, field := range of.Fields.List {
			for _, name := range field.Names {
				names = append(names, spec.Name.Name+"."+name.Name)
			}
		}
	}
	return names
}
