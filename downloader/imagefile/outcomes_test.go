package imagefile_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"grab/downloader/imagefile"
)

var update = flag.Bool("update", false, "write what the checks said into testdata/outcomes.txt")

const outcomesFile = "testdata/outcomes.txt"

// TestOutcomes changes each byte of small files of every format, cuts them after each byte,
// and has readers that fail there. It compares what the checks say with
// testdata/outcomes.txt, so a difference is a change of behaviour. If it is meant, run the
// test with -update, and read the diff.
func TestOutcomes(t *testing.T) {
	var got strings.Builder
	for _, s := range shapes() {
		writeOutcomes(&got, s)
	}
	if *update {
		if err := os.WriteFile(outcomesFile, []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(outcomesFile)
	if err != nil {
		t.Fatal(err)
	}
	file, wrong := "", 0
	g, w := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if strings.HasPrefix(g[i], "# ") {
			file = g[i]
		}
		if g[i] != w[i] && wrong < 5 {
			wrong++
			t.Errorf("line %d, %s:\n got %s\nwant %s", i+1, file, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Errorf("%d lines, want %d", len(g), len(w))
	}
}

// change is a change of one byte.
type change struct {
	name string
	do   func(byte) byte
}

func to(b byte) change {
	return change{fmt.Sprintf("=%02x", b), func(byte) byte { return b }}
}

// changes returns those of a binary format, or of a text.
func changes(f imagefile.Format) []change {
	switch f {
	case imagefile.SVG:
		return []change{to('<'), to('>'), to('&'), to('"'), to(' '), to('/'), to('-'), to('\v'), to('~')}
	case imagefile.PNM:
		return []change{to(' '), to('#'), to('\n'), to('0'), to('9'), to('7'), to('\v'), to('x')}
	}
	return []change{
		{"+1", func(b byte) byte { return b + 1 }}, {"-1", func(b byte) byte { return b - 1 }}, to(0), to(0xff),
	}
}

// writeOutcomes writes the outcome for a file, and then those for its changes that differ
// from it. A line is for all bytes whose change has the same outcome, or for all values of
// one byte, with a byte more at the end. In it, @ is the place of
// the changed byte, and $ is its value.
func writeOutcomes(to *strings.Builder, s shape) {
	whole := outcome(s.format, s.data, -1)
	fmt.Fprintf(to, "# %v, %s, %d bytes: %s\n", s.format, s.name, len(s.data), whole)
	add := func(name string, n int, of func(i int) string) {
		places := map[string][]int{}
		var order []string
		for i := range n {
			text := of(i)
			if places[text] == nil {
				order = append(order, text)
			}
			places[text] = append(places[text], i)
		}
		for _, text := range order {
			if text != whole {
				fmt.Fprintf(to, "%s %s: %s\n", name, ranges(places[text]), text)
			}
		}
	}
	changed := func(at int, b byte) string {
		data := slices.Clone(s.data)
		data[at] = b
		if s.format == imagefile.PNG {
			sumPNG(data)
		}
		return outcome(s.format, data, at)
	}
	add("cut", len(s.data), func(at int) string { return outcome(s.format, s.data[:at], at) })
	add("lost", len(s.data), func(at int) string {
		info, err := s.format.Check(losing{bytes.NewReader(s.data), int64(at)}, int64(len(s.data)))
		return found(s.format, info, err, s.data, at)
	})
	for _, c := range changes(s.format) {
		add(c.name, len(s.data), func(at int) string { return changed(at, c.do(s.data[at])) })
	}
	s.data = append(s.data, 'x') // which is trailing data, or the check has not come to the end
	whole = ""
	for _, at := range s.every {
		add(fmt.Sprintf("byte %d", at), 256, func(b int) string { return changed(at, byte(b)) })
	}
}

// losing is a reader that fails from some byte on.
type losing struct {
	*bytes.Reader
	from int64
}

func (l losing) ReadAt(b []byte, offset int64) (int, error) {
	if offset >= l.from {
		return 0, iotest.ErrTimeout
	}
	n, err := l.Reader.ReadAt(b[:min(int64(len(b)), l.from-offset)], offset)
	if n < len(b) && err == nil {
		err = io.EOF
	}
	return n, err
}

// general returns a reason with marks for the place and the value of a changed byte.
func general(reason string, data []byte, changed int) string {
	words := strings.Split(reason, " ")
	for i, word := range words {
		switch bare := strings.TrimSuffix(word, ","); {
		case bare == strconv.Itoa(changed) && i > 0 && words[i-1] == "byte":
			words[i] = "@" + word[len(bare):]
		case changed >= 0 && changed < len(data) && bare == fmt.Sprintf("%#x", data[changed]),
			changed >= 0 && changed < len(data) && bare == strconv.Itoa(int(data[changed])) && words[max(i-1, 0)] != "byte":
			words[i] = "$" + word[len(bare):]
		}
	}
	return strings.Join(words, " ")
}

// ranges writes sorted numbers: "1 4-9".
func ranges(numbers []int) string {
	var text []string
	for i, last := 0, 0; i < len(numbers); i = last + 1 {
		for last = i; last+1 < len(numbers) && numbers[last+1] == numbers[last]+1; last++ {
		}
		if last == i {
			text = append(text, strconv.Itoa(numbers[i]))
		} else {
			text = append(text, fmt.Sprintf("%d-%d", numbers[i], numbers[last]))
		}
	}
	return strings.Join(text, " ")
}

// outcome says what a file is taken for, if it is not taken for one of format f, and what
// a check of that format finds.
func outcome(f imagefile.Format, data []byte, changed int) string {
	text := ""
	if is, _ := imagefile.Identify(data); is != f {
		text = fmt.Sprintf("%v? ", is)
	}
	info, err := f.Check(bytes.NewReader(data), int64(len(data)))
	text += found(f, info, err, data, changed)
	if width, height := f.Size(data); width != info.Width || height != info.Height {
		text += fmt.Sprintf(" (head: %dx%d)", width, height)
	}
	return text
}

// found says what a check has found.
func found(f imagefile.Format, info imagefile.Info, err error, data []byte, changed int) string {
	text := fmt.Sprintf("%dx%d", info.Width, info.Height)
	if info.TrailingBytes != 0 {
		text += fmt.Sprintf("+%d", info.TrailingBytes)
	}
	switch e, ok := err.(*imagefile.Error); {
	case err == nil:
		return text
	case !ok:
		return text + " " + err.Error()
	case e.Reason == fmt.Sprintf("%v: the file ends at byte %d, before the image does", f, len(data)):
		return text + " cut"
	default:
		reason := strings.TrimPrefix(e.Reason, f.String()+": ")
		return text + " " + strings.TrimSuffix(string(e.Kind), " image") + ": " + general(reason, data, changed)
	}
}
