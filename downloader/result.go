package downloader

import (
	"time"
)

// Status is how an item ended.
type Status string

// The statuses.
const (
	StatusOK       Status = "ok"       // its file is in place
	StatusSkipped  Status = "skipped"  // complete from an earlier run
	StatusFailed   Status = "failed"   // see the class and the error
	StatusCanceled Status = "canceled" // the run was interrupted first
)

// Result is how one item ended. Each item has exactly one. As JSON it is a line
// of the manifest, and with "type":"result" a line of grab -json.
type Result struct {
	Item
	FinalURL     string    `json:"final_url"` // after redirects
	Status       Status    `json:"status"`
	Class        Class     `json:"class"` // empty when ok
	Error        string    `json:"error"`
	File         string    `json:"file"` // name in the output directory
	Bytes        int64     `json:"bytes"`
	SHA256       string    `json:"sha256"`
	ContentType  string    `json:"content_type"` // as the server said
	Width        int       `json:"width"`        // pixels; 0: not known
	Height       int       `json:"height"`
	HTTPStatus   int       `json:"http_status"` // of the last response; 0: there was none
	Attempts     int       `json:"attempts"`
	ETag         string    `json:"etag"`
	LastModified string    `json:"last_modified"`
	Started      time.Time `json:"started"`
	Timing       Timing    `json:"timing"`

	Worker   int  `json:"-"` // which of the run's workers had it last, from 0
	Standing bool `json:"-"` // an earlier run's record of this index still holds, and needs no new one
}

// Timing is where an item's time went, in seconds. The phases are sums over its
// attempts and redirects; waits between attempts are in Total alone.
type Timing struct {
	Queue     float64 `json:"queue"`      // from read to taken by a worker; not in Total
	DNS       float64 `json:"dns"`        //
	Connect   float64 `json:"connect"`    //
	TLS       float64 `json:"tls"`        //
	FirstByte float64 `json:"first_byte"` // from a connection to the response's first byte
	Body      float64 `json:"body"`       // from the headers to the sealed file, but for the next
	Verify    float64 `json:"verify"`     // the check of the whole image
	Commit    float64 `json:"commit"`     // from sealed to in place
	Total     float64 `json:"total"`      // from taken by a worker to in place
}

// NewResult returns the result of an item, with all but how it ended. It has the
// item's URL without the name and password that may be in it.
func NewResult(item Item, started time.Time) Result {
	return Result{Item: item.Public(), Started: started}
}

// plus adds the phases of two transfers of an item.
func (t Timing) Plus(u Timing) Timing {
	t.DNS += u.DNS
	t.Connect += u.Connect
	t.TLS += u.TLS
	t.FirstByte += u.FirstByte
	t.Body += u.Body
	t.Verify += u.Verify
	return t
}

// Err returns the failure as an error whose class errors.Is finds, and nil when
// the item is ok or skipped.
func (r *Result) Err() error {
	if r.Class == "" {
		return nil
	}
	return &Error{Class: r.Class, Reason: r.Error}
}

// fail makes r the result of an item that ended with err.
func (r *Result) Fail(err *Error) {
	r.Status, r.Class, r.Error = StatusFailed, err.Class, err.Error()
	if err.Class == ClassCanceled {
		r.Status = StatusCanceled
	}
	r.File, r.Bytes, r.SHA256, r.Width, r.Height = "", 0, "", 0, 0
}
