package source

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"detente"
)

// What of a page is the article. Every block is worth something: running text
// its words, links and scraps less than nothing. The article is the element
// whose blocks are worth most, taken inwards while an element inside it is
// worth nearly as much. Elements whose names speak against them are left out,
// unless they hold a large part of what the page is worth.

// Bounds of the method.
const (
	linkHeavy    = 0.5  // share of a block's text in links that makes it navigation
	largePart    = 0.4  // share of the page's worth that a doubtful element must hold to stay
	largestPart  = 0.5  // the same for elements that never hold an article
	tooLittle    = 0.2  // share of the page's worth below which names must have misled
	nearlyPage   = 0.95 // comments may be most of a page, but not all of it
	nearlyAll    = 0.97 // share of the outer worth at which the inner element is the article
	bodyIsNearly = 0.6  // the same for an element whose name says body
)

// worth of a block: how much it speaks for being part of an article.
func (b *block) worth() float64 {
	density := float64(b.links) / float64(len(b.text))
	switch {
	case density > linkHeavy:
		return -float64(min(b.words, 20)) - 2
	case b.heading:
		return 1
	case b.words >= 8 && strings.ContainsAny(b.text, ".!?…。"):
		return float64(b.words) * (1 - density)
	case b.words >= 8:
		return float64(b.words) * (1 - density) / 2
	case b.item || density == 0:
		return 0
	}
	return -1
}

// article gives the pieces of the page's article, the title aside.
func (p *page) article(title string) []piece {
	region, out := p.core()
	if region < 0 {
		return nil
	}
	return p.pieces(region, slices.Clone(out), title)
}

// core is the element that holds the article, -1 where there is none, and what
// each block is out of it for.
func (p *page) core() (region int, out []mark) {
	if p.cored {
		return p.region, p.out
	}
	p.cored = true
	p.out = p.settle(against)
	p.region = p.regionOf(p.out)
	if p.region < 0 || p.sum(p.out).of(p.elems[p.region]) < tooLittle*p.sum(p.settle(byTag)).of(p.elems[0]) {
		p.out = p.settle(byTag)
		p.region = p.regionOf(p.out)
	}
	return p.region, p.out
}

// byTag is against for pages whose names mislead: it believes comments and tags
// alone.
func byTag(e elem, share float64) mark {
	switch e.tag {
	case atom.Nav, atom.Aside, atom.Footer:
		return markDrop
	}
	if e.marks&markComments != 0 && share < nearlyPage {
		return markComments
	}
	return 0
}

// sums are the worths of blocks added up: the worth of a run is the difference
// of two.
type sums []float64

func (s sums) of(e elem) float64 { return s[e.after] - s[e.first] }

func (p *page) sum(out []mark) sums {
	s := make(sums, len(p.blocks)+1)
	for i := range p.blocks {
		w := 0.0
		if out == nil || out[i] == 0 {
			w = p.blocks[i].worth()
			if out == nil {
				w = max(w, 0)
			}
		}
		s[i+1] = s[i] + w
	}
	return s
}

// settle says for each block which mark takes it out of the article: none, or
// that of the outermost element around it whose names speak against it.
func (p *page) settle(against func(elem, float64) mark) []mark {
	worth := p.sum(nil)
	total := worth[len(p.blocks)]
	settled := make([]mark, len(p.elems))
	for i, e := range p.elems {
		if e.parent >= 0 {
			settled[i] = settled[e.parent]
		}
		if settled[i] == 0 {
			settled[i] = against(e, worth.of(e)/max(total, 1))
		}
	}
	out := make([]mark, len(p.blocks))
	for i, b := range p.blocks {
		if b.elem >= 0 {
			out[i] = settled[b.elem]
		}
	}
	return out
}

// against is the mark that takes an element out of the article, given its share
// of the page's worth.
func against(e elem, share float64) mark {
	switch e.tag {
	case atom.Body, atom.Html, atom.Main, atom.Article:
		return 0
	}
	m := e.marks
	switch {
	case m&markComments != 0 && share < nearlyPage:
		return markComments
	case m&markCaption != 0 && share < largePart:
		return markCaption
	case m&markDrop != 0 && m&markBody == 0 && share < largestPart:
		return markDrop
	case m&markByline != 0 && share < 0.2:
		return markByline
	case m&markDoubt != 0 && m&(markBody|markPoints) == 0 && share < largePart:
		return markDoubt
	}
	return 0
}

// regionOf is the element that holds the article; -1 where there is no text.
func (p *page) regionOf(out []mark) int {
	worth := p.sum(out)
	best, most := -1, 0.0
	for i, e := range p.elems {
		if w := worth.of(e); w >= most && w > 0 {
			best, most = i, w // of equal ones the inner
		}
	}
	if best < 0 {
		return -1
	}
	for {
		inner := p.inner(best, worth, most)
		if inner < 0 {
			return best
		}
		best = inner
	}
}

// inner is an element inside of e that holds the article more closely.
func (p *page) inner(e int, worth sums, most float64) int {
	best, bestWorth := -1, 0.0
	for i := e + 1; i < len(p.elems) && p.elems[i].first < p.elems[e].after; i++ {
		if p.elems[i].after > p.elems[e].after {
			break
		}
		w := worth.of(p.elems[i])
		enough := w >= nearlyAll*most || p.elems[i].marks&markBody != 0 && w >= bodyIsNearly*most
		if enough && w > bestWorth && p.elems[i].tag != atom.P {
			best, bestWorth = i, w
		}
	}
	return best
}

