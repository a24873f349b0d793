package faults

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/picture"
)

// Chosen is a fault that an answer is to have.
type Chosen struct {
	Fault  *fault.Fault
	Params fault.Params

	// ByPlan says that a Plan chose the fault. A protocol that the fault does
	// not exist in then gets the image without it.
	ByPlan bool

	times int // overrides Fault.Times if positive
}

// Limit returns how many requests for a URI have the fault, 0 for all.
func (c *Chosen) Limit() int {
	if c.Params.Has("times") {
		return c.Params.Number("times", 0)
	}
	if c.times > 0 {
		return c.times
	}
	return c.Fault.Times
}

// Plan says which share of the images has which fault. The zero Plan has no
// faults. In JSON it is text.
type Plan struct {
	parts []part
}

// part is one fault of a plan.
type part struct {
	name   string // with its query
	chosen Chosen
	share  float64 // of all images, from 0 to 1
	before float64 // the sum of the shares of the parts before it
}

// LoadPlan returns the plan in the named file. If there is no such file, the
// argument is the plan itself.
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
// A share is a percentage or a fraction of 1. A line's "#" begins a comment. A
// fault that passes (see [fault.Fault.Passing]) hits only the first request for a
// URI, unless its query has "times", so that another attempt succeeds.
func ParsePlan(text string) (Plan, error) {
	var p Plan
	known := NewCatalogue()
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		for item := range strings.SplitSeq(line, ",") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			if err := p.add(known, item); err != nil {
				return Plan{}, fmt.Errorf("plan: %q: %w", item, err)
			}
		}
	}
	return p, nil
}

func (p *Plan) add(known Catalogue, item string) error {
	at := strings.LastIndexAny(item, "= \t")
	if at < 0 {
		return fmt.Errorf("no share, as in %s=5%%, and no such file", item)
	}
	share, err := parseShare(item[at+1:])
	if err != nil {
		return err
	}
	name := strings.TrimSpace(item[:at])
	stem, query, _ := strings.Cut(name, "?")
	f := known[stem]
	switch {
	case f == nil:
		return errors.New("no such fault; the index page of grab serve lists them")
	case !f.Plannable():
		return fmt.Errorf("%s is a fault of connections, which a plan cannot take: ask for a URL of the host %s.%s", f.Name, f.Name, Domain)
	}
	params, rest, err := fault.SplitQuery(query)
	switch {
	case err != nil:
		return err
	case rest != "":
		return fmt.Errorf("unknown parameter %q", rest)
	}
	chosen := Chosen{Fault: f, Params: params, ByPlan: true}
	if f.Passing() {
		chosen.times = 1
	}
	p.parts = append(p.parts, part{name: name, chosen: chosen, share: share, before: p.total()})
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

// Pick returns the fault of an image, nil for none. The choice depends on nothing
// but its arguments.
func (p Plan) Pick(seed int64, uri string) *Chosen {
	if len(p.parts) == 0 {
		return nil
	}
	// A float64 holds exactly 53 bits.
	at := float64(picture.Hash(seed, uri, planSalt)>>11) / (1 << 53)
	for i := range p.parts {
		if part := &p.parts[i]; at >= part.before && at < part.before+part.share {
			return &part.chosen
		}
	}
	return nil
}

// planSalt keeps faults independent of the other choices that hash a URI: those
// number them from zero.
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
