package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// maxFileLines is the longest that a file may be.
const (
	maxFileLines = 400
	maxTestLines = 600
)

// arrows says what each folder may import beyond the standard library; the table
// of packages in docs/ARCHITECTURE.md says why. A folder that is not named here
// fails the test.
func arrows() map[string][]string {
	const words = "grab/downloader"
	below := func(names ...string) (paths []string) { // packages of the engine, with the words
		paths = append(paths, words)
		for _, name := range names {
			paths = append(paths, words+"/"+name)
		}
		return paths
	}
	with := func(paths []string, others ...string) []string { return append(paths, others...) }
	return map[string][]string{
		".":              below("command"),
		"config":         with(below(), "grab/config/...", "github.com/urfave/cli/v2", "github.com/BurntSushi/toml"),
		"config/args":    with(below(), "github.com/urfave/cli/v2"),
		"config/help":    with(below(), "grab/config/args", "grab/config/setting", "grab/config/source", "grab/config/value", "github.com/urfave/cli/v2"),
		"config/setting": {},
		"config/source":  with(below(), "grab/config/args", "grab/config/setting", "github.com/urfave/cli/v2", "github.com/BurntSushi/toml"),
		"config/value":   below("credentials"),

		"downloader":             {"grab/downloader/credentials", "grab/downloader/internal/sanitize", "grab/downloader/internal/weburl"},
		"downloader/command":     with(below("..."), "grab/config", "grab/config/args", "grab/config/help", "grab/config/setting", "grab/testserver", "github.com/urfave/cli/v2"),
		"downloader/batch":       below("internal/group", "manifest", "sink"),
		"downloader/compare":     below("engine", "internal/folder", "internal/group", "internal/machine", "live", "manifest", "outdir", "report", "sink"),
		"downloader/engine":      below("internal/...", "list", "live", "outdir"),
		"downloader/imagefile":   {"golang.org/x/image/..."},
		"downloader/list":        with(below("internal/folder", "internal/sanitize", "internal/weburl", "list/internal/..."), "golang.org/x/net/http/httpguts"),
		"downloader/live":        below("internal/sanitize"),
		"downloader/manifest":    below("internal/failpoint", "internal/folder", "internal/sanitize", "manifest/internal/sparse", "sink"),
		"downloader/naming":      below("internal/sanitize", "internal/weburl", "sink"),
		"downloader/outdir":      below("imagefile", "internal/failpoint", "internal/folder", "internal/lock", "manifest", "outdir/internal/foreign", "sink"),
		"downloader/progress":    with(below("live"), "github.com/schollz/progressbar/v3", "golang.org/x/sys/windows", "golang.org/x/term"),
		"downloader/report":      below("report/internal/..."),
		"downloader/signals":     {},
		"downloader/survey":      below("internal/folder", "internal/sanitize", "internal/weburl", "manifest", "sink"),
		"downloader/sink":        with(below("imagefile", "internal/failpoint", "internal/folder"), "golang.org/x/text/cases", "golang.org/x/text/unicode/norm"),
		"downloader/web":         with(below("internal/sanitize", "live"), "grab/testserver/serving", "github.com/prometheus/client_golang/prometheus/...", "github.com/prometheus/client_golang/prometheus", "golang.org/x/net/netutil"),
		"downloader/credentials": {"golang.org/x/net/publicsuffix"},

		"downloader/list/internal/entry":       below("internal/sanitize", "internal/weburl"),
		"downloader/list/internal/parquetfile": {"github.com/parquet-go/parquet-go", "github.com/parquet-go/parquet-go/format"},
		"downloader/list/internal/plain":       with(below(), "github.com/klauspost/compress/gzip", "github.com/klauspost/compress/zstd", "github.com/ulikunitz/xz", "golang.org/x/text/encoding/unicode", "golang.org/x/text/transform"),

		"downloader/manifest/internal/sparse": {},
		"downloader/outdir/internal/foreign":  below("sink"),

		"downloader/sink/sinktest": below(), // for tests

		"downloader/report/output":              below("internal/folder", "report", "report/page", "report/saved", "report/text"),
		"downloader/report/page":                with(below("imagefile", "report", "report/internal/format", "report/saved", "report/text"), "golang.org/x/image/draw"),
		"downloader/report/saved":               below("report", "report/internal/format"),
		"downloader/report/text":                below("internal/sanitize", "report", "report/internal/format"),
		"downloader/report/internal/format":     {},
		"downloader/report/internal/stats":      {"golang.org/x/perf/benchmath"},
		"downloader/report/internal/reporttest": below("report"), // for tests

		"downloader/internal/cause":     below("internal/http1", "internal/names", "live"),
		"downloader/internal/child":     with(below("internal/cause", "internal/client", "internal/failpoint", "internal/fetch", "internal/machine", "internal/stage", "internal/work", "live"), "golang.org/x/sys/windows"),
		"downloader/internal/client":    below("internal/cause", "internal/http1", "internal/identity", "internal/names", "internal/proxy", "internal/sanitize", "internal/weburl", "live"),
		"downloader/internal/coding":    with(below("imagefile", "live"), "github.com/andybalholm/brotli", "github.com/klauspost/compress/zstd"),
		"downloader/internal/failpoint": {},
		"downloader/internal/fetch":     with(below("imagefile", "internal/cause", "internal/client", "internal/coding", "internal/identity", "internal/robots", "internal/sanitize", "internal/stage", "internal/weburl", "internal/work", "live"), "github.com/hashicorp/go-retryablehttp", "golang.org/x/time/rate"),
		"downloader/internal/flight":    {},
		"downloader/internal/folder":    with(below(), "golang.org/x/sys/unix", "golang.org/x/sys/windows"),
		"downloader/internal/group":     {},
		"downloader/internal/hosts":     below("internal/queues", "internal/work"),
		"downloader/internal/http1":     {},
		"downloader/internal/identity":  with(below("credentials", "internal/weburl"), "golang.org/x/net/publicsuffix"),
		"downloader/internal/lock":      with(below("internal/failpoint", "internal/folder"), "golang.org/x/sys/windows"),
		"downloader/internal/machine":   below(),
		"downloader/internal/names":     {words + "/internal/flight"},
		"downloader/internal/nettest":   below(), // for tests
		"downloader/internal/proxy":     below("internal/weburl"),
		"downloader/internal/queues":    {},
		"downloader/internal/robots":    {words + "/internal/flight"},
		"downloader/internal/sanitize":  {},
		"downloader/internal/stage":     below("imagefile", "internal/failpoint", "internal/folder", "internal/work"),
		"downloader/internal/weburl":    {"golang.org/x/net/idna"},
		"downloader/internal/work":      below("imagefile", "live"),

		"downloader/internal/queues/queuestest": {}, // for tests

		"testserver":           {"grab/testserver/..."},
		"testserver/authority": {},
		"testserver/fault":     {"grab/testserver/authority", "grab/testserver/h2", "grab/testserver/outlet", "grab/testserver/reply"},
		"testserver/faults":    {"grab/testserver/authority", "grab/testserver/fault", "grab/testserver/h2", "grab/testserver/outlet", "grab/testserver/picture", "grab/testserver/reply"},
		"testserver/h2":        {"grab/testserver/outlet"},
		"testserver/ledger":    {},
		"testserver/listen":    {"grab/testserver/fault"},
		"testserver/outlet":    {"grab/testserver/reply"},
		"testserver/picture":   {},
		"testserver/reply":     {},
		"testserver/route":     {"grab/testserver/fault", "grab/testserver/faults", "grab/testserver/picture", "grab/testserver/reply"},
		"testserver/serving":   {},
		"testserver/wire":      {"grab/testserver/outlet", "grab/testserver/reply"},

		"bench/images":   {"grab/testserver"},
		"bench/finished": below("outdir", "sink"),
		"docs/picture":   {},
	}
}

