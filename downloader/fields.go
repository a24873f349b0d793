package downloader

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Fields are the columns of a list's row, without the URL: a JSON object, in the order of
// the list. It is text so that items stay comparable, and cost nothing without fields.
type Fields string

// MaxFields is the longest that Fields may be, in bytes.
const MaxFields = 64 << 10

// MarshalJSON returns the object.
func (f Fields) MarshalJSON() ([]byte, error) {
	if f == "" {
		return []byte("{}"), nil
	}
	return []byte(f), nil
}

// UnmarshalJSON keeps the object.
func (f *Fields) UnmarshalJSON(object []byte) error {
	if len(object) == 0 || object[0] != '{' {
		return errors.New("fields: not a JSON object")
	}
	var b bytes.Buffer
	if err := json.Compact(&b, object); err != nil {
		return err
	}
	*f = Fields(b.String())
	return nil
}

// AppendField adds a column to an object that is under construction. The caller begins the
// object with nothing, and ends it with a brace.
func AppendField(object []byte, name, value string) []byte {
	object = AppendFieldName(object, name)
	return appendText(object, "", value)
}

// AppendFieldName adds the name of a column, whose value the caller appends as JSON.
func AppendFieldName(object []byte, name string) []byte {
	separator := ","
	if len(object) == 0 {
		separator = "{"
	}
	return append(appendText(object, separator, name), ':')
}
