package manifest

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"

	"grab/downloader"
)

// version is that of the lines. A line of another one is not guessed at.
const version = 1

// A line is a result's JSON with more fields at its end: "rec", the number of its
// URL's record, if that is not the index; "v", the version; and "crc", the CRC-32C
// (RFC 3720 appendix B.4) of all bytes before its comma. Of the lines with the same
// URL and number the last one counts.
const (
	numberKey  = `,"rec":`
	versionKey = `,"v":`
	sumKey     = `,"crc":"`
)

// VersionError is a manifest that another version of grab wrote.
type VersionError struct{ Version string }

// Error names both versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("the manifest is of version %s, and this grab knows only %d", e.Version, version)
}

var errDamaged = errors.New("damaged line")

func checksum(line []byte) uint32 { return crc32.Checksum(line, crc32.MakeTable(crc32.Castagnoli)) }

// appendLine appends a result as a line, with its newline. What is in its place
// from an earlier run is ok, although this run has skipped it.
func appendLine(buf []byte, r *downloader.Result, number uint32) []byte {
	start := len(buf)
	if r.Status == downloader.StatusSkipped {
		taken := *r
		taken.Status = downloader.StatusOK
		r = &taken
	}
	buf = bytes.TrimSuffix(r.AppendJSON(buf, ""), []byte("}\n"))
	return appendTrailer(buf, start, number, r.Index)
}

// appendTrailer ends the line that begins at start.
func appendTrailer(buf []byte, start int, number uint32, index int) []byte {
	if number != uint32(index) {
		buf = fmt.Appendf(buf, "%s%d", numberKey, number)
	}
	buf = fmt.Appendf(buf, "%s%d", versionKey, version)
	return fmt.Appendf(buf, "%s%08x\"}\n", sumKey, checksum(buf[start:]))
}

// relocated returns a line that says of the same image that it has another name,
// and another place if number is not negative. Only these fields differ: nobody has
// to know the others.
func relocated(line []byte, index, number int, file string) ([]byte, error) {
	e, err := parseLine(line)
	if err != nil {
		return nil, err
	}
	body := line[:bytes.LastIndex(line, []byte(versionKey))]
	if at := bytes.LastIndex(body, []byte(numberKey)); at >= 0 && body[len(body)-1] != '}' {
		body = body[:at]
	}
	url := bytes.Index(body, []byte(`,"url":`))
	f := fields{rest: body}
	f.find(`,"file":`)
	before := len(body) - len(f.rest)
	f.quoted()
	if f.bad || url < 0 {
		return nil, errDamaged
	}
	name, err := json.Marshal(file)
	if err != nil {
		return nil, err
	}
	moved := append([]byte(nil), body[:url]...)
	if number >= 0 {
		moved = fmt.Appendf(nil, `{"index":%d,"line":%d`, index, number)
	} else {
		index = e.index
	}
	moved = append(append(append(moved, body[url:before]...), name...), f.rest...)
	return appendTrailer(moved, 0, e.number, index), nil
}

// entry is what is kept of a line.
type entry struct {
	index  int
	number uint32
	// These are valid until the next line.
	url, class, file []byte

	status downloader.Status
	bytes  int64
	sum    [32]byte

	httpStatus   int
	since, asked time.Time // of a failure
}