// source is a Go file of the module, read once.
type source struct {
	path  string // with slashes, relative to the module
	lines int
	file  *ast.File
}

func (s source) folder() string { return path.Dir(s.path) }
func (s source) test() bool     { return strings.HasSuffix(s.path, "_test.go") }

// sources returns every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, data, 0)
		if err != nil {
			return err
		}
		all = append(all, source{filepath.ToSlash(name), bytes.Count(data, []byte("\n")), file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d files found: the test looks at the wrong folder", len(all))
	}
	return all
}

func TestImportArrows(t *testing.T) {
	rules := arrows()
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		allowed, known := rules[s.folder()]
		if !known {
			t.Errorf("%s: no arrows are fixed for its folder", s.path)
			continue
		}
		seen[s.folder()] = true
		for _, spec := range s.file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !permitted(allowed, imported) {
				t.Errorf("%s imports %s", s.path, imported)
			}
		}
	}
	for folder := range rules {
		if !seen[folder] {
			t.Errorf("%s has arrows and no files", folder)
		}
	}
}

// TestNoFileCycles finds files of a package that use each other, directly or by way of
// others. Whoever changes one of them has to know them all.
func TestNoFileCycles(t *testing.T) {
	exports, packages := exportData(t)
	for _, p := range packages {
		files := token.NewFileSet()
		var parsed []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, file)
		}
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
		open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
		pkg, err := (&types.Config{Importer: importer.ForCompiler(files, "gc", open)}).Check(p.ImportPath, files, parsed, info)
		if err != nil {
			t.Fatal(err)
		}
		uses := map[string]map[string]bool{}
		for name, of := range info.Uses {
			from, to := filepath.Base(files.Position(name.Pos()).Filename), filepath.Base(files.Position(of.Pos()).Filename)
			if of.Pkg() == pkg && from != to {
				if uses[from] == nil {
					uses[from] = map[string]bool{}
				}
				uses[from][to] = true
			}
		}
		for file := range uses {
			if reaches(uses, file, file, map[string]bool{}) {
				t.Errorf("%s: %s uses files that use it", p.ImportPath, file)
			}
		}
	}
}

