package credentials

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// Login is a name and a password for one host.
type Login struct {
	Machine  string // in lower case; empty: any other host
	Name     string
	Password string
}

// ParseNetrc parses a .netrc file, as ftp and curl read it. Macros are passed over.
func ParseNetrc(text string) ([]Login, error) {
	var logins []Login
	var last *Login
	tokens := netrcTokens{rest: strings.TrimPrefix(text, "\ufeff")}
	for {
		word, ok := tokens.next()
		if !ok {
			break
		}
		if word == "default" {
			logins = append(logins, Login{})
			last = &logins[len(logins)-1]
			continue
		}
		if word == "macdef" {
			tokens.skipMacro()
			continue
		}
		if word != "machine" && word != "login" && word != "password" && word != "account" {
			return nil, fmt.Errorf("word %d is none of machine, default, login, password, account, macdef", tokens.count)
		}
		value, ok := tokens.next()
		if !ok {
			return nil, fmt.Errorf("ends after %q", word)
		}
		switch {
		case strings.ContainsFunc(value, unicode.IsControl):
			return nil, fmt.Errorf("word %d contains a control character", tokens.count)
		case word == "machine":
			logins = append(logins, Login{Machine: strings.ToLower(value)})
			last = &logins[len(logins)-1]
		case last == nil:
			return nil, errors.New("has a " + word + " before the first machine")
		case word == "login":
			last.Name = value
		case word == "password":
			last.Password = value
		}
	}
	return logins, nil
}

// LoginFor returns the first login for the host of a URL. One that says default is for
// hosts without their own.
func LoginFor(logins []Login, u *url.URL) (Login, bool) {
	host := hostOf(u)
	for _, l := range logins {
		if l.Machine == host || l.Machine == "" {
			return l, true
		}
	}
	return Login{}, false
}

// netrcTokens takes a .netrc file apart into words.
type netrcTokens struct {
	rest  string
	count int // of the words so far
}

// next returns the next word. A word in double quotes may contain spaces, and a backslash
// makes the next character an ordinary one. A # begins a comment between words.
func (t *netrcTokens) next() (string, bool) {
	for {
		t.rest = strings.TrimLeft(t.rest, " \t\r\n")
		if !strings.HasPrefix(t.rest, "#") {
			break
		}
		t.skipLine()
	}
	if t.rest == "" {
		return "", false
	}
	t.count++
	if t.rest[0] != '"' {
		end := strings.IndexAny(t.rest, " \t\r\n")
		if end < 0 {
			end = len(t.rest)
		}
		word := t.rest[:end]
		t.rest = t.rest[end:]
		return word, true
	}
	var word strings.Builder
	for i := 1; i < len(t.rest); i++ {
		switch c := t.rest[i]; {
		case c == '"':
			t.rest = t.rest[i+1:]
			return word.String(), true
		case c == '\\' && i+1 < len(t.rest):
			i++
			word.WriteByte(t.rest[i])
		default:
			word.WriteByte(c)
		}
	}
	t.rest = ""
	return word.String(), true
}

func (t *netrcTokens) skipLine() { _, t.rest, _ = strings.Cut(t.rest, "\n") }

// skipMacro passes over a macro, which ends with an empty line.
func (t *netrcTokens) skipMacro() {
	for t.rest != "" {
		t.skipLine()
		if line, _, _ := strings.Cut(t.rest, "\n"); strings.Trim(line, "\r") == "" {
			return
		}
	}
}
