package faults

import (
	"net/http"
	"net/url"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

// moved redirects, with the status that the request chooses.
func moved(req *fault.Request, location string) reply.Response {
	r := reply.Redirect(location)
	r.Status = req.Number("status", http.StatusFound)
	return r
}

// target returns where a redirect finds the image without a fault.
func target(req *fault.Request) string { return targetAs(req, "image.jpg") }

// targetAs returns the same under another name, which goes into the path unescaped.
func targetAs(req *fault.Request, name string) string {
	return "/as/" + name + "?of=" + url.QueryEscape(req.URI)
}

// self returns the URI of the fault with other parameters.
func self(req *fault.Request, name string, values url.Values) string {
	return fault.WithQuery("/fault/"+name+req.URI, values.Encode())
}
