package value

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Bool parses true or false, in the forms of [strconv.ParseBool].
func Bool(text string) (bool, error) {
	value, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%q is not true or false", text)
	}
	return value, nil
}

// Int returns a parser of whole numbers from low to high.
func Int(low, high int) func(string) (int, error) {
	return func(text string) (int, error) {
		value, err := strconv.Atoi(text)
		if err != nil || value < low || value > high {
			return 0, fmt.Errorf("%q is not a whole number from %d to %d", text, low, high)
		}
		return value, nil
	}
}

// Int64 parses a whole number of 64 bits.
func Int64(text string) (int64, error) {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number of 64 bits", text)
	}
	return value, nil
}

// MaxWorkers is the largest number of downloads at a time.
const MaxWorkers = 65535

// Workers parses numbers of workers separated by commas, all of them different.
func Workers(text string) ([]int, error) {
	var values []int
	for word := range strings.SplitSeq(text, ",") {
		value, err := Int(1, MaxWorkers)(strings.TrimSpace(word))
		if err != nil {
			return nil, err
		}
		if slices.Contains(values, value) {
			return nil, fmt.Errorf("%q names %d twice", text, value)
		}
		values = append(values, value)
	}
	return values, nil
}

// Statuses parses HTTP statuses of errors, separated by commas.
func Statuses(text string) ([]int, error) {
	list, err := words(text)
	if err != nil {
		return nil, err
	}
	var codes []int
	for _, word := range list {
		code, err := strconv.Atoi(word)
		if err != nil || code < 400 || code > 999 {
			return nil, fmt.Errorf("%q is not a status of an error, from 400 to 999", word)
		}
		codes = append(codes, code)
	}
	return codes, nil
}

// Percent parses a share of a hundred, such as 20%.
func Percent(text string) (float64, error) {
	number, found := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(number, 64)
	if !found || err != nil || !(value > 0 && value < 100) {
		return 0, fmt.Errorf("%q is not a share above 0 and below 100%%, such as 20%%", text)
	}
	return value, nil
}
