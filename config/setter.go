package config

import (
	"net/http"

	"grab/config/value"
)

// to returns a setter that parses one text into field.
func to[T any](field *T, parse func(string) (T, error)) func([]string) error {
	return func(texts []string) error {
		value, err := parse(texts[0])
		if err != nil {
			return err
		}
		*field = value
		return nil
	}
}

// toAll returns a setter that parses all texts of a list into field.
func toAll[T any](field *T, parse func([]string) (T, error)) func([]string) error {
	return func(texts []string) error {
		value, err := parse(texts)
		if err != nil {
			return err
		}
		*field = value
		return nil
	}
}

// toHeader returns a setter that parses request headers. They replace those of field, and
// those of hosts.
func toHeader(field *http.Header, hosts *map[string]http.Header) func([]string) error {
	return func(texts []string) error {
		all, byHost, err := value.Headers(texts)
		if err != nil {
			return err
		}
		*field, *hosts = all, byHost
		return nil
	}
}
