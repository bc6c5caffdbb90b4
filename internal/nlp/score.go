package nlp

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sort"
	"unicode"
	"unicode/utf8"
)

// Scores are F1 over aligned items, as the CoNLL 2018 shared task has them:
// words align when they cover the same characters, white space left out, and
// the words of a multiword token one by one. Every count is kept by gold
// sentence, so that an interval can be drawn from the sentences.

// Score is the counts of one measure: of gold, of found and of right items, for
// every gold sentence.
type Score struct {
	Name  string
	items []scoreItem
}

type scoreItem struct{ gold, found, right int }

// F1 is the harmonic mean of precision and recall in percent.
func (s *Score) F1() float64 { return f1(s.items) }

// Counts gives the sums of gold, found and right items.
func (s *Score) Counts() (gold, found, right int) {
	for _, i := range s.items {
		gold, found, right = gold+i.gold, found+i.found, right+i.right
	}
	return
}

func f1(items []scoreItem) float64 {
	var sum scoreItem
	for _, i := range items {
		sum.gold, sum.found, sum.right = sum.gold+i.gold, sum.found+i.found, sum.right+i.right
	}
	if sum.gold+sum.found == 0 {
		return 0
	}
	return 200 * float64(sum.right) / float64(sum.gold+sum.found)
}

const resamples = 1000

// Interval is the 95% interval of F1 over resampled sentences.
func (s *Score) Interval() (low, high float64) {
	if len(s.items) == 0 {
		return 0, 0
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	figures := make([]float64, resamples)
	sample := make([]scoreItem, len(s.items))
	for i := range figures {
		for k := range sample {
			sample[k] = s.items[rnd.IntN(len(s.items))]
		}
		figures[i] = f1(sample)
	}
	sort.Float64s(figures)
	return figures[resamples*25/1000], figures[resamples*975/1000-1]
}

// place is where a word stands: the characters of its token, white space left
// out, and which of the token's words it is.
type place struct{ start, end, at, of int }

// places gives the place of every word of a Doc.
func places(d *Doc) []place {
	ink := make([]int, len(d.Text)+1) // characters before each byte
	n := 0
	for i := 0; i < len(d.Text); {
		r, w := utf8.DecodeRuneInString(d.Text[i:])
		for k := 0; k < w; k++ {
			ink[i+k] = n
		}
		if !unicode.IsSpace(r) {
			n++
		}
		i += w
	}
	ink[len(d.Text)] = n
	out := make([]place, len(d.Words))
	for i := 0; i < len(d.Words); {
		count := max(d.Words[i].MWT, 1)
		end := d.Words[min(i+count, len(d.Words))-1].End
		for k := 0; k < count && i+k < len(out); k++ {
			out[i+k] = place{ink[d.Words[i].Start], ink[end], k, count}
		}
		i += count
	}
	return out
}

// ErrTexts marks two Docs that are not of the same text.
var ErrTexts = errors.New("the two are not of the same text")

// ScoreSyntax measures what was read against gold.
func ScoreSyntax(gold, got *Doc) ([]*Score, error) {
	gp, pp := places(gold), places(got)
	if len(gp) == 0 || len(pp) == 0 || gp[len(gp)-1].end != pp[len(pp)-1].end {
		return nil, fmt.Errorf("score: %w", ErrTexts)
	}
	found := map[place]int{}
	for i, p := range pp {
		found[p] = i
	}
	sentEnds := map[[2]int]bool{}
	for _, s := range got.Sents {
		sentEnds[[2]int{pp[s.First].start, pp[s.End-1].end}] = true
	}
	names := []string{"Sentences", "Words", "UPOS", "XPOS", "Lemmas", "UAS", "LAS"}
	scores := make([]*Score, len(names))
	for i, n := range names {
		scores[i] = &Score{Name: n, items: make([]scoreItem, len(gold.Sents))}
	}
	nextWord, nextSent := 0, 0
	for si, s := range gold.Sents {
		item := func(k int) *scoreItem { return &scores[k].items[si] }
		end := gp[s.End-1].end
		for nextWord < len(pp) && (pp[nextWord].start < end || si == len(gold.Sents)-1) {
			for k := 1; k < len(names); k++ {
				item(k).found++
			}
			nextWord++
		}
		for nextSent < len(got.Sents) && (pp[got.Sents[nextSent].First].start < end || si == len(gold.Sents)-1) {
			item(0).found++
			nextSent++
		}
		item(0).gold++
		item(0).right += int(boolBit(sentEnds[[2]int{gp[s.First].start, end}]))
		for i := s.First; i < s.End; i++ {
			for k := 1; k < len(names); k++ {
				item(k).gold++
			}
			j, ok := found[gp[i]]
			if !ok {
				continue
			}
			for k, right := range rightWord(gold, got, gp, pp, i, j) {
				item(k + 1).right += int(boolBit(right))
			}
		}
	}
	return scores, nil
}

// rightWord compares word i of gold with word j of what was read, in the order
// of the measures from Words on.
func rightWord(gold, got *Doc, gp, pp []place, i, j int) [6]bool {
	g, p := gold.Words[i], got.Words[j]
	root := place{start: -1}
	gh, ph := root, root
	if g.Head >= 0 {
		gh = gp[g.Head]
	}
	if p.Head >= 0 {
		ph = pp[p.Head]
	}
	return [6]bool{true, g.UPOS == p.UPOS, g.XPOS == p.XPOS, g.Lemma == p.Lemma, gh == ph, gh == ph && bare(g.Rel) == bare(p.Rel)}
}

// bare is a relation without its subtype.
func bare(rel string) string {
	for i := range rel {
		if rel[i] == ':' {
			return rel[:i]
		}
	}
	return rel
}

// ScoreNames measures names against gold, Docs one by one over the same words:
// one score for all kinds, then one a kind.
func ScoreNames(gold, got []*Doc) []*Score {
	kinds := []EntKind{"", Person, Organisation, Place}
	scores := make([]*Score, len(kinds))
	for k, kind := range kinds {
		scores[k] = &Score{Name: string(kind)}
		if kind == "" {
			scores[k].Name = "all"
		}
		for i := range gold {
			scores[k].items = append(scores[k].items, nameItems(gold[i], got[i], kind)...)
		}
	}
	return scores
}

// nameItems counts the names of a kind (empty: of all) a sentence.
func nameItems(gold, got *Doc, kind EntKind) []scoreItem {
	items := make([]scoreItem, len(gold.Sents))
	right := map[Entity]bool{}
	for _, e := range gold.Ents {
		if kind == "" || e.Kind == kind {
			right[e] = true
			items[gold.Words[e.First].Sent].gold++
		}
	}
	for _, e := range got.Ents {
		if kind == "" || e.Kind == kind {
			at := gold.Words[e.First].Sent
			items[at].found++
			items[at].right += int(boolBit(right[e]))
		}
	}
	return items
}
