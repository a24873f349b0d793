// Package coding removes content codings from the bodies of responses.
//
// grab requests images without a content coding. Some servers code them all the same, or
// the user asks for it by a header (RFC 9110 section 8.4). The codings are decoded, so
// that the image itself is limited, hashed and saved. Other servers name a coding that
// they have not applied, or something that is no coding, such as "UTF-8" or "none". So a
// coding is only removed from bytes that have it.
package coding

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"grab/downloader"
)

// maxCodings is how many codings of one body are decoded. More than one is rare; many are
// an attack (CVE-2022-32206).
const maxCodings = 5

// Of returns the content codings of a response that grab can decode, in the
// order in which they were applied, and the first that it does not know.
func Of(resp *http.Response) (known []string, unknown string) {
	for _, value := range resp.Header["Content-Encoding"] {
		for coding := range strings.SplitSeq(strings.ToLower(value), ",") {
			switch coding = strings.TrimSpace(coding); coding {
			case "", "identity", "none":
			case "x-gzip": // RFC 9110 section 8.4.1.3
				known = append(known, "gzip")
			case "gzip", "deflate", "br", "zstd":
				known = append(known, coding)
			default:
				if unknown == "" {
					unknown = coding
				}
			}
		}
	}
	return known, unknown
}

// Has reports whether a response has a content coding that grab decodes. Parts of
// coded images are not put together: their lengths are not those of the files.
func Has(resp *http.Response) bool {
	known, _ := Of(resp)
	return len(known) > 0
}

// Decode returns a response's body without its content codings. The caller closes it
// as well as the response's body.
func Decode(resp *http.Response, maxSize int64) (io.ReadCloser, error) {
	known, _ := Of(resp)
	if len(known) > maxCodings {
		return nil, &downloader.Error{Class: downloader.ClassEncoding, Retry: downloader.RetryNever,
			Reason: fmt.Sprintf("%d content codings, one in the other; at most %d are decoded", len(known), maxCodings)}
	}
	body := io.ReadCloser(resp.Body)
	for _, coding := range slices.Backward(known) { // the last to be applied is the outermost
		body = newDecoder(coding, body, maxSize)
	}
	return body, nil
}
