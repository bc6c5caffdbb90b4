package nlp

import (
	"strings"

	"detente"
)

// Options are what Analyze is told beside the text.
type Options struct {
	Published detente.Date // anchor of time expressions; empty: weekdays stay unresolved
	// Blocks divide the text (byte ranges, in order): a sentence never crosses
	// a block. Nil: blocks are found by blank lines.
	Blocks []Range
}

// Range is a byte range of a text.
type Range struct{ Start, End int }

// Analyze reads text into a Doc.
func (m *Model) Analyze(text string, opt Options) *Doc {
	doc := &Doc{Text: text, runes: newRuneIndex(text)}
	if opt.Blocks == nil {
		m.segment(doc, 0, len(text), 0)
	}
	end := 0
	for i, b := range opt.Blocks {
		b.Start, b.End = max(b.Start, end), min(b.End, len(text))
		if b.Start < b.End {
			m.segment(doc, b.Start, b.End, i)
			end = b.End
		}
	}
	m.annotate(doc, opt)
	return doc
}

// Annotate reads a Doc whose sentences and words are given (from ReadConllu)
// anew: tags, lemmas, trees, names and what builds on them.
func (m *Model) Annotate(doc *Doc, opt Options) {
	m.annotate(doc, opt)
}

// annotate fills in what is read sentence by sentence, then what is read of
// the whole: dates and who is who.
func (m *Model) annotate(doc *Doc, opt Options) {
	doc.Ents = nil
	for _, s := range doc.Sents {
		m.sentence(doc, s)
	}
	doc.Times = findTimes(doc, opt.Published)
	doc.Chains = findChains(doc)
}

// segment finds tokens, sentences and words of text[start:end]. Blank lines
// part blocks where the whole text is one; block is the index of the first.
func (m *Model) segment(doc *Doc, start, end, block int) {
	toks := m.tokenize(doc.Text, start, end)
	for i := 0; i < len(toks); {
		j := i + 1
		for j < len(toks) && toks[j].gap != blockGap {
			j++
		}
		ends := m.endsSentence(doc.Text, toks[i:j])
		first := len(doc.Words)
		for k := i; k < j; k++ {
			after := k+1 == len(toks) || toks[k+1].gap != noGap
			m.words(doc, toks[k], after)
			if ends[k-i] {
				doc.Sents = append(doc.Sents, Sent{First: first, End: len(doc.Words), Block: block})
				first = len(doc.Words)
			}
		}
		i = j
		if start == 0 && end == len(doc.Text) {
			block++
		}
	}
}

// words appends the word or words of a token.
func (m *Model) words(doc *Doc, t token, after bool) {
	form := doc.Text[t.start:t.end]
	w := Word{Start: t.start, End: t.end, Form: form, Sent: len(doc.Sents), SpaceAfter: after, Head: -1}
	if n := splitWord(form, m.fused); n > 0 {
		v := w
		w.End, w.Form, w.MWT, w.SpaceAfter = t.start+n, form[:n], 2, false
		v.Start, v.Form, v.MWT = t.start+n, form[n:], -1
		doc.Words = append(doc.Words, w, v)
		return
	}
	doc.Words = append(doc.Words, w)
}

// sentence tags, parses and names one sentence.
func (m *Model) sentence(doc *Doc, s Sent) {
	words := doc.Words[s.First:s.End]
	forms := make([]wordForm, len(words))
	for i := range words {
		forms[i] = newWordForm(words[i].Form)
	}
	tags := make([]int, len(words))
	m.tag(forms, tags)
	xpos, upos := make([]uint32, len(words)), make([]uint32, len(words))
	for i, t := range tags {
		words[i].UPOS, words[i].XPOS, _ = strings.Cut(m.tags.classes[t], " ")
		upos[i], xpos[i] = hashString(words[i].UPOS), hashString(words[i].XPOS)
		words[i].Lemma = m.lemmas.lemma(words[i].Form, words[i].UPOS, words[i].XPOS)
	}
	heads, rels := make([]int, len(words)), make([]int, len(words))
	m.parse(newParseView(forms, xpos, upos), heads, rels)
	for i := range words {
		words[i].Head, words[i].Rel = s.First+heads[i]-1, m.relations[rels[i]]
		if heads[i] == 0 {
			words[i].Head, words[i].Rel = -1, "root"
		} else if words[i].Rel == "root" {
			words[i].Rel = "dep"
		}
	}
	m.findNames(forms, xpos, tags)
	doc.Ents = m.entities(doc.Ents, tags, s.First)
}

// entities turns name tags into entities.
func (m *Model) entities(ents []Entity, tags []int, first int) []Entity {
	open := false
	for i, t := range tags {
		mark, kind, ok := strings.Cut(m.names.classes[t], "-")
		switch {
		case !ok:
			open = false
		case mark == "I" && open && string(ents[len(ents)-1].Kind) == kind:
			ents[len(ents)-1].End++
		default:
			ents = append(ents, Entity{First: first + i, End: first + i + 1, Kind: EntKind(kind)})
			open = true
		}
	}
	return ents
}
