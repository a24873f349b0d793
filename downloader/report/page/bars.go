package page

import (
	"html/template"

	"grab/downloader/report"
)

// stack is a horizontal bar of several parts, with its name above it.
type stack struct {
	name, text string
	parts      []part
}

type part struct {
	class, name string
	value       float64
	text        string
}

// drawStacks draws bars that start at 0, all on the same scale.
func drawStacks(name string, stacks []stack, text func(float64) string) template.HTML {
	const height = 40.0
	longest := 0.0
	for _, s := range stacks {
		longest = max(longest, s.total())
	}
	scale, d, description := linearScale(longest*1.02), &drawing{}, ""
	bottom := height * float64(len(stacks))
	d.axisOf(scale.ticks(), scale, 0, bottom, text)
	for i, s := range stacks {
		y, sum := height*float64(i), 0.0
		d.text("name", point{0, y + 14}, s.name)
		d.text("figure end", point{1, y + 14}, s.text)
		description += s.name + ": " + s.text + ". "
		for _, p := range s.parts {
			d.rect(p.class, point{scale.at(sum), y + 20}, scale.at(sum+p.value)-scale.at(sum), 13, p.name+": "+p.text)
			sum += p.value
		}
	}
	return d.svg(bottom+axisHeight, name, description)
}

func (s *stack) total() (sum float64) {
	for _, p := range s.parts {
		sum += p.value
	}
	return sum
}

func drawCPU(figures []report.Figures) template.HTML {
	var stacks []stack
	for i := range figures {
		f := &figures[i]
		own := max(0, f.CPUSeconds-f.ChildCPUSeconds)
		stacks = append(stacks, stack{f.Name(), duration(f.CPUSeconds) + ", " + percent(f.CPUShare) + " of the machine", []part{
			{"solid " + modeClass(f.Mode), "grab itself", own, duration(own)},
			{"solid pale " + modeClass(f.Mode), "its children", f.ChildCPUSeconds, duration(f.ChildCPUSeconds)},
		}})
	}
	return drawStacks("CPU time", stacks, tick)
}

func drawMemory(figures []report.Figures) template.HTML {
	var stacks []stack
	for i := range figures {
		f := &figures[i]
		text := bytesOf(f.PeakRSSBytes)
		stacks = append(stacks, stack{f.Name(), text, []part{{"solid " + modeClass(f.Mode), "peak", float64(f.PeakRSSBytes), text}}})
	}
	return drawStacks("Peak memory", stacks, func(v float64) string { return bytesOf(int64(v)) })
}

// phases returns the phases of an average image that are drawn, in order. What they do not cover is
// the last part.
func phases(f *report.Figures) []part {
	t := f.Phases
	parts := []part{
		{"solid phase1", "name lookup", t.DNS, ""},
		{"solid phase2", "connection", t.Connect, ""},
		{"solid phase3", "TLS", t.TLS, ""},
		{"solid phase4", "wait for the first byte", t.FirstByte, ""},
		{"solid phase5", "body", t.Body, ""},
		{"solid phase6", "check", t.Verify, ""},
		{"solid phase7", "moving into place", t.Commit, ""},
	}
	sum := 0.0
	for i := range parts {
		parts[i].text = duration(parts[i].value)
		sum += parts[i].value
	}
	rest := max(0, t.Total-sum)
	return append(parts, part{"solid phase8", "everything else", rest, duration(rest)})
}

func drawPhases(figures []report.Figures) (template.HTML, []key) {
	var stacks []stack
	for i := range figures {
		f := &figures[i]
		stacks = append(stacks, stack{f.Name(), duration(f.Phases.Total), phases(f)})
	}
	var keys []key
	if len(stacks) > 0 {
		for _, p := range stacks[0].parts {
			keys = append(keys, key{p.class, p.name})
		}
	}
	return drawStacks("Where an image's time goes, on average", stacks, tick), keys
}
