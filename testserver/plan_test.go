package testserver

import (
	"encoding/json"
	"testing"

	"grab/testserver/faults"
)

func mustPlan(t testing.TB, text string) faults.Plan {
	t.Helper()
	p, err := faults.ParsePlan(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOptionsWithAPlanAreJSON(t *testing.T) {
	o := Options{Seed: 3, Faults: mustPlan(t, "a01=2%,a91-status?status=502=5%")}
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var back Options
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if back.Faults.String() != o.Faults.String() || back.Seed != 3 {
		t.Errorf("%s became %+v", data, back)
	}
	if err := json.Unmarshal([]byte(`{"Faults":"a999=1%"}`), &back); err == nil {
		t.Error("an unknown fault was read")
	}
}

func TestPlanOnAServer(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		s := start(t, Options{Faults: mustPlan(t, "a91=100%")})
		c := newClient(t, s)
		url := scheme + "://grab.test/image/1.jpg"
		for i, want := range []int{503, 200, 200} {
			if r := get(t, c, url); r.StatusCode != want {
				t.Errorf("request %d: status %d, want %d", i, r.StatusCode, want)
			}
		}
		if r := get(t, c, scheme+"://grab.test/status/200"); r.StatusCode != 200 {
			t.Errorf("not an image: status %d", r.StatusCode)
		}
		s.Reset()
		if r := get(t, c, url); r.StatusCode != 503 {
			t.Errorf("after the reset: status %d", r.StatusCode)
		}
		if q := s.Ledger().Requests; len(q) != 1 || q[0].Fault != "a91-status" {
			t.Errorf("ledger %+v", q)
		}
	}
	for _, plan := range []string{"a03=100%", "a10=100%"} { // which do not exist in HTTP/2
		s := start(t, Options{Faults: mustPlan(t, plan)})
		if r := get(t, newClient(t, s), "https://grab.test/image/1.jpg"); r.StatusCode != 200 || s.Ledger().Requests[0].Fault != "" {
			t.Errorf("%s: status %d, ledger %+v", plan, r.StatusCode, s.Ledger())
		}
	}
}
