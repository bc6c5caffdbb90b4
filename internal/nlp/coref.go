package nlp

import (
	"sort"
	"strings"
)

// Kinds of mention.
const (
	MentionName    = "name"
	MentionTitle   = "title"
	MentionPronoun = "pronoun"
	MentionGroup   = "group"
)

// findChains reads who is who in d.
//
// One pass from left to right keeps the referents of the text, the one spoken
// of last in front, and gives every mention to one of them or to a new one:
// names by their words (coref_name.go), role phrases by the roles that the text
// itself gave a person (coref_role.go), pronouns by gender, number, place in
// the clause and distance, with quotations kept apart from what is around them
// (coref_pronoun.go). The words are data/lang/en/coref.txt and coref-names.txt.
// Look-back is bounded, so that time grows with the length of the text alone.
// "I" and "we" are left to whoever knows the speaker.
func findChains(d *Doc, low []string) []Chain {
	c := newCoref(d, low)
	for si := range d.Sents {
		c.readSentence(si)
	}
	return c.chains()
}

// referent is one person, body, place or group that the text speaks of.
type referent struct {
	kind     EntKind
	name     []string // words of the longest name, lower case; nil for none
	roles    []role
	gender   byte // 'm', 'f', or 0
	group    []int
	gone     bool // left an office in this text
	mentions []Mention
}

// coref is the state of reading one document.
type coref struct {
	d     *Doc
	low   []string
	words map[string]phrases
	given phrases
	nick  phrases

	spans  []nameSpan // names in text order
	next   int        // the next of them
	inName []bool     // words of those names
	taken  []bool     // words of the titles before them

	refs   []*referent
	recent []int            // referents, the one mentioned last in front
	byName map[string][]int // word of a name → referents that have it
	saidOf map[int]int      // role noun → person of whom it is said beside the name
	called map[string]int   // other noun → person beside whose name it stood last
	owner  []int            // word → 1 + referent of the mention headed there
	quotes []quotation
	quoted []int // word → 1 + quotation it stands in
}

// lookBack is how many referents back a name, a role or a pronoun may reach.
const lookBack = 60

var (
	corefPhrases = loadPhrases("lang/en/coref.txt")
	givenPhrases = loadPhrases("lang/en/coref-names.txt")
)

func newCoref(d *Doc, low []string) *coref {
	c := &coref{d: d, low: low, words: corefPhrases(), given: givenPhrases()["given-name"], nick: givenPhrases()["nickname"],
		byName: map[string][]int{}, saidOf: map[int]int{}, called: map[string]int{}, owner: make([]int, len(d.Words)), taken: make([]bool, len(d.Words))}
	c.findNames()
	c.findQuotes()
	return c
}

// readSentence links names first, since a pronoun may depend on who speaks in
// the same sentence; then role phrases, groups and pronouns from left to right.
func (c *coref) readSentence(si int) {
	s := c.d.Sents[si]
	for ; c.next < len(c.spans) && c.spans[c.next].first < s.End; c.next++ {
		c.readName(c.spans[c.next], s)
	}
	for i := s.First; i < s.End; i++ {
		switch {
		case c.owner[i] != 0:
		case c.readNational(i, s):
		case c.inName[i]:
		case c.taken[i] && c.d.Words[i].UPOS != "PRON":
		case c.readGroup(i, s):
		case c.readRole(i, s):
		case c.readCalled(i, s):
		default:
			c.readPronoun(i, s)
		}
	}
	for i := s.First; i < s.End; i++ {
		c.noteSuccession(i, s)
		c.noteDeparture(i)
	}
}

// add makes a new referent.
func (c *coref) add(kind EntKind) int {
	c.refs = append(c.refs, &referent{kind: kind})
	c.recent = append([]int{len(c.refs) - 1}, c.recent[:min(len(c.recent), lookBack)]...)
	return len(c.refs) - 1
}

// mention gives a mention to referent r and puts r in front.
func (c *coref) mention(r int, m Mention) {
	ref := c.refs[r]
	ref.mentions = append(ref.mentions, m)
	c.owner[m.Head] = r + 1
	for at, x := range c.recent {
		if x == r {
			copy(c.recent[1:at+1], c.recent[:at])
			c.recent[0] = r
			return
		}
	}
	c.recent = append([]int{r}, c.recent[:min(len(c.recent), lookBack)]...)
}

// lastBefore is the last mention of r that begins before word i.
func (r *referent) lastBefore(i int) (Mention, bool) {
	for k := len(r.mentions) - 1; k >= 0 && k >= len(r.mentions)-8; k-- {
		if r.mentions[k].First < i {
			return r.mentions[k], true
		}
	}
	return Mention{}, false
}

// chains gives the referents that have a name, or more than one mention, or
// are groups, ordered by their first mention.
func (c *coref) chains() []Chain {
	var kept []int
	for i, r := range c.refs {
		if len(r.mentions) > 1 || len(r.mentions) == 1 && (r.name != nil || r.group != nil) {
			sort.SliceStable(r.mentions, func(a, b int) bool { return r.mentions[a].First < r.mentions[b].First })
			kept = append(kept, i)
		}
	}
	c.keepMembers(&kept)
	sort.SliceStable(kept, func(a, b int) bool {
		return c.refs[kept[a]].mentions[0].First < c.refs[kept[b]].mentions[0].First
	})
	index := make(map[int]int, len(kept))
	for at, i := range kept {
		index[i] = at
	}
	var out []Chain
	for _, i := range kept {
		r := c.refs[i]
		for k := range r.mentions {
			if r.mentions[k].Kind == MentionGroup {
				r.mentions[k].Members = []int{index[r.group[0]], index[r.group[1]]}
			}
		}
		out = append(out, Chain{Name: c.longestName(r), Mentions: r.mentions})
	}
	return out
}

// keepMembers adds the members of kept groups that would otherwise be left out.
func (c *coref) keepMembers(kept *[]int) {
	have := map[int]bool{}
	for _, i := range *kept {
		have[i] = true
	}
	for _, i := range *kept {
		for _, member := range c.refs[i].group {
			if !have[member] {
				have[member] = true
				*kept = append(*kept, member)
			}
		}
	}
}

// longestName is the longest proper name among the mentions, as written.
func (c *coref) longestName(r *referent) string {
	name := ""
	for _, m := range r.mentions {
		if m.Kind != MentionName {
			continue
		}
		span := c.nameWithin(m)
		if text := c.d.Text[c.d.Words[span.first].Start:c.d.Words[span.end-1].End]; len(text) > len(name) {
			name = text
		}
	}
	return strings.Join(strings.Fields(name), " ")
}

// nameWithin is the proper name inside a mention that may begin with titles.
func (c *coref) nameWithin(m Mention) nameSpan {
	first := m.End
	for first > m.First && c.inName[first-1] {
		first--
	}
	return nameSpan{first: first, end: m.End}
}