// parseLine reads a line without its newline. It relies on the order in which
// appendLine writes the fields; what does not look so is damaged.
func parseLine(line []byte) (entry, error) {
	var e entry
	signed := bytes.LastIndex(line, []byte(sumKey))
	if signed < 0 || !validSum(line[:signed], line[signed+len(sumKey):]) {
		return e, errDamaged
	}
	body := line[:signed]
	at := bytes.LastIndex(body, []byte(versionKey))
	if at < 0 {
		return e, errDamaged
	}
	if v := string(body[at+len(versionKey):]); v != strconv.Itoa(version) {
		return e, &VersionError{v}
	}
	f := fields{rest: body[:at]}
	e.index = int(f.number(`{"index":`))
	e.number = trailingNumber(body[:at], e.index)
	e.url = f.text(`,"url":`)
	switch status := f.text(`,"status":`); string(status) {
	case string(downloader.StatusOK):
		e.status = downloader.StatusOK
	case string(downloader.StatusFailed):
		e.status = downloader.StatusFailed
	}
	e.class = f.text(`,"class":`)
	e.file = f.text(`,"file":`)
	e.bytes = f.number(`,"bytes":`)
	sum := f.text(`,"sha256":`)
	if f.bad || e.index < 0 || e.index > maxIndex || (len(sum) != 0 && hex.DecodedLen(len(sum)) != len(e.sum)) {
		return e, errDamaged
	}
	if _, err := hex.Decode(e.sum[:], sum); err != nil {
		return e, errDamaged
	}
	if e.status == downloader.StatusFailed {
		e.failure(f)
	}
	return e, nil
}

// maxIndex is the highest index that a record can have.
const maxIndex = 1<<31 - 1

// failure reads what only failed images need. What is not there is zero.
func (e *entry) failure(f fields) {
	f.rest, _, _ = bytes.Cut(f.rest, []byte(`,"timing":`)) // the list's fields may have the same names
	e.httpStatus = int(f.number(`,"http_status":`))
	after := f
	e.since, _ = time.Parse(time.RFC3339Nano, string(f.text(`,"since":`)))
	e.asked, _ = time.Parse(time.RFC3339Nano, string(after.text(`,"started":`)))
	if e.since.IsZero() {
		e.since = e.asked
	}
}

// trailingNumber returns the number of a numberKey at the end of body, or index.
func trailingNumber(body []byte, index int) uint32 {
	at := bytes.LastIndexByte(body, ',')
	if at < 0 {
		return uint32(index)
	}
	digits, found := bytes.CutPrefix(body[at:], []byte(numberKey))
	number, err := strconv.ParseUint(string(digits), 10, 32)
	if !found || err != nil {
		return uint32(index)
	}
	return uint32(number)
}

func validSum(body, tail []byte) bool {
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], checksum(body))
	var want [8]byte
	hex.Encode(want[:], sum[:])
	got, ok := bytes.CutSuffix(tail, []byte(`"}`))
	return ok && bytes.Equal(got, want[:])
}

// fields takes fields from a line in their order. A key with its quotes and comma
// cannot occur inside a string, where quotes are escaped.
type fields struct {
	rest []byte
	bad  bool
}

func (f *fields) find(key string) {
	i := bytes.Index(f.rest, []byte(key))
	if i < 0 {
		f.bad, f.rest = true, nil
		return
	}
	f.rest = f.rest[i+len(key):]
}

func (f *fields) number(key string) int64 {
	f.find(key)
	i := 0
	for i < len(f.rest) && (f.rest[i] == '-' || (f.rest[i] >= '0' && f.rest[i] <= '9')) {
		i++
	}
	n, err := strconv.ParseInt(string(f.rest[:i]), 10, 64)
	if err != nil {
		f.bad = true
	}
	f.rest = f.rest[i:]
	return n
}

func (f *fields) text(key string) []byte {
	f.find(key)
	return f.quoted()
}

// quoted takes the JSON string that comes next.
func (f *fields) quoted() []byte {
	if len(f.rest) == 0 || f.rest[0] != '"' {
		f.bad = true
		return nil
	}
	rest := f.rest[1:]
	end := bytes.IndexByte(rest, '"')
	if end >= 0 && bytes.IndexByte(rest[:end], '\\') < 0 {
		f.rest = rest[end+1:]
		return rest[:end]
	}
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			var s string
			f.bad = f.bad || json.Unmarshal(f.rest[:i+2], &s) != nil
			f.rest = rest[i+1:]
			return []byte(s)
		}
	}
	f.bad = true
	return nil
}
