package testserver

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

// Plan says which share of the images meets which fault. The zero Plan has
// none. It is text in JSON.
type Plan struct {
	parts []part
}

// part is one fault of a plan.
type part struct {
	name   string // with its query
	plot   plot
	share  float64 // of all images, from 0 to 1
	before float64 // the shares of the parts before it
}

// LoadPlan returns the plan that is in the file of that name, or else that is the
// text itself.
func LoadPlan(fileOrText string) (Plan, error) {
	text, err := os.ReadFile(fileOrText)
	if err != nil {
		return ParsePlan(fileOrText)
	}
	return ParsePlan(string(text))
}

// ParsePlan reads a plan: items of the form NAME[?QUERY]=SHARE or NAME[?QUERY]
// SHARE, separated by commas or line breaks, as in
//
//	a01-short=2%, a91-status?status=503=5%, a31-stall 0.005
//
// A share is a percentage or a part of one. A line's "#" begins a comment. A
// fault that passes (see [Fault.Passing]) hits the first request for a URI
// only, unless its query has "times", so that another attempt succeeds.
func ParsePlan(text string) (Plan, error) {
	var p Plan
	faults := newCatalogue()
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		for item := range strings.SplitSeq(line, ",") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			if err := p.add(faults, item); err != nil {
				return Plan{}, fmt.Errorf("plan: %q: %w", item, err)
			}
		}
	}
	return p, nil
}

func (p *Plan) add(faults catalogue, item string) error {
	at := strings.LastIndexAny(item, "= \t")
	if at < 0 {
		return errors.New("no share")
	}
	share, err := parseShare(item[at+1:])
	if err != nil {
		return err
	}
	name := strings.TrimSpace(item[:at])
	stem, query, _ := strings.Cut(name, "?")
	fault := faults[stem]
	switch {
	case fault == nil:
		return errors.New("no such fault")
	case fault.play == nil:
		return fmt.Errorf("%s is a fault of connections, not of requests", fault.Name)
	}
	params, rest, err := splitQuery(query)
	switch {
	case err != nil:
		return err
	case rest != "":
		return fmt.Errorf("unknown parameter %q", rest)
	}
	part := part{name: name, plot: plot{fault: fault, params: params, planned: true}, share: share, before: p.total()}
	if fault.Passing() {
		part.plot.times = 1
	}
	p.parts = append(p.parts, part)
	if p.total() > 1 {
		return errors.New("more than 100% in all")
	}
	return nil
}

func parseShare(s string) (float64, error) {
	digits, percent := strings.CutSuffix(s, "%")
	share, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsNaN(share) {
		return 0, fmt.Errorf("share %q is not a number", s)
	}
	if percent {
		share /= 100
	}
	if share < 0 || share > 1 {
		return 0, fmt.Errorf("share %q is not from 0%% to 100%%", s)
	}
	return share, nil
}

func (p Plan) total() float64 {
	if len(p.parts) == 0 {
		return 0
	}
	last := p.parts[len(p.parts)-1]
	return last.before + last.share
}

// pick returns what is to go wrong with an image, nil for nothing.
func (p Plan) pick(seed int64, uri string) *plot {
	if len(p.parts) == 0 {
		return nil
	}
	// 53 bits are what a float64 holds exactly.
	at := float64(hash(seed, uri, planSalt)>>11) / (1 << 53)
	for i := range p.parts {
		if part := &p.parts[i]; at >= part.before && at < part.before+part.share {
			return &part.plot
		}
	}
	return nil
}

// planSalt keeps faults independent of other choices that hash a URI, for
// those count from zero.
const planSalt = 1 << 63

// String returns the plan in the form that ParsePlan reads.
func (p Plan) String() string {
	items := make([]string, len(p.parts))
	for i, part := range p.parts {
		items[i] = part.name + "=" + strconv.FormatFloat(part.share, 'g', -1, 64)
	}
	return strings.Join(items, ",")
}

// MarshalText implements encoding.TextMarshaler.
func (p Plan) MarshalText() ([]byte, error) {
	return []byte(p.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Plan) UnmarshalText(text []byte) error {
	parsed, err := ParsePlan(string(text))
	if err == nil {
		*p = parsed
	}
	return err
}
