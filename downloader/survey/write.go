package survey

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
)

// shownHosts is how many of the worst hosts people see.
const shownHosts = 10

// Write writes the survey for people.
func (s *Survey) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d ok (%s), %d failed\n", s.OK, downloader.FormatBytes(s.Bytes), s.Failed)
	for _, line := range []struct {
		n    int
		text string
	}{
		{s.Parts, "parts, each in a directory of its own"},
		{s.Earlier, "in the folder earlier, from other lists"},
		{s.Changed, "changed since grab wrote them"},
		{s.Missing, "missing: the next run downloads them"},
		{s.Gone, "most likely gone for good"},
		{s.Damaged, "damaged lines in the manifest"},
	} {
		if line.n > 0 {
			fmt.Fprintf(&b, "  %d %s\n", line.n, line.text)
		}
	}
	for _, class := range slices.SortedFunc(maps.Keys(s.Classes), func(a, b downloader.Class) int {
		return cmp.Or(s.Classes[b]-s.Classes[a], cmp.Compare(a, b))
	}) {
		fmt.Fprintf(&b, "%d failed with %s\n", s.Classes[class], class)
	}
	for i, host := range s.Hosts {
		if i == shownHosts {
			fmt.Fprintf(&b, "and %d more hosts\n", len(s.Hosts)-shownHosts)
			break
		}
		fmt.Fprintf(&b, "host: %s, %d failed, %d ok\n", host.Name, host.Failed, host.OK)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes the survey as one line of JSON.
func (s *Survey) WriteJSON(w io.Writer) error {
	hosts := s.Hosts
	if hosts == nil {
		hosts = []Host{}
	}
	return json.NewEncoder(w).Encode(struct {
		Type    string                   `json:"type"`
		Parts   int                      `json:"parts,omitempty"`
		Images  int                      `json:"images"`
		OK      int                      `json:"ok"`
		Failed  int                      `json:"failed"`
		Earlier int                      `json:"earlier"`
		Gone    int                      `json:"gone"`
		Changed int                      `json:"changed"`
		Missing int                      `json:"missing"`
		Damaged int                      `json:"damaged"`
		Bytes   int64                    `json:"bytes"`
		Classes map[downloader.Class]int `json:"classes"`
		Hosts   []Host                   `json:"hosts"`
	}{"status", s.Parts, s.Images, s.OK, s.Failed, s.Earlier, s.Gone, s.Changed, s.Missing, s.Damaged, s.Bytes, s.Classes, hosts})
}

// CSV writes records as CSV (RFC 4180), with a header.
type CSV struct{ out *csv.Writer }

// NewCSV returns a CSV that writes to w.
func NewCSV(w io.Writer) *CSV {
	c := &CSV{csv.NewWriter(w)}
	_ = c.out.Write([]string{"index", "line", "url", "status", "class", "http_status", "error", "file", "state", "bytes", "sha256", "width", "height", "since", "started", "fields"})
	return c
}

// Write writes one record.
func (c *CSV) Write(image Image) error {
	since := ""
	if !image.Since.IsZero() {
		since = image.Since.Format(time.RFC3339)
	}
	return c.out.Write([]string{
		strconv.Itoa(image.Index), strconv.Itoa(image.Line), sanitize.Cell(image.URL), string(image.Status), sanitize.Cell(string(image.Class)),
		strconv.Itoa(image.HTTPStatus), sanitize.Cell(image.Error), sanitize.Cell(image.File), string(image.State), strconv.FormatInt(image.Bytes, 10),
		sanitize.Cell(image.SHA256), strconv.Itoa(image.Width), strconv.Itoa(image.Height), since, image.Started.Format(time.RFC3339), sanitize.Cell(string(image.Fields)),
	})
}

// Flush writes what is left. It returns the first error.
func (c *CSV) Flush() error {
	c.out.Flush()
	return c.out.Error()
}
