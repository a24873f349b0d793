package sanitize

import "testing"

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "a=b": "a=b", "http://a.test/?x=1": "http://a.test/?x=1",
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x",
		"\uff1d1+1": "'\uff1d1+1", "\uff0b1": "'\uff0b1", "\uff0d1": "'\uff0d1", "\uff20x": "'\uff20x", "\ufe661": "'\ufe661", "\u22121": "'\u22121",
		" =1": "' =1", "\u3000=1": "'\u3000=1", "\u00a0\uff1d1": "'\u00a0\uff1d1",
		"\t=1": `\t=1`, "\r\n=1": `\r\n=1`, "\u200b=1": `\u200b=1`, "\x00=1": `\x00=1`, "\u202e=1": `\u202e=1`,
		"a\nb": `a\nb`, "\x1b]0;title\a": `\x1b]0;title\a`,
	} {
		if got := Cell(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
