package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"

	"github.com/BurntSushi/toml"

	"grab/config/args"
	"grab/config/setting"
	"grab/downloader"
)

// readFile returns what the TOML file at path says. If it cannot be read, the error
// names namedBy, the flag or variable that named the file. It is empty for the user's own.
func readFile(path, namedBy string, table []setting.Setting) (Choices, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		if cause, ok := errors.AsType[*fs.PathError](err); ok {
			err = cause.Err
		}
		if namedBy == "" {
			return nil, downloader.UsageErrorf(path, "%w; -no-config runs without it", err)
		}
		return nil, downloader.UsageErrorf(namedBy, "%s: %w", path, err)
	}
	var values map[string]any
	meta, err := toml.NewDecoder(bytes.NewReader(data)).Decode(&values)
	if err != nil {
		return nil, syntaxError(path, err)
	}

	file := Choices{}
	for _, key := range meta.Keys() { // in the order of the file, to report its first mistake
		name := path + ": " + key[0]
		i := slices.IndexFunc(table, func(s setting.Setting) bool { return s.Name == key[0] && !s.FlagOnly })
		if i < 0 {
			return nil, unknownKey(name, key[0], table)
		}
		switch key[0] {
		case "config":
			return nil, downloader.UsageErrorf(name, "a file cannot name another")
		case "no-config":
			return nil, downloader.UsageErrorf(name, "has no meaning in a file")
		}
		texts, err := asTexts(values[key[0]], table[i].Kind)
		if err != nil {
			return nil, &downloader.UsageError{Source: name, Err: err}
		}
		file[table[i].Name] = Choice{Origin: name, Texts: texts}
	}
	return file, nil
}

// asTexts returns a TOML value as a user would write it on the command line.
func asTexts(value any, k setting.Kind) ([]string, error) {
	items, isArray := value.([]any)
	table, isTable := value.(map[string]any)
	switch {
	case isTable && k == setting.List:
		return flattened(table)
	case !isArray:
		items = []any{value}
	case k != setting.List:
		return nil, errors.New("takes one value, not an array")
	}
	texts := make([]string, 0, len(items))
	for _, item := range items {
		text, err := asText(item)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// flattened returns a table as a list of headers: Name: value, or host: Name: value for a
// table inside it.
func flattened(table map[string]any) ([]string, error) {
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(table)) {
		values, err := asTexts(table[key], setting.List)
		if err != nil {
			return nil, err
		}
		for _, value := range values {
			texts = append(texts, key+": "+value)
		}
	}
	return texts, nil
}

func asText(value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case bool:
		return strconv.FormatBool(value), nil
	case int64:
		return strconv.FormatInt(value, 10), nil
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64), nil
	case map[string]any, []map[string]any:
		return "", errors.New("is a table; the file takes plain keys only")
	default:
		return "", errors.New("takes text, a number, true or false")
	}
}

func syntaxError(path string, err error) error {
	if parse, ok := errors.AsType[toml.ParseError](err); ok {
		return downloader.UsageErrorf(fmt.Sprintf("%s:%d", path, parse.Position.Line), "%s", parse.Message)
	}
	return &downloader.UsageError{Source: path, Err: err}
}

func unknownKey(name, key string, table []setting.Setting) error {
	var keys []string
	for _, s := range table {
		keys = append(keys, s.Name)
	}
	return downloader.UsageErrorf(name, "no such setting%s", args.DidYouMean("", args.Suggest(key, keys)))
}
