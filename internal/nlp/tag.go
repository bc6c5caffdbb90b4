package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordForm holds what tagger, parser and name finder need of a word's form.
type wordForm struct {
	norm           uint32 // hash of the plain lower-case form, digits alike
	exact          uint32 // hash of the plain form
	shape          uint32
	suf2, suf3     uint32
	suf1, suf4     uint32
	pre1, pre3     uint32
	capital, digit bool
	hyphen, upper  bool
}

func newWordForm(form string) wordForm {
	p := plain(form)
	low := strings.ToLower(p)
	f := wordForm{norm: hashString(digitless(low)), exact: hashString(p), shape: hashString(shape(p)),
		suf1: hashString(tail(low, 1)), suf2: hashString(tail(low, 2)), suf3: hashString(tail(low, 3)), suf4: hashString(tail(low, 4)),
		pre1: hashString(lead(low, 1)), pre3: hashString(lead(low, 3)),
		digit: strings.ContainsAny(p, "0123456789"), hyphen: strings.Contains(p, "-")}
	r, _ := utf8.DecodeRuneInString(p)
	f.capital = unicode.IsUpper(r)
	f.upper = f.capital && strings.ToUpper(p) == p && len(p) > 1
	return f
}

// digitless writes every digit as 0.
func digitless(s string) string {
	if !strings.ContainsAny(s, "123456789") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '1' && r <= '9' {
			return '0'
		}
		return r
	}, s)
}

func tail(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, w := utf8.DecodeLastRuneInString(s[:i])
		i -= w
	}
	return s[i:]
}

func lead(s string, n int) string {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, w := utf8.DecodeRuneInString(s[i:])
		i += w
	}
	return s[:i]
}

var edgeForm = wordForm{norm: 3, exact: 3, shape: 3, suf1: 3, suf2: 3, suf3: 3, suf4: 3, pre1: 3, pre3: 3}

func formAt(forms []wordForm, i int) *wordForm {
	if i < 0 || i >= len(forms) {
		return &edgeForm
	}
	return &forms[i]
}

// tag gives each word of a sentence a class of the tagger: UPOS and XPOS joined.
// It reads left to right and sees the two tags before.
func (m *Model) tag(forms []wordForm, tags []int) {
	var b bag
	scores := make([]int32, len(m.tags.classes))
	caps := mostlyCapitals(forms)
	t1, t2 := -1, -1
	for i := range forms {
		b.reset()
		tagFeatures(&b, forms, i, t1, t2, caps)
		clear(scores)
		m.tags.score(b.feats, scores)
		tags[i] = best(scores)
		t2, t1 = t1, tags[i]
	}
}

// mostlyCapitals tells headlines: 2 all in capitals, 1 in title case, 0 prose.
func mostlyCapitals(forms []wordForm) uint32 {
	upper, capital, words := 0, 0, 0
	for i := range forms {
		if forms[i].digit || forms[i].suf4 == forms[i].suf3 {
			continue // numbers and short words say nothing
		}
		words++
		if forms[i].upper {
			upper++
		} else if forms[i].capital {
			capital++
		}
	}
	switch {
	case words < 2:
		return 0
	case upper*3 > words*2:
		return 2
	case (upper+capital)*5 > words*4:
		return 1
	}
	return 0
}

func tagFeatures(b *bag, forms []wordForm, i, t1, t2 int, caps uint32) {
	w, p1, n1 := formAt(forms, i), formAt(forms, i-1), formAt(forms, i+1)
	p2, n2 := formAt(forms, i-2), formAt(forms, i+2)
	a, c := uint32(t1+1), uint32(t2+1)
	flags := boolBit(w.capital) | boolBit(w.digit)<<1 | boolBit(w.hyphen)<<2 | boolBit(w.upper)<<3 | boolBit(i == 0)<<4 | caps<<5
	b.add0(100)
	b.add(101, w.norm)
	b.add2(102, w.exact, caps)
	b.add(103, w.suf1)
	b.add(104, w.suf2)
	b.add(105, w.suf3)
	b.add(106, w.suf4)
	b.add(107, w.pre1)
	b.add(108, w.pre3)
	b.add2(109, w.shape, caps)
	b.add(110, flags)
	b.add(111, a)
	b.add2(112, a, c)
	b.add2(113, a, w.norm)
	b.add(114, p1.norm)
	b.add(115, n1.norm)
	b.add(116, p2.norm)
	b.add(117, n2.norm)
	b.add(118, p1.suf3)
	b.add(119, n1.suf3)
	b.add2(120, p1.norm, w.norm)
	b.add2(121, w.norm, n1.norm)
	b.add2(122, n1.suf2, w.suf3)
	b.add2(123, flags, a)
	b.add2(124, flags, w.suf3)
	b.add3(125, a, c, w.norm)
	b.add3(126, a, w.suf3, n1.suf3)
	b.add2(127, n1.norm, n2.norm)
	b.add2(128, p1.norm, p2.norm)
	b.add2(129, n1.shape, w.shape)
	b.add3(130, a, w.suf2, n1.norm)
	b.add2(131, a, n1.norm)
	b.add3(132, w.norm, n1.suf3, a)
	b.add3(133, p1.norm, w.suf3, n1.suf2)
}
