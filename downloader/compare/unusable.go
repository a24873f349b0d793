package compare

import "grab/downloader"

// unusable returns the error for an output directory that cannot be used.
func unusable(err error) error { return &downloader.UsageError{Source: "-out", Err: err} }
