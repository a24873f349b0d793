package help

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"grab/config/setting"
)

// pages has the parts of the manual page that do not come from the table.
//
//go:embed manual
var pages embed.FS

// Manual writes the manual page grab(1) in the language mdoc, for `grab man`.
func Manual(w io.Writer, date time.Time, table []setting.Setting) error {
	var parts [2]string // before and after what the table says
	for i, name := range []string{"manual/begin.mdoc", "manual/end.mdoc"} {
		data, err := pages.ReadFile(name)
		if err != nil {
			return err
		}
		parts[i] = string(data)
	}
	m := &manual{}
	m.line(".Dd %s", date.Format("January 2, 2006"))
	m.WriteString(parts[0])
	m.commands()
	m.flags(table)
	m.WriteString(parts[1])
	_, err := io.WriteString(w, m.String())
	return err
}

// manual is a manual page that is being written.
type manual struct{ strings.Builder }

func (m *manual) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *manual) commands() {
	m.line(".Sh COMMANDS")
	m.line(".Bl -tag -width Ds")
	for _, d := range setting.Subcommands() {
		flags := ""
		if d.Command != 0 {
			flags = " Oo Ar flags Oc"
		}
		m.line(".It Nm Cm %s%s%s", d.Name, flags, synopsisOf(d.Arguments))
		m.sentence(d.Usage)
	}
	m.line(".El")
}

// synopsisOf returns the arguments of a command as macros.
func synopsisOf(arguments string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(arguments) {
		if inner, optional := strings.CutPrefix(word, "["); optional {
			b.WriteString(" Oo Ar " + strings.TrimSuffix(inner, "]") + " Oc")
		} else {
			b.WriteString(" Ar " + word)
		}
	}
	return b.String()
}

func (m *manual) flags(table []setting.Setting) {
	m.line(".Sh FLAGS")
	m.line("Flags take one dash or two, before or after the arguments.")
	category := ""
	for _, s := range table {
		if s.Category != category {
			if category != "" {
				m.line(".El")
			}
			category = s.Category
			m.line(".Ss %s", category)
			m.line(".Bl -tag -width Ds")
		}
		item := ".It Fl " + s.Name
		if s.Alias != "" {
			item += " , " + s.Alias
		}
		if word := s.Placeholder(); word != "" {
			item += " Ar " + word
		}
		m.line("%s", item)
		m.sentence(strings.ReplaceAll(s.UsageFor(setting.Download), "`", ""))
		if standard := s.Standard(); standard != "" {
			m.sentence("default: " + standard)
		}
	}
	m.line(".It Fl help , h")
	m.sentence("show help")
	m.line(".It Fl version , V")
	m.sentence("print the version")
	m.line(".El")
}

// sentence writes a help text as a sentence.
func (m *manual) sentence(text string) {
	if !regexp.MustCompile(`^[a-z]+(, [a-z]+)*: `).MatchString(text) || strings.HasPrefix(text, "default: ") {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	m.paragraph(text + ".")
}

// paragraph writes a text in lines of less than 80 columns, each sentence on a line of its
// own.
func (m *manual) paragraph(text string) {
	text = strings.ReplaceAll(text, `\`, `\e`)
	text = regexp.MustCompile(`(^|[ (])-`).ReplaceAllString(text, `$1\-`) // a minus sign, which can be copied
	width := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case width == 0:
		case width+1+len(word) >= 78:
			m.WriteString("\n")
			width = 0
		default:
			m.WriteString(" ")
			width++
		}
		if width == 0 && strings.ContainsAny(word[:1], ".'") {
			word = `\&` + word
		}
		m.WriteString(word)
		width += len(word)
		if strings.HasSuffix(word, ".") {
			m.WriteString("\n")
			width = 0
		}
	}
	if width > 0 {
		m.WriteString("\n")
	}
}
