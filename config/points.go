package config

import "fmt"

// Points returns the configurations that the sweep goes through. Without a sweep that
// is c alone.
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
		if s.Name == name {
			return s.Set([]string{value})
		}
	}
	return fmt.Errorf("no setting %q", name)
}