// pieces tells the kinds of the region's blocks, and of the lead above it.
func (p *page) pieces(region int, out []mark, title string) []piece {
	e := p.elems[region]
	first := p.lead(e, out, title)
	var ps []piece
	var from []int
	begun := false // the body has
	for i := first; i < e.after; i++ {
		b := &p.blocks[i]
		kind := p.kind(b, out[i], title)
		if !begun && kind == detente.BlockBody {
			kind = p.headKind(b, i < e.first)
			begun = i >= e.first && kind == detente.BlockBody && b.worth() >= minLead
		}
		ps = append(ps, piece{kind: kind, text: b.text, opens: kind == detente.BlockComment && out[i] == 0})
		from = append(from, i)
	}
	p.dropEmptySections(ps, from)
	cutComments(ps)
	return ps
}

// headKind is the kind of a block between the headline and the first paragraph
// of the body; above says that it stands outside of the region.
func (p *page) headKind(b *block, above bool) detente.BlockKind {
	if _, ok := dateLine(b.text); ok {
		return detente.BlockFurniture
	}
	if len(p.namesIn(b.text, false)) > 0 {
		return detente.BlockByline
	}
	switch {
	case b.elem >= 0 && p.isWithin(b.elem, markPoints) && b.words >= minPoint:
		return detente.BlockHighlight
	case above && b.item && b.words >= minPoint && b.links == 0:
		return detente.BlockHighlight
	case above && !b.canLead():
		return detente.BlockFurniture
	}
	return detente.BlockBody
}

// minPoint is how many words a summary bullet must have.
const minPoint = 4

// isWithin reports whether an element or one around it has a mark.
func (p *page) isWithin(e int, m mark) bool {
	for ; e >= 0; e = p.elems[e].parent {
		if p.elems[e].marks&m != 0 {
			return true
		}
	}
	return false
}

// cutComments gives readers the word from where a line says so, in the second
// half of the text: buttons to comment also stand above articles.
func cutComments(ps []piece) {
	total, before := 0, 0
	for _, q := range ps {
		if q.kind == detente.BlockBody {
			total += len(q.text)
		}
	}
	for i, q := range ps {
		if q.kind == detente.BlockComment && q.opens && before*2 > total {
			for j := i; j < len(ps); j++ {
				ps[j].kind = detente.BlockComment
			}
			return
		}
		if q.kind == detente.BlockBody {
			before += len(q.text)
		}
	}
}

// minLead is how many words a paragraph between headline and body must have.
const minLead = 8

// canLead reports whether a block above the body may be the article's lead,
// which some pages set as a heading.
func (b *block) canLead() bool {
	return b.words >= minLead && float64(b.links) <= linkHeavy*float64(len(b.text))/2
}

// lead finds where the article starts: with what stands between its headline
// and its body. Leads often live in a header, whose name speaks against them.
func (p *page) lead(e elem, out []mark, title string) int {
	at := p.titleBlock(e, title)
	if at < 0 {
		return e.first
	}
	for i := at + 1; i < e.after; i++ {
		b := &p.blocks[i]
		if out[i] == markDoubt && b.canLead() {
			out[i] = 0
		}
		if i >= e.first && out[i] == 0 && b.worth() >= minLead {
			break
		}
	}
	return min(at+1, e.first)
}

// maxLeadBlocks is how far above the body its headline is looked for.
const maxLeadBlocks = 40

// titleBlock is the last heading before the body's text that is the title, or
// the last main heading there; -1 where there is none.
func (p *page) titleBlock(e elem, title string) int {
	main := -1
	for i := min(e.first+maxLeadBlocks/4, e.after) - 1; i >= max(0, e.first-maxLeadBlocks); i-- {
		b := &p.blocks[i]
		if title != "" && (b.heading || b.words <= 30) && sameWords(b.text, title) {
			return i
		}
		if main < 0 && b.heading && p.elems[b.elem].tag == atom.H1 {
			main = i
		}
	}
	return main
}

// minTextInCaption is how many words make text of an element for captions.
const minTextInCaption = 50

// dropEmptySections takes out headings under which nothing is left.
func (p *page) dropEmptySections(ps []piece, from []int) {
	empty := true
	for i := len(ps) - 1; i >= 0; i-- {
		if ps[i].kind != detente.BlockBody {
			continue
		}
		if p.blocks[from[i]].heading {
			if empty {
				ps[i].kind = detente.BlockFurniture
			}
			continue
		}
		empty = false
	}
}

func (p *page) kind(b *block, out mark, title string) detente.BlockKind {
	switch out {
	case markComments:
		return detente.BlockComment
	case markByline:
		return detente.BlockByline
	case markDrop, markDoubt:
		return detente.BlockFurniture
	}
	lead := b.words >= minTextInCaption && isSentence(b.text) // set under the picture
	if (out == markCaption || b.caption) && !lead {
		return detente.BlockCaption
	}
	density := float64(b.links) / float64(len(b.text))
	if density > linkHeavy && b.words < 30 {
		return detente.BlockFurniture
	}
	switch partOf(b.text) {
	case partShare:
		return detente.BlockShare
	case partCaption:
		return detente.BlockCaption
	case partComments, partRules:
		return detente.BlockComment
	case partNone:
	default:
		return detente.BlockFurniture
	}
	if title != "" && sameWords(b.text, title) {
		return detente.BlockFurniture
	}
	return detente.BlockBody
}
