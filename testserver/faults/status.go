package faults

import (
	"net/http"
	"time"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

// statusFaults are statuses other than success.
func statusFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A90", Name: "a90-refused", Over: fault.OverAll, Expect: "P:http-4xx",
			About: "400 to 451, with an image as its body",
			Queries: []string{
				"status=400", "status=401", "status=403", "status=405", "status=410", "status=414",
				"status=451",
			},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return req.Reply(req.Number("status", 404), req.Whole.Body)
			}),
		},
		{
			ID: "A91", Name: "a91-status", Over: fault.OverAll, Expect: "T:http-5xx",
			About: "a status that is worth another attempt",
			Queries: []string{
				"status=500", "status=502", "status=504", "status=520", "status=521", "status=522",
				"status=523", "status=524",
			},
			Play: fault.WithReply(failing),
		},
		{
			ID: "A91", Name: "a91-rate-limited", Over: fault.OverAll, Expect: "T:rate-limited",
			About: "429",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return reply.Text(http.StatusTooManyRequests, "not so fast")
			}),
		},
		{
			ID: "A91", Name: "a91-early", Over: fault.OverAll, Expect: "T:http-4xx",
			About:   "408 or 425",
			Queries: []string{"status=425"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return reply.Text(req.Number("status", http.StatusRequestTimeout), "again")
			}),
		},
		{
			ID: "A91", Name: "a91-unable", Over: fault.OverAll, Expect: "P:http-5xx",
			About:   "501 or 505",
			Queries: []string{"status=505"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return reply.Text(req.Number("status", http.StatusNotImplemented), "never")
			}),
		},
	}
}

// failing answers with a status, 503 unless the request chooses another.
func failing(req *fault.Request) reply.Response {
	return reply.Text(req.Number("status", http.StatusServiceUnavailable), "out of order")
}

// retryFaults are Retry-After fields (RFC 9110 section 10.2.3), and failures that pass.
func retryFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A92", Name: "a92-retry-after", Over: fault.OverAll, Expect: "ok", Times: 1,
			About:   "503 and Retry-After: 2, once",
			Queries: []string{"status=429"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return retryAfter(req, req.Text("retry-after", "2"))
			}),
		},
		{
			ID: "A93", Name: "a93-retry-date", Over: fault.OverAll, Expect: "ok", Times: 1,
			About:   "Retry-After with a date two seconds away by a clock an hour off, once",
			Queries: []string{"skew=-1h", "kind=rfc850", "kind=asctime"},
			Play:    fault.WithReply(retryDate),
		},
		{
			ID: "A94", Name: "a94-retry-late", Over: fault.OverAll, Expect: "P:rate-limited",
			About:   "Retry-After: 86400, or the year 2099",
			Queries: []string{"retry-after=Thu%2C+31+Dec+2099+23:59:59+GMT", "status=429"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return retryAfter(req, req.Text("retry-after", "86400"))
			}),
		},
		{
			ID: "A95", Name: "a95-retry-nonsense", Over: fault.OverAll, Expect: "ok", Times: 1,
			About: "a Retry-After that is none, once",
			Queries: []string{
				"retry-after=9223372036854775807", "retry-after=1000000000", "retry-after=soon", "retry-after=",
			},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return retryAfter(req, req.Text("retry-after", "-5"))
			}),
		},
		{
			ID: "A95", Name: "a95-retry-twice", Over: fault.OverAll, Expect: "ok", Times: 1,
			About: "two Retry-After fields, once",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return retryAfter(req, "1", "86400")
			}),
		},
		{
			ID: "A96", Name: "a96-retry-now", Over: fault.OverAll, Expect: "T:http-5xx|T:rate-limited",
			About: "503 and Retry-After: 0, for ever",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return retryAfter(req, "0")
			}),
		},
		{
			ID: "A97", Name: "a97-fails-first", Over: fault.OverAll, Expect: "ok", Times: 2,
			About: "503 twice, then the image",
			Play:  fault.WithReply(failing),
		},
		{
			ID: "A97", Name: "a97-fails-odd", Over: fault.OverAll, Expect: "ok",
			About: "503 to every second request, the first included",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				if req.Nth%2 == 1 {
					return req.Whole
				}
				return failing(req)
			}),
		},
		{
			ID: "A98", Name: "a98-outage", Over: fault.OverAll, Expect: "ok",
			About:   "503 to the first 20 requests for any image of a host",
			Queries: []string{"size=3"},
			Play:    fault.WithReply(outage),
		},
	}
}

func retryAfter(req *fault.Request, values ...string) reply.Response {
	r := failing(req)
	for _, v := range values {
		r.Fields = append(r.Fields, reply.Header("Retry-After", v))
	}
	return r
}

func retryDate(req *fault.Request) reply.Response {
	layout := map[string]string{
		"rfc850":  "Monday, 02-Jan-06 15:04:05 GMT",
		"asctime": time.ANSIC,
	}[req.Text("kind", "")]
	if layout == "" {
		layout = http.TimeFormat
	}
	now := time.Now().UTC().Add(req.Duration("skew", time.Hour))
	r := retryAfter(req, now.Add(2*time.Second).Format(layout))
	r.Fields = append(r.Fields, reply.Header("Date", now.Format(http.TimeFormat)))
	return r
}

// outage ends after a number of requests, not of seconds, so that it is the same on every
// machine.
func outage(req *fault.Request) reply.Response {
	if req.Count("outage of "+req.HTTP.Host) < req.Number("size", 20) {
		return failing(req)
	}
	return req.Whole
}
