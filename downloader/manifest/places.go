package manifest

// places says which record has the place of an index: id+1, or 0. Indexes that lie close
// together take 4 bytes each, and those far apart about 50.
type places struct {
	near []uint32
	far  map[int]uint32 // what is beyond near
	used int            // indexes that have a record
}

// sparsest is how many places of near there may be for each one that is used, and
// spare how many more.
const (
	sparsest = 4
	spare    = 1024
)

func (p *places) get(index int) uint32 {
	if index < len(p.near) {
		return p.near[index]
	}
	return p.far[index]
}

func (p *places) set(index int, value uint32) {
	if index >= len(p.near) && index < sparsest*(p.used+spare) {
		p.grow(index)
	}
	switch former := p.get(index); {
	case former == 0 && value != 0:
		p.used++
	case former != 0 && value == 0:
		p.used--
	}
	if index < len(p.near) {
		p.near[index] = value
		return
	}
	if p.far == nil {
		p.far = map[int]uint32{}
	}
	p.far[index] = value
}

// grow makes near long enough for an index, and at least twice as long.
func (p *places) grow(index int) {
	near := make([]uint32, max(index+1, 2*len(p.near), spare))
	copy(near, p.near)
	p.near = near
	for index, value := range p.far {
		if index < len(near) {
			near[index] = value
			delete(p.far, index)
		}
	}
}