// listed is a package as go list describes it.
type listed struct {
	ImportPath, Export, Dir string
	GoFiles                 []string
	Module                  *struct{ Main bool }
}

// exportData returns where the types of each package are, and the packages of this
// module.
func exportData(t *testing.T) (exports map[string]string, ours []listed) {
	t.Helper()
	list := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles,Module", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports = map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if p.Module != nil && p.Module.Main {
			ours = append(ours, p)
		}
	}
	return exports, ours
}

// reaches reports whether a file uses another, by way of files that were not seen yet.
func reaches(uses map[string]map[string]bool, from, to string, seen map[string]bool) bool {
	for next := range uses[from] {
		if next == to {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if reaches(uses, next, to, seen) {
				return true
			}
		}
	}
	return false
}

// permitted reports whether a package may be imported: one of allowed, below one
// that ends in "/...", or of the standard library, whose paths have no dot in
// their first element and are not ours.
func permitted(allowed []string, imported string) bool {
	for _, one := range allowed {
		parent, below := strings.CutSuffix(one, "...")
		if imported == one || (below && strings.HasPrefix(imported, parent)) {
			return true
		}
	}
	first, _, _ := strings.Cut(imported, "/")
	return first != "grab" && !strings.Contains(first, ".")
}

// State that no caller owns cannot be tested, nor used twice: no init functions,
// and no package variable but the errors that callers compare with, embedded
// files, and tables: unexported arrays that nothing assigns to.
func TestNoHiddenState(t *testing.T) {
	all := sources(t)
	changed := assigned(all)
	for _, s := range all {
		if s.test() {
			continue
		}
		for _, decl := range s.file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil && decl.Name.Name == "init" {
					t.Errorf("%s has an init function", s.path)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if value, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR && !embedded(value) && !sentinels(value) && !table(value, changed) {
						t.Errorf("%s: package variable %s", s.path, value.Names[0])
					}
				}
			}
		}
	}
}

