package config

import (
	"slices"
	"strings"
	"testing"

	"grab/config/args"
)

func TestReorder(t *testing.T) {
	for line, want := range map[string]string{
		"":                                    "",
		"urls.txt":                            "urls.txt",
		"urls.txt -n 3":                       "-n 3 urls.txt",
		"urls.txt --n 3":                      "--n 3 urls.txt",
		"urls.txt -n=3 more.txt -v":           "-n=3 -v urls.txt more.txt",
		"-n 3 urls.txt":                       "-n 3 urls.txt",
		"- -n 3":                              "-n 3 -",
		"-out - -":                            "-out - -",
		"urls.txt -seed -1":                   "-seed -1 urls.txt",
		"urls.txt -out --":                    "-out -- urls.txt",
		"urls.txt -H A:b -H C:d":              "-H A:b -H C:d urls.txt",
		"urls.txt -json false":                "-json urls.txt false",
		"urls.txt -bogus 3":                   "-bogus urls.txt 3",
		"urls.txt -- -n 3":                    "-- urls.txt -n 3",
		"-n 3 -- -odd":                        "-n 3 -- -odd",
		"a -v -- b -- -c":                     "-v -- a b -- -c",
		"--":                                  "--",
		"-- compare -n 3":                     "-- compare -n 3",
		"compare urls.txt":                    "compare urls.txt",
		"compare urls.txt -n 3":               "compare -n 3 urls.txt",
		"-n 3 compare urls.txt":               "compare -n 3 urls.txt",
		"-n 3 compare urls.txt -rounds 5":     "compare -n 3 -rounds 5 urls.txt",
		"-rounds 5 compare urls.txt":          "compare -rounds 5 urls.txt",
		"-H A:b compare -H C:d x":             "compare -H A:b -H C:d x",
		"-mode pool compare x":                "-mode pool compare x",
		"compare x -mode pool":                "compare -mode pool x",
		"-mode compare x":                     "-mode compare x",
		"-bogus compare -bogus2 x":            "-bogus compare -bogus2 x",
		"-h compare":                          "-h compare",
		"compare x -h":                        "compare -h x",
		"urls.txt compare":                    "urls.txt compare",
		"./compare -v":                        "-v ./compare",
		"compare compare serve -v":            "compare -v compare serve",
		"compare - -v":                        "compare -v -",
		"compare -n 3 -- -x":                  "compare -n 3 -- -x",
		"serve -addr :1 -v":                   "serve -addr :1 -v",
		"-addr :1 serve":                      "serve -addr :1",
		"-q serve":                            "serve -q",
		"help compare":                        "help compare",
		"x -n --generate-bash-completion":     "x -n --generate-bash-completion",
		"x -n 3 --generate-bash-completion":   "x -n 3 --generate-bash-completion",
		"x --generate-bash-completion -n 3":   "--generate-bash-completion -n 3 x",
		"---n 3 x":                            "---n 3 x",
		"-=3 x -":                             "-=3 x -",
		"a -quiet=false b -timeout 1s c -q d": "-quiet=false -timeout 1s -q a b c d",
	} {
		got, err := args.Reorder(fields("grab "+line), newApp(nil))
		if err != nil || !slices.Equal(got, fields("grab "+want)) {
			t.Errorf("%s:\ngot  %q (%v)\nwant %s", line, got, err, want)
		}
	}
	if got, err := args.Reorder(nil, newApp(nil)); len(got) != 0 || err != nil {
		t.Errorf("no words: %q %v", got, err)
	}
	_, err := args.Reorder(fields("grab compare x --rounds"), newApp(nil))
	wantMistake(t, err, "--rounds: needs a value")
}

// TestEitherSide runs permuted lines to the end: they must mean the same.
func TestEitherSide(t *testing.T) {
	for _, lines := range [][]string{
		{"-n 3 -v a b", "a -n 3 b -v", "a b --n=3 --verbose", "-v -n 3 -- a b"},
		{"compare -n 3 -rounds 2 a", "-n 3 compare a -rounds 2", "-rounds=2 -n=3 compare a", "compare a -rounds 2 -n 3"},
		{"-local -seed -1", "-seed -1 -local", "-seed=-1 --local=true"},
	} {
		first, err := run(t, nil, fields(lines[0])...)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines[1:] {
			got, err := run(t, nil, fields(line)...)
			if err != nil || !slices.Equal(got.N, first.N) || got.Rounds != first.Rounds || got.Seed != first.Seed ||
				got.Verbose != first.Verbose || got.Local != first.Local || !slices.Equal(got.Lists, first.Lists) {
				t.Errorf("%s and %s differ: %+v, %+v (%v)", lines[0], line, first, got, err)
			}
		}
	}
}

func FuzzReorder(f *testing.F) {
	for _, line := range []string{"a\n-n\n3", "-n\n3\ncompare\nx\n-rounds\n5", "a\n--\n-b", "-seed\n-1\n-", "-x\n\n---\n-=", "-out"} {
		f.Add(line)
	}
	app := newApp(nil)
	f.Fuzz(func(t *testing.T, line string) {
		words := append([]string{"grab"}, strings.Split(line, "\n")...)
		before := slices.Clone(words)
		got, err := args.Reorder(words, app)
		if !slices.Equal(words, before) {
			t.Fatalf("ReorderArgs changed its argument to %q", words)
		}
		if err != nil {
			return
		}
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(before))) {
			t.Fatalf("%q became %q", before, got)
		}
		again, err := args.Reorder(got, app)
		if err != nil || !slices.Equal(again, got) {
			t.Fatalf("%q became %q and then %q (%v)", before, got, again, err)
		}
	})
}
