package imagefile_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"grab/downloader/imagefile"
)

// FuzzSVG compares the check with encoding/xml. What that reads is whole, except that it
// does not ask for white space between attributes, accepts any bytes in a document type,
// and lets an end tag have the prefix of another.
func FuzzSVG(f *testing.F) {
	for _, s := range samples(f) {
		if s.format == imagefile.SVG {
			f.Add(string(s.data))
		}
	}
	f.Add(`<svg><a b="c"/><!-- --><?d e?><f>&amp;&#x20;</f></svg>`)
	f.Fuzz(func(t *testing.T, text string) {
		data := []byte(text)
		info, err := check(imagefile.SVG, data)
		if info.TrailingBytes < 0 || info.TrailingBytes > int64(len(data)) {
			t.Fatalf("%+v", info)
		}
		plain := strings.NewReplacer("<!--", "", "<![CDATA[", "").Replace(text)
		if strings.Contains(plain, "<!") {
			return // encoding/xml accepts anything else that begins so
		}
		if readsXML(text) && err != nil && !strings.Contains(err.Error(), "no valid tag") {
			t.Errorf("encoding/xml reads it, but: %v", err)
		}
	})
}

// readsXML reports whether encoding/xml reads a document up to the end of its first
// element, which is an svg.
func readsXML(text string) bool {
	d := xml.NewDecoder(strings.NewReader(text))
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 0 && token.Name.Local != "svg" {
				return false
			}
			depth++
		case xml.EndElement:
			if depth--; depth == 0 {
				return true
			}
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(token)) != "" {
				return false
			}
		}
	}
}
