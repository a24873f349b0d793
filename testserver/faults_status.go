package testserver

import (
	"net/http"
	"time"
)

// statusFaults are statuses that are no success.
func statusFaults() []Fault {
	return []Fault{
		{ID: "A90", Name: "a90-refused", About: "400 to 451, with an image as its body", Expect: "P:http-4xx", Over: overAll,
			Queries: []string{"status=400", "status=401", "status=403", "status=405", "status=410", "status=414", "status=451"},
			play:    answering(func(sc *scene) response { return sc.sends(sc.number("status", 404), sc.whole.body) })},
		{ID: "A91", Name: "a91-status", About: "a status that is worth another attempt", Expect: "T:http-5xx", Over: overAll,
			Queries: []string{"status=500", "status=502", "status=504", "status=520", "status=521", "status=522", "status=523", "status=524"},
			play:    answering(failing)},
		{ID: "A91", Name: "a91-rate-limited", About: "429", Expect: "T:rate-limited", Over: overAll,
			play: answering(func(sc *scene) response { return text(http.StatusTooManyRequests, "not so fast") })},
		{ID: "A91", Name: "a91-early", About: "408 or 425", Expect: "T:http-4xx", Over: overAll, Queries: []string{"status=425"},
			play: answering(func(sc *scene) response { return text(sc.number("status", http.StatusRequestTimeout), "again") })},
		{ID: "A91", Name: "a91-unable", About: "501 or 505", Expect: "P:http-5xx", Over: overAll, Queries: []string{"status=505"},
			play: answering(func(sc *scene) response { return text(sc.number("status", http.StatusNotImplemented), "never") })},
	}
}

// failing is an answer with a status, 503 if no other is asked for.
func failing(sc *scene) response {
	return text(sc.number("status", http.StatusServiceUnavailable), "out of order")
}

// retryFaults are Retry-After fields (RFC 9110 section 10.2.3) and failures
// that pass.
func retryFaults() []Fault {
	return []Fault{
		{ID: "A92", Name: "a92-retry-after", About: "503 and Retry-After: 2, once", Expect: "ok", Over: overAll, Times: 1,
			Queries: []string{"status=429"}, play: answering(func(sc *scene) response { return retryAfter(sc, sc.text("retry-after", "2")) })},
		{ID: "A93", Name: "a93-retry-date", About: "Retry-After with a date two seconds away by a clock an hour off, once", Expect: "ok", Over: overAll, Times: 1,
			Queries: []string{"skew=-1h", "kind=rfc850", "kind=asctime"}, play: answering(retryDate)},
		{ID: "A94", Name: "a94-retry-late", About: "Retry-After: 86400, or the year 2099", Expect: "P:rate-limited", Over: overAll,
			Queries: []string{"retry-after=Thu%2C+31+Dec+2099+23:59:59+GMT", "status=429"},
			play:    answering(func(sc *scene) response { return retryAfter(sc, sc.text("retry-after", "86400")) })},
		{ID: "A95", Name: "a95-retry-nonsense", About: "a Retry-After that is none, once", Expect: "ok", Over: overAll, Times: 1,
			Queries: []string{"retry-after=9223372036854775807", "retry-after=1000000000", "retry-after=soon", "retry-after="},
			play:    answering(func(sc *scene) response { return retryAfter(sc, sc.text("retry-after", "-5")) })},
		{ID: "A95", Name: "a95-retry-twice", About: "two Retry-After fields, once", Expect: "ok", Over: overAll, Times: 1,
			play: answering(func(sc *scene) response { return retryAfter(sc, "1", "86400") })},
		{ID: "A96", Name: "a96-retry-now", About: "503 and Retry-After: 0, for ever", Expect: "T:http-5xx|T:rate-limited", Over: overAll,
			play: answering(func(sc *scene) response { return retryAfter(sc, "0") })},
		{ID: "A97", Name: "a97-fails-first", About: "503 twice, then the image", Expect: "ok", Over: overAll, Times: 2, play: answering(failing)},
		{ID: "A97", Name: "a97-fails-odd", About: "503 to every second request, the first included", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response {
				if sc.nth%2 == 1 {
					return sc.whole
				}
				return failing(sc)
			})},
		{ID: "A98", Name: "a98-outage", About: "503 to the first 20 requests for any image of a host", Expect: "ok", Over: overAll,
			Queries: []string{"size=3"}, play: answering(outage)},
	}
}

func retryAfter(sc *scene, values ...string) response {
	r := failing(sc)
	for _, v := range values {
		r.fields = append(r.fields, field{"Retry-After", v})
	}
	return r
}

func retryDate(sc *scene) response {
	layout := map[string]string{
		"rfc850":  "Monday, 02-Jan-06 15:04:05 GMT",
		"asctime": time.ANSIC,
	}[sc.text("kind", "")]
	if layout == "" {
		layout = http.TimeFormat
	}
	now := time.Now().UTC().Add(sc.duration("skew", time.Hour))
	r := retryAfter(sc, now.Add(2*time.Second).Format(layout))
	r.fields = append(r.fields, field{"Date", now.Format(http.TimeFormat)})
	return r
}

// outage counts requests instead of seconds, so that it is the same on every
// machine.
func outage(sc *scene) response {
	if sc.server.plays.add("outage of "+sc.request.Host) < sc.number("size", 20) {
		return failing(sc)
	}
	return sc.whole
}
