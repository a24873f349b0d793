// Package route decides how requests are answered, from nothing but the request
// and a seed.
package route

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/faults"
	"grab/testserver/picture"
	"grab/testserver/reply"
)

const (
	maxRedirects = 1000
	maxFollowed  = 2 * maxRedirects // by Final
)

// Router decides about requests.
type Router struct {
	seed   int64
	faults faults.Catalogue
}

// New returns a router.
func New(seed int64, known faults.Catalogue) Router {
	return Router{seed: seed, faults: known}
}

// Route decides about a request.
func (rt Router) Route(r Request) Decision {
	seg := strings.Split(strings.TrimPrefix(r.Path, "/"), "/")
	switch {
	case seg[0] == "fault" && len(seg) > 2:
		return rt.fault(r, seg[1])
	case seg[0] == "as" && len(seg) > 1:
		return rt.as(r)
	case len(seg) == 1 && seg[0] == "":
		return answer(index(r))
	case len(seg) == 1:
		return rt.square(r, seg[0])
	case len(seg) == 2 && seg[0] == "image":
		return image(r, seg[1])
	case len(seg) == 2 && seg[0] == "status":
		return status(seg[1])
	case len(seg) == 2 && seg[0] == "redirect":
		return redirect(seg[1])
	case r.Path == "/v2/list":
		return answer(list(rt.seed, r))
	case len(seg) == 2:
		return rt.choose(r, seg[0], seg[1])
	case len(seg) == 4 && seg[0] == "id":
		return identified(rt.seed, r, seg[1], seg[2], seg[3])
	case len(seg) == 4 && seg[0] == "seed":
		return rt.seeded(r, seg[1], seg[2], seg[3])
	}
	return answer(reply.NotFound())
}

// Final follows the redirects of a URI to the first answer that is not a redirect.
// If that is an image, the decision has its URI.
func (rt Router) Final(uri string) (Decision, error) {
	next := uri
	for range maxFollowed {
		u, err := url.Parse(next)
		if err != nil {
			return Decision{}, err
		}
		next = u.RequestURI()
		d := rt.Route(Request{Path: u.EscapedPath(), Query: u.RawQuery, URI: next})
		if d.Reply.Status != http.StatusFound {
			d.URI = cmp.Or(d.URI, next)
			return d, nil
		}
		next = d.Reply.Get("Location")
	}
	return Decision{}, fmt.Errorf("%s: too many redirects", uri)
}

// fault answers /fault/NAME/REST with the answer to REST, and the fault.
func (rt Router) fault(r Request, name string) Decision {
	f := rt.faults[name]
	_, rest, _ := strings.Cut(strings.TrimPrefix(r.Path, "/fault/"), "/")
	if f == nil || strings.HasPrefix(rest, "fault/") {
		return answer(reply.NotFound())
	}
	params, query, err := fault.SplitQuery(r.Query)
	if err != nil {
		return badRequest(err.Error())
	}
	uri := "/" + rest
	if query != "" {
		uri += "?" + query
	}
	d, err := rt.Final(uri)
	if err != nil {
		return badRequest(err.Error())
	}
	d.Fault = &faults.Chosen{Fault: f, Params: params}
	return d
}

// as answers /as/ANYTHING?of=URI with the image of that URI. It is where redirects
// of faults end, under names that no image has.
func (rt Router) as(r Request) Decision {
	query, err := url.ParseQuery(r.Query)
	if err != nil || !strings.HasPrefix(query.Get("of"), "/image/") {
		return answer(reply.NotFound())
	}
	d, err := rt.Final(query.Get("of"))
	if err != nil {
		return answer(reply.NotFound())
	}
	return d
}

// square answers /S as /S/S. A side of 0 stands for the picture's own size, as it does at
// picsum.photos: lists of numbered files begin with /0.jpg.
func (rt Router) square(r Request, side string) Decision {
	if digits, ext := splitExt(side); digits == "0" {
		height := strconv.Itoa(DefaultHeight)
		if ext != "" {
			height += "." + ext
		}
		return rt.choose(r, strconv.Itoa(DefaultWidth), height)
	}
	return rt.choose(r, side, side)
}

// choose answers /W/H with a redirect to a picture that depends on the URI.
func (rt Router) choose(r Request, w, h string) Decision {
	id := picture.Hash(rt.seed, r.URI, 0) % picsumCount
	return picsum(rt.seed, r, int64(id), w, h, false)
}

// seeded answers /seed/NAME/W/H with a redirect to a picture that depends on NAME.
func (rt Router) seeded(r Request, name, w, h string) Decision {
	if name == "" {
		return answer(reply.NotFound())
	}
	id := picture.Hash(rt.seed, name, 1) % picsumCount
	return picsum(rt.seed, r, int64(id), w, h, false)
}

func status(code string) Decision {
	status, ok := number(code, 599)
	if !ok || status < 200 {
		return badRequest("status must be from 200 to 599")
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		return answer(reply.Response{Status: int(status)}) // may not have a body
	}
	message := strings.TrimSpace(code + " " + http.StatusText(int(status)))
	return answer(reply.Text(int(status), message))
}

func redirect(count string) Decision {
	n, ok := number(count, maxRedirects)
	switch {
	case !ok:
		return badRequest("redirects must be from 0 to " + strconv.Itoa(maxRedirects))
	case n > 0:
		return answer(reply.Redirect("/redirect/" + strconv.FormatInt(n-1, 10)))
	}
	return show(picture.Picture{Width: DefaultWidth, Height: DefaultHeight})
}
