package quote

import (
	"strings"
	"unicode/utf8"

	"detente/internal/nlp"
)

// view is a Doc as the taggers look at it: every word's attributes as hashes,
// its place in the tree and between quotation marks. It is made once for a text
// in linear time.
type view struct {
	doc        *nlp.Doc
	start, end []int // code points of each word
	lower      []string
	form       []uint32
	lemma      []uint32
	upos       []uint32
	xpos       []uint32
	rel        []uint32 // relation with subtype
	base       []uint32 // relation without
	shape      []uint32
	suffix     []uint32
	ent        []uint8 // 0 none, else kind, +3 for the first word
	cluster    []uint32
	rate       []uint8 // bucket of the lemma's rate as a cue
	stance     []bool  // the lemma has a stance other than to assert
	kids       [][]int32
	lo, hi     []int // first and last word of the subtree
	depth      []int // steps to the root
	paras      []para
	para       []int // index of the paragraph of each word
	quotes     []quoted
	in         []int // index of the innermost quotation of each word, or -1
	outer      []int // index of the outermost, or -1
	mark       []bool
	time       []bool
	heard      []uint8    // hearGrade of the probability of each of the first tagger's labels, by the hearer
	guess      []uint8    // the likeliest of them
	marks      *nlp.Marks // what the hearer says
}

// para is words first … end-1 of one paragraph.
type para struct{ first, end int }

// quoted is a quotation in words: first … end-1, marks included.
type quoted struct {
	first, end int
	depth      int
	unclosed   bool
	chars      quotation
}

// hash32 is FNV-1a.
func hash32(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h ^= uint32(s[i])
		h *= 16777619
	}
	return h
}

// newView reads doc; lex gives the cue rates.
func newView(doc *nlp.Doc, lex *Lexicon) *view {
	n := len(doc.Words)
	v := &view{doc: doc,
		start: make([]int, n), end: make([]int, n), lower: make([]string, n),
		form: make([]uint32, n), lemma: make([]uint32, n), upos: make([]uint32, n), xpos: make([]uint32, n),
		rel: make([]uint32, n), base: make([]uint32, n), shape: make([]uint32, n), suffix: make([]uint32, n),
		ent: make([]uint8, n), cluster: make([]uint32, n), rate: make([]uint8, n), stance: make([]bool, n), kids: make([][]int32, n),
		lo: make([]int, n), hi: make([]int, n), depth: make([]int, n), para: make([]int, n),
		in: make([]int, n), outer: make([]int, n), mark: make([]bool, n), time: make([]bool, n)}
	v.offsets()
	memo := map[string]uint32{}
	h := func(s string) uint32 {
		x, ok := memo[s]
		if !ok {
			x = hash32(s)
			memo[s] = x
		}
		return x
	}
	for i := range doc.Words {
		w := &doc.Words[i]
		low := strings.ToLower(w.Form)
		v.lower[i] = low
		v.form[i] = h(low)
		v.lemma[i] = h(strings.ToLower(w.Lemma))
		v.upos[i] = h(w.UPOS)
		v.xpos[i] = h(w.XPOS)
		v.rel[i] = h(w.Rel)
		b, _, _ := strings.Cut(w.Rel, ":")
		v.base[i] = h(b)
		v.shape[i] = h(shapeOf(w.Form))
		v.suffix[i] = h(tail(low, 3))
		v.rate[i] = lex.bucket(w)
		if lex != nil {
			v.cluster[i] = lex.words.cluster(low)
		}
		if lex != nil && w.UPOS == "VERB" {
			m := lex.stance(w.Lemma, 'V')
			v.stance[i] = m != "" && m != knowing
		}
	}
	for _, e := range doc.Ents {
		k := uint8(1)
		switch e.Kind {
		case nlp.Organisation:
			k = 2
		case nlp.Place:
			k = 3
		}
		for i := e.First; i < e.End; i++ {
			v.ent[i] = k
		}
		v.ent[e.First] = k + 3
	}
	for _, t := range doc.Times {
		for i := t.First; i < t.End; i++ {
			v.time[i] = true
		}
	}
	v.tree()
	v.paragraphs()
	v.quotations()
	return v
}

