package list

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"grab/downloader"
	"grab/downloader/list/internal/plain"
)

// eachObject calls p.do with each line of JSON that is not blank.
func eachObject(in *bufio.Reader, p pass) error {
	_, _ = plain.SkipMark(in)
	o := objects{column: p.column}
	p.begin(Form{Format: JSONL, Column: o.column})
	for line := 1; ; line++ {
		text, long, readErr := plain.ReadLine(in, maxRecord)
		if readErr != nil && readErr != io.EOF {
			return readErr
		}
		if text = bytes.TrimSpace(text); len(text) > 0 || long {
			r := row{line: line}
			if long {
				r.bad = fmt.Sprintf("a line of JSON longer than %d bytes", maxRecord)
			} else if !p.counting {
				if err := o.read(&r, text, p); err != nil {
					return err
				}
			}
			if r.bad == "" && p.copying {
				r.own = text
			}
			if !p.do(r) {
				return errStopped
			}
		}
		if readErr == io.EOF {
			return nil
		}
	}
}

// objects are the rows of a JSON Lines list.
type objects struct {
	column      string // of the URLs; empty: not known yet
	url, object []byte // buffers
}

// read takes a line into r. An error says that no line of the list can be read.
func (o *objects) read(r *row, text []byte, p pass) error {
	names, values, ok := members(bytes.ToValidUTF8(text, []byte("\ufffd")))
	if !ok {
		r.bad = "not a JSON object on a line of its own"
		return nil
	}
	if o.column == "" {
		best, err := guess(names)
		if err != nil {
			return err
		}
		o.column = names[best]
		p.chosen(o.column)
		p.begin(Form{Format: JSONL, Column: o.column})
	}
	o.fill(r, names, values)
	return nil
}

// members returns the members of a JSON object in their order, and false if it is none.
func members(text []byte) (names []string, values []json.RawMessage, ok bool) {
	if text[0] != '{' || !json.Valid(text) {
		return nil, nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	_, _ = dec.Token() // the brace
	for dec.More() {
		name, err := dec.Token()
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		text, isText := name.(string)
		if err != nil || !isText {
			return nil, nil, false
		}
		names, values = append(names, text), append(values, value)
	}
	return names, values, true
}

// fill takes the members of an object into r.
func (o *objects) fill(r *row, names []string, values []json.RawMessage) {
	address := ""
	object := o.object[:0]
	for i, name := range names {
		text := string(values[i])
		isText := text[0] == '"' && json.Unmarshal(values[i], &text) == nil
		if text == "null" && !isText {
			text = ""
		}
		switch {
		case name == o.column:
			if address = text; !isText && text != "" {
				r.bad = "the URL in " + shown(name) + " is no string"
			}
			continue
		case isText:
			object = downloader.AppendField(object, name, public(text))
		default:
			b := bytes.NewBuffer(downloader.AppendFieldName(object, name))
			_ = json.Compact(b, values[i]) // it is valid
			object = b.Bytes()
		}
		if as := roleOf(name, o.column); as == mirrorURL && text != "" && !isText {
			var several []string
			if json.Unmarshal(values[i], &several) != nil {
				r.bad = "the URLs in " + shown(name) + " are no strings"
			}
			for _, one := range several {
				r.addMirror(one)
			}
		} else if as != field {
			r.take(as, text)
		}
	}
	o.url = r.setURL(o.url, address, o.column)
	r.setFields(object)
	o.object = object
}
