package faults

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func mustPlan(t testing.TB, text string) Plan {
	t.Helper()
	p, err := ParsePlan(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParsePlan(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		" \n# nothing\n":                 "",
		"a01-short=2%":                   "a01-short=0.02",
		"a91-status?status=502=5%":       "a91-status?status=502=0.05",
		"a31 0.5%, a02=0.25":             "a31=0.005,a02=0.25",
		"a01 1% # cut\n\ta30\t50 %":      "!",
		"a01 1% # cut\n\ta30\t50%\n":     "a01=0.01,a30=0.5",
		"a01=60%,a02=60%":                "!",
		"a01=-1%":                        "!",
		"a01=NaN":                        "!",
		"a01=2":                          "!",
		"a01":                            "!",
		"a99-nothing=1%":                 "!",
		"a52-expired=1%":                 "!",
		"a91?status=x=1%":                "!",
		"a91?color=red=1%":               "!",
		"a32?pause=1&pause=%zz=1%":       "!",
		"a92?retry-after=soon&times=3=0": "a92?retry-after=soon&times=3=0",
	} {
		p, err := ParsePlan(text)
		switch {
		case want == "!":
			if err == nil {
				t.Errorf("ParsePlan(%q) = %v", text, p)
			}
		case err != nil:
			t.Error(err)
		case p.String() != want:
			t.Errorf("ParsePlan(%q) = %q, want %q", text, p, want)
		}
	}
}

func TestPlanShares(t *testing.T) {
	const n = 10_000
	p := mustPlan(t, "a01=2%,a91-status?status=502=5%,a31=0.5%")
	count := map[string]int{}
	differs := false
	for i := range n {
		uri := fmt.Sprintf("/image/%d.jpg", i)
		hit := p.Pick(1, uri)
		if hit != p.Pick(1, uri) {
			t.Fatal("not a function of its arguments")
		}
		differs = differs || !reflect.DeepEqual(hit, p.Pick(2, uri))
		if hit != nil {
			count[hit.Fault.Name]++
		}
	}
	if !differs {
		t.Error("the seed makes no difference")
	}
	for name, share := range map[string]float64{"a01-short": 0.02, "a91-status": 0.05, "a31-stall": 0.005} {
		want := share * n
		if got := float64(count[name]); math.Abs(got-want) > 4*math.Sqrt(want) {
			t.Errorf("%s: %v of %d, want about %v", name, got, n, want)
		}
	}
	if all := mustPlan(t, "a01=1"); all.Pick(1, "/image/1.jpg") == nil {
		t.Error("100% is not all")
	}
}

func FuzzParsePlan(f *testing.F) {
	for _, text := range []string{"a01-short=2%", "a91-status?status=503=5%,a31=0.5%", "a01 1%\n# x\na02 2%", "a92?retry-after=%zz=1", "=", "?=1", "a01=1e-400"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePlan(text)
		if err != nil {
			return
		}
		back, err := ParsePlan(p.String())
		if err != nil || back.String() != p.String() {
			t.Fatalf("%q became %q, and %q: %v", text, p, back, err)
		}
		if p.total() > 1 {
			t.Fatalf("%q is %v of all", text, p.total())
		}
	})
}

// TestPlanErrors has the texts of errors, and shares at their limits.
func TestPlanErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a01": `plan: "a01": no share, as in a01=5%, and no such file`, "a01=x": `plan: "a01=x": share "x" is not a number`, "a01=NaN%": `plan: "a01=NaN%": share "NaN%" is not a number`, "a01=101%": `plan: "a01=101%": share "101%" is not from 0% to 100%`,
		"a01=1.001": `plan: "a01=1.001": share "1.001" is not from 0% to 100%`, "a01=-0.1": `plan: "a01=-0.1": share "-0.1" is not from 0% to 100%`, "a01=51%,a02=50%": `plan: "a02=50%": more than 100% in all`, "=1": `plan: "=1": no such fault; the index page of grab serve lists them`,
		"a52-expired=1": `plan: "a52-expired=1": a52-expired is a fault of connections, which a plan cannot take: ask for a URL of the host a52-expired.fault.test`, "a01?x=1=1": `plan: "a01?x=1=1": unknown parameter "x=1"`, "a01?at=x=1": `plan: "a01?at=x=1": parameter at: "x" is not a number up to 1073741824`,
		"a01=100%": "", "a01=1": "", "a01=0": "", "a01=50%,a02=50%": "", "a01 1% ": "", " a01\t1%#": "",
	} {
		_, err := ParsePlan(text)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	for query, want := range map[string]int{"": 1, "?times=0": 0, "?times=3": 3} {
		if got := mustPlan(t, "a01"+query+"=1").Pick(0, "/x").Limit(); got != want {
			t.Errorf("%q: %d times, want %d", query, got, want)
		}
	}
	if got := mustPlan(t, "a08=1").Pick(0, "/x").Limit(); got != 0 {
		t.Errorf("a fault that does not pass: %d times", got)
	}
	if (Plan{}).Pick(0, "/x") != nil || (Plan{}).String() != "" || mustPlan(t, "a01=0").Pick(0, "/x") != nil {
		t.Error("a plan without faults picks one")
	}
	var p Plan
	if err := p.UnmarshalText([]byte("a01=0.5")); err != nil || p.String() != "a01=0.5" {
		t.Errorf("%v, %v", p, err)
	}
	if text, err := p.MarshalText(); string(text) != "a01=0.5" || err != nil || p.UnmarshalText([]byte("x")) == nil || p.String() != "a01=0.5" {
		t.Errorf("%s, %v, %v", text, err, p)
	}
	name := filepath.Join(t.TempDir(), "plan")
	if err := os.WriteFile(name, []byte("a02 25%\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]string{name: "a02=0.25", "a03=1": "a03=1"} {
		if p, err := LoadPlan(from); err != nil || p.String() != want {
			t.Errorf("%s: %v, %v", from, p, err)
		}
	}
}

// TestHosts finds faults by the names of their hosts.
func TestHosts(t *testing.T) {
	c := NewCatalogue()
	for host, want := range map[string]string{
		"a01-short.fault.test": "a01-short", "A01.FAULT.test.": "a01-short", "x.y.a02.fault.test": "a02-reset", "fault.test": "", "a01.fault.test.x": "", "a01": "", "nothing.fault.test": "", "a01.x.fault.test": "", "a01fault.test": "",
	} {
		got := ""
		if f := c.Host(host); f != nil {
			got = f.Name
		}
		if got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
	if c["a60"].Name != "a60-short" || c["a46"].Name != "a46-vanish" || c["A46"] != nil {
		t.Error("the first fault of a row has its ID")
	}
}
