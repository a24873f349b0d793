package value

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// WebLists checks the URLs of lists.
func WebLists(texts []string) ([]string, error) {
	for _, text := range texts {
		if err := webList(text); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

func webList(text string) error {
	u, err := url.Parse(text)
	switch {
	case !strings.Contains(text, "://"):
		return fmt.Errorf("%q is not a URL; the name of a list file is an argument, without a flag", text)
	case err != nil || u.Host == "" || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https"):
		return errors.New("is not an http or https URL, such as https://example.com/images.csv")
	}
	return nil
}
