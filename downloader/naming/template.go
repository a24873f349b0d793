// Package naming gives the items of a list names for their files, by a template. A name
// depends on the list alone, so it is the same in every mode and in every run.
package naming

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
	"grab/downloader/sink"
)

// Template is a name with fields in braces.
type Template struct {
	parts []part
}

// part is a text, or fields of which the first that has a value counts.
type part struct {
	text   string
	fields []field
}

// maxTemplate is the longest that a template may be, in bytes.
const maxTemplate = 1000

// presets returns the templates that have names of their own.
func presets() map[string]string {
	return map[string]string{"url": "{host}/{path|index}", "base": "{base|index}"}
}

// Parse reads a template, or the name of a preset: url or base. Twice a brace stands for
// itself.
func Parse(text string) (*Template, error) {
	if preset, ok := presets()[text]; ok {
		text = preset
	}
	switch {
	case text == "" || len(text) > maxTemplate:
		return nil, fmt.Errorf("a name has 1 to %d bytes", maxTemplate)
	case strings.ContainsFunc(text, unicode.IsControl):
		return nil, fmt.Errorf("%q has a control character", text)
	case strings.HasPrefix(text, "/") || strings.Contains(text, `\`):
		return nil, fmt.Errorf("%q: names are relative to the output directory, and / makes folders", text)
	}
	t := &Template{}
	for rest := text; rest != ""; {
		literal, after, err := cutLiteral(rest)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		if literal != "" {
			t.parts = append(t.parts, part{text: literal})
		}
		if rest = after; rest == "" {
			break
		}
		inside, after, closed := strings.Cut(rest[1:], "}")
		if !closed {
			return nil, fmt.Errorf("%q: { without }", text)
		}
		p, err := parsePart(inside)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		t.parts, rest = append(t.parts, p), after
	}
	t.dropLastExt()
	return t, t.check(text)
}

// cutLiteral returns the text before the first field, and the rest from its brace on.
func cutLiteral(text string) (literal, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '{' || c == '}' {
			if i+1 == len(text) || text[i+1] != c {
				if c == '}' {
					return "", "", fmt.Errorf("} without {")
				}
				return b.String(), text[i:], nil
			}
			i++
		}
		b.WriteByte(c)
	}
	return b.String(), "", nil
}

// parsePart reads what is between braces.
func parsePart(inside string) (part, error) {
	alternatives := strings.Split(inside, "|")
	var p part
	for _, one := range alternatives {
		name, format, formatted := strings.Cut(one, ":")
		if name == "" {
			return p, fmt.Errorf("{%s} has no field", inside)
		}
		if mark, late, err := lateMark(name, format); late {
			if err == nil && len(alternatives) > 1 {
				err = fmt.Errorf("{%s}: each image has %s", inside, name)
			}
			return part{text: mark}, err
		}
		f := field{name: name}
		if formatted {
			width, err := strconv.Atoi(format)
			if err != nil || width < 1 || width > 20 || format[0] != '0' || name != "index" && name != "line" {
				return p, fmt.Errorf("{%s}: :%s is for sha256, and :06 for index and line", inside, format)
			}
			f.width = width
		}
		p.fields = append(p.fields, f)
	}
	return p, nil
}

// lateMark returns the mark of a field whose value is known once the image is there.
func lateMark(name, format string) (mark string, late bool, err error) {
	switch {
	case name == "sha256":
		n := 64
		if format != "" {
			n, err = strconv.Atoi(format)
		}
		if err != nil || n < 1 || n > 64 {
			return "", true, fmt.Errorf("{sha256:%s}: 1 to 64 digits", format)
		}
		return sink.MarkSHA256(n), true, nil
	case name == "date" && format == "":
		return sink.MarkDate, true, nil
	case name == "ext" && format == "":
		return sink.MarkExt, true, nil
	}
	return "", false, nil
}

// dropLastExt removes an {ext} at the end, and the dot before it: each name ends so.
func (t *Template) dropLastExt() {
	last := len(t.parts) - 1
	if last < 0 || t.parts[last].text != sink.MarkExt {
		return
	}
	t.parts = t.parts[:last]
	if last > 0 {
		t.parts[last-1].text = strings.TrimSuffix(t.parts[last-1].text, ".")
	}
}

// check returns an error for a template whose names cannot tell entries apart.
func (t *Template) check(text string) error {
	late := false
	for _, p := range t.parts {
		if len(p.fields) > 0 {
			return nil
		}
		late = late || strings.Contains(p.text, "\x00")
	}
	if late || len(t.parts) == 0 {
		return fmt.Errorf("%q has no field of the list, such as {index}: equal images would have one name", text)
	}
	return nil
}

// MissingError is an item that has no value for a field.
type MissingError struct {
	Field   string
	IsEmpty bool // the row has the column
}

// Error names the field, and says what to do.
func (e *MissingError) Error() string {
	what := "no " + e.Field
	switch {
	case e.IsEmpty:
		what = "the column " + e.Field + " is empty"
	case !slices.Contains(builtIn(), e.Field):
		what = "no column " + e.Field
	}
	return fmt.Sprintf("%s: -name {%s|index} would take the place in the list", what, e.Field)
}

// Pattern returns the name of an item, which [sink.Fill] completes.
func (t *Template) Pattern(item downloader.Item) (string, error) {
	values := valuesOf{item: item, row: columns{fields: item.Fields}}
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.text)
		value := ""
		for _, f := range p.fields {
			if value = values.of(f); value != "" {
				break
			}
		}
		if value == "" && len(p.fields) > 0 {
			last := p.fields[len(p.fields)-1].name
			_, there := values.row.of(last)
			return "", &MissingError{Field: sanitize.Text(last, maxTemplate), IsEmpty: there}
		}
		b.WriteString(value)
	}
	return trueStem(b.String()), nil
}

// trueStem makes a name portable, and removes the extension of an image: the true one
// follows.
func trueStem(name string) string {
	pattern := sink.Portable(name)
	if ext := path.Ext(pattern); sink.IsExt(strings.ToLower(ext)) && len(ext) < len(path.Base(pattern)) {
		return sink.Portable(strings.TrimSuffix(pattern, ext))
	}
	return pattern
}
