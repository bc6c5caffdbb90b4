package nlp

import (
	"slices"

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
		m.segment(doc, 0, len(text), 0, 1)
	}
	end := 0
	for i, b := range opt.Blocks {
		b.Start, b.End = max(b.Start, end), min(b.End, len(text))
		if b.Start < b.End {
			m.segment(doc, b.Start, b.End, i, 0)
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
	m.readSentences(doc)
	mendNames(doc)
	low := lowered(doc.Words)
	doc.Times = findTimes(doc, low, opt.Published)
	doc.Chains = findChains(doc, low)
}

// segment finds tokens, sentences and words of text[start:end]. A sentence
// never crosses a blank line; block is the index of the first block, and step
// what a blank line adds to it.
func (m *Model) segment(doc *Doc, start, end, block, step int) {
	toks := m.tokenize(doc.Text, start, end)
	doc.Words = slices.Grow(doc.Words, len(toks))
	for i := 0; i < len(toks); {
		j := i + 1
		for j < len(toks) && toks[j].gap != blockGap {
			j++
		}
		dash := dateline(doc.Text, toks[i:j])
		ends := m.endsSentence(doc.Text, toks[i:j], dash)
		first := len(doc.Words)
		for k := i; k < j; k++ {
			after := k+1 == len(toks) || toks[k+1].gap != noGap
			m.words(doc, toks[k], after)
			if ends[k-i] {
				doc.Sents = append(doc.Sents, Sent{First: first, End: len(doc.Words), Block: block, Dateline: k-i == dash})
				first = len(doc.Words)
			}
		}
		i = j
		block += step
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

// wordsAtOnce is how many words the network is given together: many enough to
// keep it busy, few enough to stay in the cache.
const wordsAtOnce = 256

// readSentences fills in tags, lemmas, trees and names.
func (m *Model) readSentences(doc *Doc) {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	var forms []string
	var bounds []int
	first := 0
	for i, sent := range doc.Sents {
		// A sentence given from outside may be of any length; the network
		// reads it in pieces.
		for w := sent.First; w < sent.End; w++ {
			forms = append(forms, doc.Words[w].Form)
			if w+1 == sent.End || (w+1-sent.First)%maxSentence == 0 {
				bounds = append(bounds, len(forms))
			}
		}
		if len(forms) >= wordsAtOnce || i+1 == len(doc.Sents) {
			m.fill(doc, first, m.network.read(s, forms, bounds), bounds)
			first, forms, bounds = sent.End, forms[:0], bounds[:0]
		}
	}
	for _, sent := range doc.Sents {
		joinPieces(doc.Words[sent.First:sent.End], sent.First)
	}
}

// fill takes a reading over into the words from first on.
func (m *Model) fill(doc *Doc, first int, r reading, bounds []int) {
	n := m.network
	from := 0
	for _, to := range bounds {
		for i := from; i < to; i++ {
			w := &doc.Words[first+i]
			w.UPOS, w.XPOS, w.Rel = n.uposOf[r.tags[i]], n.xposOf[r.tags[i]], n.relations[r.rels[i]]
			w.Lemma, w.Feats = m.lexicon.read(w.Form, n.tags[r.tags[i]])
			w.Head = -1
			if h := r.heads[i]; h > 0 {
				w.Head = first + from + h - 1
			}
		}
		doc.Ents = m.entities(doc.Ents, r.names[from:to], first+from)
		from = to
	}
}

// joinPieces hangs the roots of later pieces of a sentence on its first root.
func joinPieces(words []Word, first int) {
	root := -1
	for i := range words {
		switch {
		case words[i].Head >= 0:
		case root < 0:
			root = first + i
		default:
			words[i].Head, words[i].Rel = root, "parataxis"
		}
	}
}

// entities turns name tags into entities.
func (m *Model) entities(ents []Entity, tags []int, first int) []Entity {
	n := m.network
	for i, t := range tags {
		switch {
		case n.nameKind[t] == "":
		case n.nameInside[t]:
			ents[len(ents)-1].End++
		default:
			ents = append(ents, Entity{First: first + i, End: first + i + 1, Kind: n.nameKind[t]})
		}
	}
	return ents
}
