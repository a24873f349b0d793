package downloader

import "time"

// Status is how an item ended.
type Status string

// The statuses.
const (
	StatusOK       Status = "ok"       // its file is in place
	StatusSkipped  Status = "skipped"  // in place from an earlier run
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
	File         string    `json:"file"` // its name in the output directory
	Bytes        int64     `json:"bytes"`
	SHA256       string    `json:"sha256"`
	SameAs       string    `json:"same_as,omitempty"` // the file whose bytes it shares, by the name that it had then
	ContentType  string    `json:"content_type"`      // as the server said
	Width        int       `json:"width"`             // pixels; 0: unknown
	Height       int       `json:"height"`
	Decoded      bool      `json:"decoded,omitempty"` // every pixel was decoded, of the first picture if there are several
	HTTPStatus   int       `json:"http_status"`       // of the last response; 0: there was none
	Attempts     int       `json:"attempts"`
	ETag         string    `json:"etag"`
	LastModified string    `json:"last_modified"`
	Since        time.Time `json:"since,omitzero"`    // the first of equal failures in a row, if there was one before
	Changed      bool      `json:"changed,omitempty"` // the file is not as grab wrote it, and a whole image: its owner changed it
	Started      time.Time `json:"started"`
	Timing       Timing    `json:"timing"`

	Worker          int  `json:"-"` // the worker that had the item last, from 0
	AlreadyRecorded bool `json:"-"` // an earlier run's record still holds; no new one is needed
	Record          int  `json:"-"` // the earlier record that this result supersedes: its ID + 1; 0: none
}

// Timing is how long each phase of an item took, in seconds. A phase is the sum
// over all attempts and redirects. Only Total includes the waits between attempts.
type Timing struct {
	Queue     float64 `json:"queue"`      // from the list to a worker; not part of Total
	DNS       float64 `json:"dns"`        //
	Connect   float64 `json:"connect"`    //
	TLS       float64 `json:"tls"`        //
	FirstByte float64 `json:"first_byte"` // from the connection to the response's first byte
	Body      float64 `json:"body"`       // from the headers to the sealed file, without Verify
	Verify    float64 `json:"verify"`     // check of the whole image
	Commit    float64 `json:"commit"`     // from the sealed file to its place
	Total     float64 `json:"total"`      // from the worker to the file's place
}

// NewResult returns the result of an item that has not ended yet. Its URL is that
// of the item without a name and password.
func NewResult(item Item, started time.Time) Result {
	return Result{Item: item.Public(), Started: started}
}

// Plus returns t with the phases of u added. The other fields are those of t.
func (t Timing) Plus(u Timing) Timing {
	t.DNS += u.DNS
	t.Connect += u.Connect
	t.TLS += u.TLS
	t.FirstByte += u.FirstByte
	t.Body += u.Body
	t.Verify += u.Verify
	return t
}

// Err returns the failure as an [Error], and nil if the item is ok or skipped.
// [errors.Is] finds its class.
func (r *Result) Err() error {
	if r.Class == "" {
		return nil
	}
	return &Error{Class: r.Class, Reason: r.Error}
}

// Fail makes r the result of an item that ended with err. What is known of the image's
// size stays.
func (r *Result) Fail(err *Error) {
	r.Status, r.Class, r.Error = StatusFailed, err.Class, err.Error()
	if err.Class == ClassCanceled {
		r.Status = StatusCanceled
	}
	r.File, r.Bytes, r.SHA256, r.SameAs, r.Decoded = "", 0, "", "", false
}
