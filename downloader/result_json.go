package downloader

import (
	"math"
	"strconv"
	"time"
)

// AppendJSON appends the result as one line of JSON, with its newline. kind is the
// value of the "type" field, which is left out if kind is empty. encoding/json
// would make the same line of a Result in five times the time, but for the fields of
// the list: here they come last, since their names may be those of other fields.
func (r *Result) AppendJSON(line []byte, kind string) []byte {
	line = append(line, '{')
	if kind != "" {
		line = append(appendText(line, `"type":`, kind), ',')
	}
	line = appendNumber(line, `"index":`, int64(r.Index))
	line = appendNumber(line, `,"line":`, int64(r.Line))
	line = appendText(line, `,"url":`, r.URL)
	line = appendText(line, `,"final_url":`, r.FinalURL)
	line = appendText(line, `,"status":`, string(r.Status))
	line = appendText(line, `,"class":`, string(r.Class))
	line = appendText(line, `,"error":`, r.Error)
	line = appendText(line, `,"file":`, r.File)
	line = appendNumber(line, `,"bytes":`, r.Bytes)
	line = appendText(line, `,"sha256":`, r.SHA256)
	if r.SameAs != "" {
		line = appendText(line, `,"same_as":`, r.SameAs)
	}
	line = appendText(line, `,"content_type":`, r.ContentType)
	line = appendNumber(line, `,"width":`, int64(r.Width))
	line = appendNumber(line, `,"height":`, int64(r.Height))
	if r.Decoded {
		line = append(line, `,"decoded":true`...)
	}
	line = appendNumber(line, `,"http_status":`, int64(r.HTTPStatus))
	line = appendNumber(line, `,"attempts":`, int64(r.Attempts))
	line = appendText(line, `,"etag":`, r.ETag)
	line = appendText(line, `,"last_modified":`, r.LastModified)
	if !r.Since.IsZero() {
		line = append(line, `,"since":"`...)
		line = append(r.Since.AppendFormat(line, time.RFC3339Nano), '"')
	}
	if r.Changed {
		line = append(line, `,"changed":true`...)
	}
	line = append(line, `,"started":"`...)
	line = r.Started.AppendFormat(line, time.RFC3339Nano)
	line = append(line, `","timing":{`...)
	line = appendSeconds(line, `"queue":`, r.Timing.Queue)
	line = appendSeconds(line, `,"dns":`, r.Timing.DNS)
	line = appendSeconds(line, `,"connect":`, r.Timing.Connect)
	line = appendSeconds(line, `,"tls":`, r.Timing.TLS)
	line = appendSeconds(line, `,"first_byte":`, r.Timing.FirstByte)
	line = appendSeconds(line, `,"body":`, r.Timing.Body)
	line = appendSeconds(line, `,"verify":`, r.Timing.Verify)
	line = appendSeconds(line, `,"commit":`, r.Timing.Commit)
	line = appendSeconds(line, `,"total":`, r.Timing.Total)
	line = append(line, '}')
	if r.Fields != "" {
		line = append(append(line, `,"fields":`...), r.Fields...)
	}
	return append(line, "}\n"...)
}

func appendNumber(line []byte, key string, n int64) []byte {
	return strconv.AppendInt(append(line, key...), n, 10)
}

// appendSeconds appends a time without an exponent. A time below a microsecond is
// written as 0.
func appendSeconds(line []byte, key string, seconds float64) []byte {
	if math.Abs(seconds) < 1e-6 {
		seconds = 0
	}
	return strconv.AppendFloat(append(line, key...), seconds, 'f', -1, 64)
}
