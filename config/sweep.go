package config

import (
	"fmt"
	"strings"
)

// Sweep is a setting and the values that it shall have, one after another.
type Sweep struct {
	Name   string
	Values []string
}

// String returns the sweep as it is written: latency=0,10ms.
func (s Sweep) String() string {
	if s.Name == "" {
		return ""
	}
	return s.Name + "=" + strings.Join(s.Values, ",")
}

// sweep reads SETTING=VALUE,VALUE.
func sweep(text string) (Sweep, error) {
	name, values, _ := strings.Cut(text, "=")
	if name != "latency" && name != "n" && name != "size" {
		return Sweep{}, fmt.Errorf("%q is not latency=, n= or size= and values with commas between", text)
	}
	s := Sweep{Name: name, Values: strings.Split(values, ",")}
	points := map[string]bool{} // what they come to: 1s is 1000ms
	for _, value := range s.Values {
		var c Config
		if err := setOne(&c, name, value); err != nil {
			return Sweep{}, err
		}
		point := fmt.Sprint(c.Latency, c.N, c.Size)
		if points[point] {
			return Sweep{}, fmt.Errorf("%q names %s twice", text, value)
		}
		points[point] = true
	}
	return s, nil
}

// Points returns the configurations that the sweep goes through: just c, if
// there is no sweep.
func (c *Config) Points() ([]Config, error) {
	if c.Sweep.Name == "" {
		return []Config{*c}, nil
	}
	var points []Config
	for _, value := range c.Sweep.Values {
		point := *c
		point.Sweep.Values = []string{value}
		if err := setOne(&point, c.Sweep.Name, value); err != nil {
			return nil, err
		}
		points = append(points, point)
	}
	return points, nil
}

// setOne sets the field of one setting.
func setOne(c *Config, name, value string) error {
	for _, s := range settings(c) {
		if s.name == name {
			return s.set([]string{value})
		}
	}
	return fmt.Errorf("no setting %q", name)
}
