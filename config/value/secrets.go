package value

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"

	"grab/downloader/credentials"
)

// longestSecrets is the largest file of cookies or passwords, in bytes. Children get its
// content in their first frame, so that it is in no command line and no environment.
const longestSecrets = 1 << 20

// secretsFile reads a file of cookies or passwords.
func secretsFile(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, longestSecrets+1))
	switch {
	case err != nil:
		return "", err
	case len(data) > longestSecrets:
		return "", fmt.Errorf("%s is longer than %d bytes", name, longestSecrets)
	case !utf8.Valid(data):
		return "", fmt.Errorf("%s is not UTF-8 text", name)
	}
	return string(data), nil
}

// Cookies reads the cookies of a browser or of curl.
func Cookies(name string) (string, error) {
	text, err := secretsFile(name)
	if err != nil {
		return "", err
	}
	cookies, err := credentials.ParseCookies(text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if len(cookies) == 0 {
		return "", fmt.Errorf("%s has no cookie", name)
	}
	return text, nil
}

// Netrc reads the user's .netrc, or the file that NETRC names, as curl does.
func Netrc() (string, error) {
	name := os.Getenv("NETRC")
	if name == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", errors.New("there is no home directory, and NETRC names no file")
		}
		name = filepath.Join(home, ".netrc")
	}
	content, err := secretsFile(name)
	if err != nil {
		return "", err
	}
	if _, err := credentials.ParseNetrc(content); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return content, nil
}
