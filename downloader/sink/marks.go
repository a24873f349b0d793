package sink

import (
	"fmt"
	"strconv"
)

// A pattern is the name of an item's file, without its extension, as far as it is known
// before the image is there. Marks stand for the rest: a byte that no name has, and two
// digits, which join with nothing that follows.
const (
	mark     = '\x00'
	markSize = 3
	MarkDate = "\x0070" // the day when the image was fetched
	MarkExt  = "\x0071" // the extension without its dot
)

// MarkSHA256 returns the mark of the first n digits of the image's SHA-256.
func MarkSHA256(n int) string { return fmt.Sprintf("%c%02d", mark, n) }

// isMark reports whether text begins with a mark.
func isMark(text string) bool {
	if len(text) < markSize || text[0] != mark {
		return false
	}
	_, err := strconv.ParseUint(text[1:markSize], 10, 8)
	return err == nil
}
