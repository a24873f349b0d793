package imagefile

import "hash/fnv"

// maxXMLDepth limits how deep elements may be nested.
const maxXMLDepth = 4096

// maxSVGText is how much of a name or a value is kept, in bytes.
const maxSVGText = 100

// xmlReader reads an XML document one byte at a time. It holds no more of it than a
// window and a hash for the name of each open element.
type xmlReader struct {
	*window
	next int64
	data []byte // what is known of the file from next on
	err  error  // the first one

	element   func(name string)        // called with the first element
	attribute func(name, value string) // called with its attributes
	declared  bool                     // there is a document type, which may declare entities
	open      []uint64                 // the names of the open elements
}

// document reads up to the end of the first element.
func (x *xmlReader) document() {
	for started := false; x.err == nil && !(started && len(x.open) == 0); {
		switch b := x.byte(); {
		case b == '<':
			started = x.markup() || started
		case b == '&' && started:
			x.reference()
		case !started && !isXMLSpace(b):
			x.fail("text before the first element, at byte %d", x.next-1)
		default:
			x.checkCharacter(b)
		}
	}
}

// markup reads what follows a "<". It reports whether that was an element.
func (x *xmlReader) markup() bool {
	switch b := x.byte(); b {
	case '?':
		x.skipTo("?>")
	case '!':
		x.declaration()
	case '/':
		x.endTag()
	default:
		x.startTag(b)
		return true
	}
	return false
}

// declaration reads a comment, a section of characters or a document type.
func (x *xmlReader) declaration() {
	switch b := x.byte(); b {
	case '-':
		x.expect("-")
		x.skipTo("-->")
	case '[':
		x.expect("CDATA[")
		if len(x.open) == 0 {
			x.fail("characters outside of an element, at byte %d", x.next)
		}
		x.skipTo("]]>")
	case 'D':
		x.expect("OCTYPE")
		x.declared = true
		x.documentType()
	default:
		x.fail("unknown markup at byte %d", x.next-1)
	}
}

// documentType reads to the ">" that ends a document type. It may contain declarations
// and quoted text.
func (x *xmlReader) documentType() {
	if len(x.open) > 0 {
		x.fail("a document type inside an element, at byte %d", x.next)
	}
	inside := false
	for depth := 1; depth > 0 && x.err == nil; {
		switch b := x.byte(); b {
		case '<':
			depth++
			if b = x.byte(); b == '?' {
				x.skipTo("?>")
				depth--
			} else if b == '!' && x.peek() == '-' {
				x.expect("--")
				x.skipTo("-->")
				depth--
			}
		case '>':
			if depth > 1 || !inside {
				depth--
			}
		case '[':
			inside = true
		case ']':
			inside = false
		case '"', '\'':
			x.skipTo(string(b))
		}
	}
}

// startTag reads a tag whose name begins with first.
func (x *xmlReader) startTag(first byte) {
	root := len(x.open) == 0
	name, sum, b := x.name(first)
	if root && x.err == nil {
		x.element(name)
	}
	for x.err == nil {
		spaced := isXMLSpace(b)
		for isXMLSpace(b) && x.err == nil {
			b = x.byte()
		}
		switch {
		case b == '>':
			if x.open = append(x.open, sum); len(x.open) > maxXMLDepth {
				x.fail("elements more than %d deep", maxXMLDepth)
			}
			return
		case b == '/':
			x.expect(">")
			return
		case !spaced:
			x.fail("no valid tag at byte %d", x.next-1)
		default:
			b = x.readAttribute(b, root)
		}
	}
}