// offsets counts code points once over the text.
func (v *view) offsets() {
	text := v.doc.Text
	pos, n := 0, 0
	to := func(off int) int {
		if off < pos { // words of one token share its range
			return n - utf8.RuneCountInString(text[off:pos])
		}
		n += utf8.RuneCountInString(text[pos:off])
		pos = off
		return n
	}
	for i := range v.doc.Words {
		v.start[i] = to(v.doc.Words[i].Start)
		v.end[i] = to(v.doc.Words[i].End)
	}
}

// tree fills children, subtree edges and depths.
func (v *view) tree() {
	words := v.doc.Words
	count := make([]int32, len(words)+1)
	for i := range words {
		if h := words[i].Head; h >= 0 {
			count[h]++
		}
		v.lo[i], v.hi[i] = i, i
		v.depth[i] = -1
	}
	flat := make([]int32, len(words))
	off := 0
	for i := range words {
		v.kids[i] = flat[off : off : off+int(count[i])]
		off += int(count[i])
	}
	for i := range words {
		if h := words[i].Head; h >= 0 {
			v.kids[h] = append(v.kids[h], int32(i))
		}
	}
	var stack []int
	order := make([]int, 0, len(words))
	for i := range words {
		if words[i].Head >= 0 {
			continue
		}
		v.depth[i] = 0
		stack = append(stack[:0], i)
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			order = append(order, k)
			for _, c := range v.kids[k] {
				v.depth[c] = v.depth[k] + 1
				stack = append(stack, int(c))
			}
		}
	}
	for j := len(order) - 1; j >= 0; j-- {
		i := order[j]
		if h := words[i].Head; h >= 0 {
			v.lo[h] = min(v.lo[h], v.lo[i])
			v.hi[h] = max(v.hi[h], v.hi[i])
		}
	}
}

// paragraphs groups words by block.
func (v *view) paragraphs() {
	first := 0
	for n, end := range v.doc.Paragraphs() {
		v.paras = append(v.paras, para{first: first, end: end})
		for ; first < end; first++ {
			v.para[first] = n
		}
	}
}

// quotations lays the quotations of each paragraph over its words.
func (v *view) quotations() {
	words := v.doc.Words
	for i := range v.in {
		v.in[i], v.outer[i] = -1, -1
	}
	for _, p := range v.paras {
		from, to := words[p.first].Start, words[p.end-1].End
		first := p.first
		for _, q := range quotations(v.doc.Text, from, to) {
			for first < p.end && words[first].End <= q.Start {
				first++
			}
			end := first
			for end < p.end && words[end].Start < q.End {
				end++
			}
			k := len(v.quotes)
			v.quotes = append(v.quotes, quoted{first: first, end: end, depth: q.Depth, unclosed: q.Unclosed, chars: q})
			for i := first; i < end; i++ {
				v.in[i] = k
				if q.Depth == 1 {
					v.outer[i] = k
				}
			}
			if first < end {
				v.mark[first] = isMark(words[first].Form)
				v.mark[end-1] = v.mark[end-1] || isMark(words[end-1].Form)
			}
		}
	}
}

// isMark reports a token that is a quotation mark and nothing else.
func isMark(form string) bool {
	for _, r := range form {
		if k, _ := markShape(r); k == noMark {
			return false
		}
	}
	return form != ""
}

func shapeOf(s string) string {
	var b [8]byte
	n := 0
	for _, r := range s {
		c := byte('.')
		switch {
		case r >= 'A' && r <= 'Z':
			c = 'X'
		case r >= 'a' && r <= 'z':
			c = 'x'
		case r >= '0' && r <= '9':
			c = 'd'
		case r > 127:
			c = 'u'
		}
		if n > 1 && b[n-1] == c && b[n-2] == c {
			continue
		}
		if n == len(b) {
			break
		}
		b[n] = c
		n++
	}
	return string(b[:n])
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[len(s)-n:]
}
