package value

import (
	"fmt"
	"strings"
)

// Sweep is a setting and the values that it has in turn.
type Sweep struct {
	Name   string // empty: there is no sweep
	Values []string
}

// String returns the sweep as the user writes it: latency=0,10ms.
func (s Sweep) String() string {
	if s.Name == "" {
		return ""
	}
	return s.Name + "=" + strings.Join(s.Values, ",")
}

// ParseSweep parses SETTING=VALUE,VALUE.
func ParseSweep(text string) (Sweep, error) {
	name, values, _ := strings.Cut(text, "=")
	if name != "latency" && name != "n" && name != "size" {
		return Sweep{}, fmt.Errorf("%q is not latency=, n= or size= and values separated by commas", text)
	}
	s := Sweep{Name: name, Values: strings.Split(values, ",")}
	seen := map[string]bool{}
	for _, value := range s.Values {
		same, err := canonical(name, value)
		if err != nil {
			return Sweep{}, err
		}
		if seen[same] {
			return Sweep{}, fmt.Errorf("%q names %s twice", text, value)
		}
		seen[same] = true
	}
	return s, nil
}

// canonical returns the same text for values that mean the same, as 1s and 1000ms do.
func canonical(name, value string) (string, error) {
	switch name {
	case "latency":
		latency, err := Duration(value)
		return latency.String(), err
	case "n":
		n, err := Workers(value)
		return fmt.Sprint(n), err
	default:
		return Dimensions(value)
	}
}
