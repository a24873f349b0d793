package faults

import (
	"net/http"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// short sends the header of the whole image, and a part of it.
func short(req *fault.Request, w outlet.Writer) outlet.Ending {
	data := req.Data()
	w.Begin(http.StatusOK, req.Fields(reply.ContentLength(int64(len(data)))))
	w.Write(data[:req.Cut()])
	return outlet.EndClose
}
