package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"grab/downloader"
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

func boolean(text string) (bool, error) {
	value, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%q is not true or false", text)
	}
	return value, nil
}

func wholeNumber(low, high int) func(string) (int, error) {
	return func(text string) (int, error) {
		value, err := strconv.Atoi(text)
		if err != nil || value < low || value > high {
			return 0, fmt.Errorf("%q is not a whole number from %d to %d", text, low, high)
		}
		return value, nil
	}
}

// maxWorkers is the largest number of downloads at a time.
const maxWorkers = 65535

// workers parses numbers of workers separated by commas, all of them different.
func workers(text string) ([]int, error) {
	var values []int
	for word := range strings.SplitSeq(text, ",") {
		value, err := wholeNumber(1, maxWorkers)(strings.TrimSpace(word))
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

func integer64(text string) (int64, error) {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number of 64 bits", text)
	}
	return value, nil
}

// duration parses a time with its unit. The only number without a unit is 0, which is
// the same in all units.
func duration(text string) (time.Duration, error) {
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return 0, notTime(text, "of 0 or more, such as 300ms or 1.85s")
	}
	return value, nil
}

// days reads a time that may also be a number of days, such as 30d.
func days(text string) (time.Duration, error) {
	if number, found := strings.CutSuffix(text, "d"); found {
		if n, err := strconv.ParseUint(number, 10, 16); err == nil {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return 0, notTime(text, "of 0 or more, such as 30d or 12h")
	}
	return value, nil
}

// rate parses a number of requests for each second, minute or hour, and returns the time
// from one to the next.
func rate(text string) (time.Duration, error) {
	number, unit, _ := strings.Cut(text, "/")
	count, err := strconv.ParseFloat(number, 64)
	per, known := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	if err != nil || !known || !(count >= 0.001 && count <= 1e6) {
		return 0, fmt.Errorf("%q is not a rate, such as 2/s, 30/m or 500/h", text)
	}
	return time.Duration(float64(per) / count), nil
}

func positiveDuration(text string) (time.Duration, error) {
	value, err := duration(text)
	if err != nil || value == 0 {
		return 0, notTime(text, "above 0, such as 300ms or 1.85s")
	}
	return value, nil
}

// notTime returns the error for a text that is not a time of the wanted kind. Other
// programs take a number for seconds or for milliseconds, so grab does not guess.
func notTime(text, wanted string) error {
	if value, err := strconv.ParseFloat(text, 64); err == nil && value > 0 {
		return fmt.Errorf("%q is not a time without its unit: write %ss for seconds, %sms for milliseconds", text, text, text)
	}
	return fmt.Errorf("%q is not a time %s", text, wanted)
}

// unknownWord is the error of a word that is none of those that a parser knows. Completion
// asks for one, and offers the known words: so they are written in one place.
type unknownWord struct {
	error
	known []string
}

// oneOf returns a parser of one of values.
func oneOf[T ~string](values ...T) func(string) (T, error) {
	return func(text string) (T, error) {
		if !slices.Contains(values, T(text)) {
			known := texts(values)
			return "", unknownWord{fmt.Errorf("%q is not one of %s", text, strings.Join(known, ", ")), known}
		}
		return T(text), nil
	}
}

func texts[T ~string](values []T) []string {
	var names []string
	for _, v := range values {
		names = append(names, string(v))
	}
	return names
}

// someOf returns a parser of some of values, separated by commas, all different.
func someOf[T ~string](values ...T) func(string) ([]T, error) {
	return func(text string) ([]T, error) {
		names, err := words(text)
		if err != nil {
			return nil, err
		}
		var chosen []T
		for _, name := range names {
			value, err := oneOf(values...)(name)
			if err != nil {
				return nil, err
			}
			if slices.Contains(chosen, value) {
				return nil, fmt.Errorf("%q names %s twice", text, name)
			}
			chosen = append(chosen, value)
		}
		return chosen, nil
	}
}

// classes parses classes of failures, separated by commas.
func classes(text string) ([]downloader.Class, error) {
	names, err := words(text)
	if err != nil {
		return nil, err
	}
	chosen, err := downloader.ParseClasses(names)
	if err != nil {
		return nil, unknownWord{err, texts(downloader.Classes())}
	}
	return chosen, nil
}

// toRejects returns a setter that parses which images are not wanted.
func toRejects(field *downloader.Rejects) func([]string) error {
	return func(texts []string) error {
		var r downloader.Rejects
		for _, text := range texts {
			if err := r.ParseReject(text); err != nil {
				return err
			}
		}
		*field = r
		return nil
	}
}

// statuses parses HTTP statuses of errors, separated by commas.
func statuses(text string) ([]int, error) {
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

// words parses words separated by commas.
func words(text string) ([]string, error) {
	var list []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word == "" {
			return nil, fmt.Errorf("%q is not a list of words separated by commas", text)
		}
		list = append(list, word)
	}
	return list, nil
}

func nonEmpty(text string) (string, error) {
	if text == "" {
		return "", errors.New("must not be empty")
	}
	return text, nil
}

// plainText parses text that is safe in a request header.
func plainText(text string) (string, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("must not contain control characters")
	}
	return text, nil
}

func hostPort(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%q is not host:port, such as 127.0.0.1:8080", text)
	}
	return text, nil
}

// pageAddress parses where the live page is served. Without a host it is for this machine alone.
func pageAddress(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%q is not [host]:port, such as :8080 or 0.0.0.0:8080", text)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// nameServers parses the addresses of name servers, separated by commas. The port is 53
// (RFC 1035 section 4.2) unless another is given.
func nameServers(text string) ([]netip.AddrPort, error) {
	list, err := words(text)
	if err != nil {
		return nil, err
	}
	var servers []netip.AddrPort
	for _, word := range list {
		server, err := netip.ParseAddrPort(word)
		if addr, bare := netip.ParseAddr(word); bare == nil {
			server, err = netip.AddrPortFrom(addr, 53), nil
		}
		if err != nil || server.Port() == 0 {
			return nil, fmt.Errorf("%q is not the address of a name server, such as 1.1.1.1 or [2620:fe::fe]:53", word)
		}
		servers = append(servers, server)
	}
	return servers, nil
}

// longestPath is the longest path that Linux accepts, in bytes. Other systems accept
// less.
const longestPath = 4096

// folder parses the path of a directory. It refuses control characters, so that
// messages with the path stay on one line.
func folder(text string) (string, error) {
	switch {
	case text == "":
		return "", errors.New("must not be empty")
	case strings.ContainsFunc(text, unicode.IsControl):
		return "", errors.New("must not contain control characters")
	case len(text) > longestPath:
		return "", fmt.Errorf("is longer than %d bytes", longestPath)
	}
	return text, nil
}