// table reports whether a declaration is an unexported array of values that no
// statement of the module changes.
func table(spec *ast.ValueSpec, changed map[string]bool) bool {
	if len(spec.Names) != 1 || len(spec.Values) != 1 || spec.Names[0].IsExported() || changed[spec.Names[0].Name] {
		return false
	}
	values, ok := spec.Values[0].(*ast.CompositeLit)
	if !ok {
		return false
	}
	array, ok := values.Type.(*ast.ArrayType)
	return ok && array.Len != nil
}

// assigned returns the names that something is assigned to, or whose address is
// taken, whole or in part.
func assigned(all []source) map[string]bool {
	names := map[string]bool{}
	add := func(e ast.Expr) {
		for {
			switch of := e.(type) {
			case *ast.IndexExpr:
				e = of.X
			case *ast.SelectorExpr:
				e = of.X
			case *ast.SliceExpr:
				e = of.X
			case *ast.Ident:
				names[of.Name] = true
				return
			default:
				return
			}
		}
	}
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if n.Tok != token.DEFINE {
						add(left)
					}
				}
			case *ast.IncDecStmt:
				add(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					add(n.X)
				}
			case *ast.SliceExpr:
				add(n)
			}
			return true
		})
	}
	return names
}

// embedded reports whether a declaration is one of embedded files.
func embedded(spec *ast.ValueSpec) bool {
	kind, ok := spec.Type.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := kind.X.(*ast.Ident)
	return ok && from.Name == "embed" && kind.Sel.Name == "FS"
}

// sentinels reports whether a declaration makes nothing but errors of
// errors.New, or names that are blank (a type held to an interface).
func sentinels(spec *ast.ValueSpec) bool {
	for i, name := range spec.Names {
		if name.Name == "_" {
			continue
		}
		if i >= len(spec.Values) {
			return false
		}
		call, ok := spec.Values[i].(*ast.CallExpr)
		if !ok {
			return false
		}
		function, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		of, ok := function.X.(*ast.Ident)
		if !ok || of.Name != "errors" || function.Sel.Name != "New" || !strings.HasPrefix(strings.ToLower(name.Name), "err") {
			return false
		}
	}
	return true
}

func TestFileLengths(t *testing.T) {
	for _, s := range sources(t) {
		limit := maxFileLines
		if s.test() {
			limit = maxTestLines
		}
		if s.lines > limit {
			t.Errorf("%s has %d lines, more than %d", s.path, s.lines, limit)
		}
	}
}

// The rules above refuse what they are there to refuse.
func TestArrowsRefuse(t *testing.T) {
	for imported, want := range map[string]bool{
		"fmt": true, "net/http/httptrace": true, "grab/downloader": true, "grab/downloader/report": true,
		"grab/testserver": false, "grab": false, "grab/downloaderx": false, "golang.org/x/net/http2": false,
	} {
		if got := permitted([]string{"grab/downloader", "grab/downloader/..."}, imported); got != want {
			t.Errorf("permitted(%s) = %v, want %v", imported, got, want)
		}
	}
	for code, want := range map[string]bool{
		`var ErrOne, errTwo = errors.New("1"), errors.New("2")`: true, `var _ error = nil`: true,
		`var cache = map[string]int{}`: false, `var err error`: false, `var errs = fmt.Errorf("x")`: false, `var n = errors.New("x")`: false,
		`var rules = [...]int{1}`: true, `var rules = []int{1}`: false, `var Rules = [...]int{1}`: false, `var changed = [...]int{1}`: false,
		`var files embed.FS`: true, `var files fs.FS`: false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		spec := file.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
		if got := sentinels(spec) || embedded(spec) || table(spec, map[string]bool{"changed": true}); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}
