package faults

import (
	"fmt"
	"math"
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
