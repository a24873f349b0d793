package faults

import (
	"net/http"
	"net/url"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

func moved(req *fault.Request, location string) reply.Response {
	r := reply.Redirect(location)
	r.Status = req.Number("status", http.StatusFound)
	return r
}

// target is where a redirect finds the image with no fault.
func target(req *fault.Request) string { return targetAs(req, "image.jpg") }

// targetAs is the same by another name, which is put in a path as it is.
func targetAs(req *fault.Request, name string) string {
	return "/as/" + name + "?of=" + url.QueryEscape(req.URI)
}

// self is the URI of the fault with other parameters.
func self(req *fault.Request, name string, values url.Values) string {
	return fault.WithQuery("/fault/"+name+req.URI, values.Encode())
}