// readAttribute reads an attribute whose name begins with first. It returns the byte
// that follows it.
func (x *xmlReader) readAttribute(first byte, root bool) byte {
	name, _, b := x.name(first)
	for isXMLSpace(b) && x.err == nil {
		b = x.byte()
	}
	if b != '=' {
		x.fail("an attribute without a value at byte %d", x.next-1)
	}
	quote := x.byte()
	for isXMLSpace(quote) && x.err == nil {
		quote = x.byte()
	}
	if quote != '"' && quote != '\'' {
		x.fail("an attribute without quotes at byte %d", x.next-1)
	}
	var value []byte
	for x.err == nil {
		b := x.byte()
		if b == quote {
			break
		}
		switch b {
		case '<':
			x.fail("a tag inside an attribute, at byte %d", x.next-1)
		case '&':
			x.reference()
		default:
			x.checkCharacter(b)
		}
		if root && len(value) < maxSVGText {
			value = append(value, b)
		}
	}
	if root && x.err == nil {
		x.attribute(name, string(value))
	}
	return x.byte()
}

// endTag reads a tag that ends the last open element.
func (x *xmlReader) endTag() {
	_, sum, b := x.name(x.byte())
	for isXMLSpace(b) && x.err == nil {
		b = x.byte()
	}
	if b != '>' || len(x.open) == 0 || x.open[len(x.open)-1] != sum {
		x.fail("no valid end of an element at byte %d", x.next-1)
		return
	}
	x.open = x.open[:len(x.open)-1]
}

// name reads a name that begins with first. It returns its start, a hash of all of it
// and the byte that follows.
func (x *xmlReader) name(first byte) (text string, sum uint64, after byte) {
	h := fnv.New64a()
	var kept []byte
	for b := first; ; b = x.byte() {
		if !isXMLName(b) {
			if len(kept) == 0 {
				x.fail("no name at byte %d", x.next-1)
			}
			return string(kept), h.Sum64(), b
		}
		_, _ = h.Write([]byte{b})
		if len(kept) < maxSVGText {
			kept = append(kept, b)
		}
	}
}

// reference reads what follows a "&": the name of an entity or the number of a
// character.
func (x *xmlReader) reference() {
	const longest = 64
	at := x.next - 1
	var name []byte
	for x.err == nil {
		b := x.byte()
		if b == ';' {
			break
		}
		if name = append(name, b); len(name) > longest || !isXMLName(b) && b != '#' {
			x.fail("no entity at byte %d", at)
		}
	}
	if x.err != nil || x.declared || len(name) > 1 && name[0] == '#' {
		return
	}
	switch string(name) {
	case "amp", "lt", "gt", "quot", "apos":
	default:
		x.fail("unknown entity %.20q at byte %d", name, at)
	}
}

// checkCharacter refuses control characters, which XML does not allow.
func (x *xmlReader) checkCharacter(b byte) {
	if b < ' ' && !isXMLSpace(b) {
		x.fail("the control character %#x at byte %d", b, x.next-1)
	}
}

// skipTo passes the next text.
func (x *xmlReader) skipTo(text string) {
	matched := 0
	for matched < len(text) && x.err == nil {
		switch b := x.byte(); {
		case b == text[matched]:
			matched++
		case matched == 2 && b == text[1] && text[0] == text[1]: // a third "-" or "]"
		case b == text[0]:
			matched = 1
		default:
			matched = 0
		}
	}
}

// expect passes a text that has to come next.
func (x *xmlReader) expect(text string) {
	for i := range len(text) {
		if x.byte() != text[i] {
			x.fail("unknown markup at byte %d", x.next-1)
		}
	}
}

// byte returns the next byte. After an error it returns 0.
func (x *xmlReader) byte() byte {
	b := x.peek()
	if x.err == nil {
		x.data = x.data[1:]
		x.next++
	}
	return b
}

// peek returns the next byte without passing it.
func (x *xmlReader) peek() byte {
	if x.err == nil && len(x.data) == 0 {
		x.data, x.err = x.from(x.next, 1)
	}
	if x.err != nil {
		return 0
	}
	return x.data[0]
}

func (x *xmlReader) fail(reason string, args ...any) {
	if x.err == nil {
		x.err = x.corrupt(reason, args...)
	}
}

func isXMLSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// isXMLName reports whether a name may contain b. All bytes beyond ASCII may.
func isXMLName(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' ||
		b == ':' || b == '_' || b == '-' || b == '.' || b >= 0x80
}
