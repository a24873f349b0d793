package batch

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"grab/downloader"
)

// Log appends what goes wrong in a run to a file: images that failed, retries, and hosts that
// are left alone or given up. It is a [downloader.HostObserver]. A record reaches the file at
// once, so that those of several programs do not mix and a crash costs none.
type Log struct {
	file *os.File
	log  *slog.Logger
	err  error // of the first record that could not be written
}

// OpenLog opens the file, or makes it. Its records are JSON if its name ends in .json, .jsonl
// or .ndjson, and text if not.
func OpenLog(name string) (*Log, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	return &Log{file: file, log: slog.New(handler(file, name))}, nil
}

func handler(w io.Writer, name string) slog.Handler {
	opts := &slog.HandlerOptions{Level: slog.LevelDebug}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".json", ".jsonl", ".ndjson":
		return slog.NewJSONHandler(w, opts)
	}
	return slog.NewTextHandler(w, opts)
}

// write writes a record. [slog.Logger] drops the error, which the user should know.
func (l *Log) write(level slog.Level, message string, attrs ...slog.Attr) {
	record := slog.NewRecord(time.Now(), level, message, 0)
	record.AddAttrs(attrs...)
	if err := l.log.Handler().Handle(context.Background(), record); l.err == nil {
		l.err = err
	}
}

// Begin notes the beginning of a run.
func (l *Log) Begin(o *downloader.Options, lists []string) {
	l.write(slog.LevelInfo, "begin", slog.String("out", o.Dir), slog.Any("lists", public(lists)), slog.String("mode", string(o.Mode)), slog.Int("pid", os.Getpid()))
}

// public returns the arguments of a command without passwords in their URLs.
func public(args []string) []string {
	var shown []string
	for _, arg := range args {
		shown = append(shown, downloader.Item{URL: arg}.Public().URL)
	}
	return shown
}

// Observe notes an image that failed.
func (l *Log) Observe(r downloader.Result) {
	if r.Status != downloader.StatusFailed {
		return
	}
	attrs := []slog.Attr{
		slog.Int("index", r.Index), slog.Int("line", r.Line), slog.String("url", r.URL), slog.String("class", string(r.Class)),
		slog.String("error", r.Error), slog.Int("http_status", r.HTTPStatus), slog.Int("attempts", r.Attempts),
	}
	if !r.Since.IsZero() {
		attrs = append(attrs, slog.Time("since", r.Since))
	}
	l.write(slog.LevelError, "failed", attrs...)
}

// ObserveHost notes what has become of a host.
func (l *Log) ObserveHost(e downloader.HostEvent) {
	level := slog.LevelInfo
	if e.Change == downloader.HostHeld || e.Change == downloader.HostGivenUp {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{slog.String("host", e.Host)}
	if e.URL != "" {
		attrs = append(attrs, slog.String("url", e.URL), slog.Int("attempts", e.Tried))
	}
	if e.Reason != "" {
		attrs = append(attrs, slog.String("class", string(e.Class)), slog.String("error", e.Reason))
	}
	attrs = append(attrs, slog.Float64("wait_seconds", e.Wait.Seconds()), slog.Int("limit", e.Limit), slog.Int("waiting", e.Images))
	l.write(level, string(e.Change), attrs...)
}

// End notes the end of a run. broken is what ended it before its time, or nil.
func (l *Log) End(s *downloader.Summary, broken error) {
	attrs := []slog.Attr{
		slog.Int("ok", s.OK), slog.Int("failed", s.Failed), slog.Int("skipped", s.Skipped), slog.Int("canceled", s.Canceled),
		slog.Int64("bytes", s.Bytes), slog.Float64("seconds", s.Elapsed.Seconds()),
	}
	if s.Stopped != "" {
		attrs = append(attrs, slog.String("stopped", s.Stopped))
	}
	if broken != nil {
		attrs = append(attrs, slog.String("error", broken.Error()))
	}
	l.write(slog.LevelInfo, "end", attrs...)
}

// Close closes the file. Its error says that records are missing.
func (l *Log) Close() error {
	err := l.file.Close()
	if l.err != nil {
		err = l.err
	}
	if err != nil {
		return fmt.Errorf("the log is not whole: %w", err)
	}
	return nil
}
