package route

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"grab/testserver/faults"
	"grab/testserver/reply"
)

// entry is a line of the index.
type entry struct {
	form  string // what to ask for
	link  string // an example of it, or "" if a browser cannot ask for it
	about string
}

// chapter is a part of the index.
type chapter struct {
	heading string
	entries []entry
}

// index answers / with what can be asked for: with links for a browser, otherwise as text.
func index(r Request) reply.Response {
	if r.HTML {
		return reply.Content(http.StatusOK, "text/html; charset=utf-8", []byte(indexHTML()))
	}
	return reply.Text(http.StatusOK, indexText())
}

func chapters() []chapter {
	inPlan, ofConnections := []entry{}, []entry{}
	for _, f := range faults.All() {
		if f.Plannable() {
			inPlan = append(inPlan, entry{f.Name, "/fault/" + f.Name + "/image/0.jpg", f.About})
		} else {
			ofConnections = append(ofConnections, entry{f.Name, "", f.About})
		}
	}
	return []chapter{
		{"What to ask for", []entry{
			{"/W/H", "/200/300", "a picture of W x H pixels, by way of a redirect"},
			{"/S", "/200", "a square one"},
			{"/id/N/W/H", "/id/7/200/300", "picture N"},
			{"/seed/NAME/W/H", "/seed/cat/200/300", "the picture chosen by NAME"},
			{"", "", "each with .jpg, .png or .gif, ?grayscale and ?blur=1..10"},
			{"/v2/list?page=&limit=", "/v2/list?page=1&limit=30", "a list of pictures"},
			{"/image/N.jpg", "/image/0.jpg", "picture N with no redirect"},
			{"", "", "(.jpg, .png, .gif; ?w= &h= &bytes=)"},
			{"/redirect/N", "/redirect/3", "N redirects and a picture"},
			{"/status/CODE", "/status/404", "a status from 200 to 599"},
			{"/as/NAME?of=/image/N.jpg", "/as/cat?of=/image/0.jpg", "an image by another name"},
			{"/fault/NAME/image/N.jpg", "/fault/a01-short/image/0.jpg", "an image and a fault"},
			{"/ledger", "/ledger", "what was asked for and answered, as JSON"},
			{"/reset", "", "(POST) empties the ledger"},
			{"/ca.pem", "/ca.pem", "the certificate authority of the https side"},
		}},
		{"Faults that a plan (-faults) can take, each also by /fault/NAME/", inPlan},
		{"Faults of connections: a plan cannot take them, but each has a host, NAME." + faults.Domain, ofConnections},
	}
}

func indexText() string {
	all := chapters()
	width := 0
	for _, c := range all {
		for _, e := range c.entries {
			width = max(width, len(e.form))
		}
	}
	var b strings.Builder
	b.WriteString("grab's image server")
	for _, c := range all {
		fmt.Fprintf(&b, "\n\n%s\n", c.heading)
		for _, e := range c.entries {
			fmt.Fprintf(&b, "\n  %-*s  %s", width, e.form, e.about)
		}
	}
	return b.String()
}

func indexHTML() string {
	var b strings.Builder
	b.WriteString(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>grab’s image server</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
td { padding: .15rem 1rem .15rem 0; vertical-align: top; }
td:first-child { font-family: ui-monospace, monospace; white-space: nowrap; }
@media (max-width: 36rem) { td { display: block; padding: 0; } td:first-child { padding-top: .6rem; white-space: normal; overflow-wrap: anywhere; } }
</style></head><body>
<h1>grab’s image server</h1>
`)
	for _, c := range chapters() {
		fmt.Fprintf(&b, "<h2>%s</h2>\n<table>\n", html.EscapeString(c.heading))
		for _, e := range c.entries {
			form := html.EscapeString(e.form)
			if e.link != "" {
				form = fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(e.link), form)
			}
			fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td></tr>\n", form, html.EscapeString(e.about))
		}
		b.WriteString("</table>\n")
	}
	b.WriteString("</body></html>")
	return b.String()
}
