package nlp

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// CorefGold is a text with its mentions of persons.
type CorefGold struct {
	ID   string
	Text string
	Want []CorefWant
}

// CorefWant is one mention: bytes Start … End of the text, spoken of the person
// with number Chain. Pronoun tells whether it is one, Predicate whether it says
// what somebody is and points at nobody ("became a judge"). Person and Named are
// of its chain: it is one person's, and names that person somewhere. Group has
// the chains of the two that a mention like "both ministers" speaks of together.
type CorefWant struct {
	Start, End         int
	Chain              int
	Group              []int
	Pronoun, Predicate bool
	Person, Named      bool
}

// ReadCorefGold reads our own form: texts that begin with a line "== name",
// their mentions marked as {n|words} with a number for each person, {n:p|he}
// for a pronoun, {1+2|both ministers} for two of them together and {n:b|Sweden}
// for a country or body that is part of such a group. Marks may nest.
func ReadCorefGold(r io.Reader) ([]CorefGold, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var out []CorefGold
	for _, part := range strings.Split("\n"+string(b), "\n== ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		text, marks, err := readMarks(strings.TrimSpace(body))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		g := CorefGold{ID: strings.TrimSpace(name), Text: text}
		for _, m := range marks {
			w, err := corefWantOf(m)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			g.Want = append(g.Want, w)
		}
		out = append(out, g)
	}
	return out, nil
}

func corefWantOf(m mark) (CorefWant, error) {
	w := CorefWant{Start: m.start, End: m.end}
	label, kind, _ := strings.Cut(m.label, ":")
	for _, part := range strings.Split(label, "+") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return w, fmt.Errorf("%w: mark %q has no number", ErrGold, m.label)
		}
		w.Group = append(w.Group, n)
	}
	if len(w.Group) == 1 {
		w.Chain, w.Group = w.Group[0], nil
		w.Person, w.Named, w.Pronoun = kind != "b", kind != "b", kind == "p"
	}
	return w, nil
}

// ReadOntoGUM reads one document of OntoGUM (WebAnno TSV 3.2).
func ReadOntoGUM(name string, r io.Reader) (CorefGold, error) {
	t := tsvReader{spans: map[string]*tsvSpan{}, parent: map[string]string{}}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), 1<<24)
	for sc.Scan() {
		line := sc.Text()
		if strings.HasPrefix(line, "#Text=") {
			t.text.paragraph()
		}
		if col := strings.Split(line, "\t"); len(col) >= 10 && line[0] != '#' {
			t.token(col)
		}
	}
	if err := sc.Err(); err != nil {
		return CorefGold{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(t.order) == 0 && t.text.Len() == 0 {
		return CorefGold{}, fmt.Errorf("%s: %w: no token lines of WebAnno TSV", name, ErrGold)
	}
	return t.gold(name), nil
}

// tsvSpan is one annotated span of WebAnno TSV. Identity is the name of the
// encyclopedia's article on whom it is spoken of, where the data tell it.
type tsvSpan struct {
	start, end int
	person     bool
	words      []string
	identity   string
}

type tsvReader struct {
	text   detokenizer
	spans  map[string]*tsvSpan
	order  []string
	parent map[string]string
}

var (
	tsvLabel = regexp.MustCompile(`^(.*)\[(\d+)\]$`)
	tsvLink  = regexp.MustCompile(`^(\S+?)(?:\[(\d+)_(\d+)\])?$`)
)

// token reads a token line: id, offsets, form, entity type, … relation, target.
// A span of one token without a number is named by its token.
func (t *tsvReader) token(col []string) {
	start := t.text.put(col[2])
	if col[3] != "_" {
		for _, label := range strings.Split(col[3], "|") {
			id, kind := "t"+col[0], label
			if m := tsvLabel.FindStringSubmatch(label); m != nil {
				id, kind = m[2], m[1]
			}
			s := t.spans[id]
			if s == nil {
				s = &tsvSpan{start: start, person: kind == "person"}
				t.spans[id] = s
				t.order = append(t.order, id)
			}
			s.end = t.text.Len()
			s.words = append(s.words, col[2])
		}
	}
	t.identify(col)
	if col[9] == "_" {
		return
	}
	for _, link := range strings.Split(col[9], "|") {
		m := tsvLink.FindStringSubmatch(link)
		if m == nil {
			continue
		}
		from, to := "t"+col[0], "t"+m[1]
		if m[3] != "" && m[3] != "0" {
			from = m[3]
		}
		if m[2] != "" && m[2] != "0" {
			to = m[2]
		}
		t.parent[t.root(from)] = t.root(to)
	}
}

// identify notes the identities of the spans that begin at a token.
func (t *tsvReader) identify(col []string) {
	if col[6] == "_" {
		return
	}
	for _, label := range strings.Split(col[6], "|") {
		id, identity := "t"+col[0], label
		if m := tsvLabel.FindStringSubmatch(label); m != nil {
			id, identity = m[2], m[1]
		}
		if s := t.spans[id]; s != nil {
			s.identity = identity
		}
	}
}

// joinIdentities makes one chain of those that have the same identity: a
// predicate that was taken out ("X was a general") leaves its chain in two.
func (t *tsvReader) joinIdentities() {
	first := map[string]string{}
	for _, id := range t.order {
		switch s := t.spans[id]; {
		case s.identity == "" || !s.person:
		case first[s.identity] == "":
			first[s.identity] = id
		case t.root(first[s.identity]) != t.root(id):
			t.parent[t.root(id)] = t.root(first[s.identity])
		}
	}
}

func (t *tsvReader) root(id string) string {
	for t.parent[id] != "" && t.parent[id] != id {
		id = t.parent[id]
	}
	return id
}

func (t *tsvReader) gold(name string) CorefGold {
	t.joinIdentities()
	g := CorefGold{ID: name, Text: t.text.String()}
	number := map[string]int{}
	person, named, several := map[int]bool{}, map[int]bool{}, map[int]bool{}
	for _, id := range t.order {
		s, root := t.spans[id], t.root(id)
		if number[root] == 0 {
			number[root] = len(number) + 1
		}
		n := number[root]
		w := CorefWant{Start: s.start, End: s.end, Chain: n, Pronoun: len(s.words) == 1 && isPronounForm(s.words[0])}
		person[n] = person[n] || s.person
		w.Predicate = !w.Pronoun && isPredicate(s.words)
		named[n] = named[n] || !w.Pronoun && endsInName(s.words)
		several[n] = several[n] || speaksOfSeveral(s.words)
		g.Want = append(g.Want, w)
	}
	for i := range g.Want {
		n := g.Want[i].Chain
		g.Want[i].Person, g.Want[i].Named = person[n] && !several[n], named[n]
	}
	return g
}

// speaksOfSeveral reports whether a mention shows its chain to be a group's:
// OntoGUM has peoples and couples under "person" too.
func speaksOfSeveral(words []string) bool {
	if len(words) == 1 {
		switch strings.ToLower(words[0]) {
		case "we", "us", "our", "ours", "they", "them", "their", "theirs", "themselves", "these", "those":
			return true
		}
	}
	return slices.Contains(words, "and") && !slices.Contains(words, ",") && startsUpper(words[0]) && startsUpper(words[len(words)-1])
}

// isPredicate reports whether a phrase has an indefinite article, or neither
// capitals nor a determiner ("president of the society").
func isPredicate(words []string) bool {
	switch strings.ToLower(words[0]) {
	case "a", "an":
		return true
	case "the", "this", "that", "my", "your", "his", "her", "its", "our", "their":
		return false
	}
	return !startsUpper(words[0]) && !endsInName(words) && !slices.Contains(words, "'s") && !slices.Contains(words, "’s")
}

func isPronounForm(w string) bool {
	switch strings.ToLower(w) {
	case "i", "me", "my", "mine", "myself", "you", "your", "yours", "yourself", "he", "him", "his", "himself", "she", "her", "hers",
		"herself", "it", "its", "itself", "we", "us", "our", "ours", "ourselves", "they", "them", "their", "theirs", "themselves",
		"this", "that", "these", "those", "who", "whom", "whose", "which", "one":
		return true
	}
	return false
}

// endsInName reports whether a capital word other than the first one, or a
// phrase that is nothing else, shows a name. An article and a capital word are
// none: "the President", "the Smiths".
func endsInName(words []string) bool {
	if len(words) == 2 && (words[0] == "the" || words[0] == "The") {
		return false
	}
	for i, w := range words {
		if i > 0 && (w == "," || w == "of" || w == "'s") {
			return false
		}
		if startsUpper(w) && (i > 0 || len(words) == 1 || startsUpper(words[1]) || words[1] == "," || words[1] == "'s") {
			return true
		}
	}
	return false
}

// CorefScore counts links between mentions of persons. A mention is linked
// right where the mention before it in its chain, of those that the gold data
// know, is spoken of the same person.
type CorefScore struct {
	Gold, Right int // gold mentions after the first of their person; linked right
	Read        int // mentions of ours that we linked to one before
	ReadRight   int
}

// Add adds the counts of o.
func (s *CorefScore) Add(o CorefScore) {
	s.Gold += o.Gold
	s.Right += o.Right
	s.Read += o.Read
	s.ReadRight += o.ReadRight
}

// ChainScore counts links by what is linked: names and role phrases of named
// persons, pronouns, and mentions of two together.
type ChainScore struct {
	Names, Pronouns, Groups CorefScore
}

// Add adds the counts of o.
func (s *ChainScore) Add(o ChainScore) {
	s.Names.Add(o.Names)
	s.Pronouns.Add(o.Pronouns)
	s.Groups.Add(o.Groups)
}

// ScoreChains compares the chains of d with gold; report, where not nil, is
// told each mention that is not linked right.
func ScoreChains(d *Doc, gold CorefGold, report func(want CorefWant)) ChainScore {
	at := alignChains(d, gold)
	names, pronouns := scoreLinks(d, gold, at, report)
	return ChainScore{names, pronouns, scoreGroups(d, gold, at, report)}
}

// scoreGroups counts groups of which both members are right. Gold data without
// groups says nothing about ours.
func scoreGroups(d *Doc, gold CorefGold, at []int, report func(want CorefWant)) CorefScore {
	var s CorefScore
	right := map[int]bool{}
	for _, ch := range d.Chains {
		for _, m := range ch.Mentions {
			if m.Kind != MentionGroup {
				continue
			}
			s.Read++
			if w := at[m.Head]; w >= 0 && len(gold.Want[w].Group) == 2 {
				a, b := d.goldChain(m.Members[0], gold, at), d.goldChain(m.Members[1], gold, at)
				want := gold.Want[w].Group
				right[w] = slices.Contains(want, a) && slices.Contains(want, b) && a != b
			}
		}
	}
	for w, want := range gold.Want {
		if want.Group == nil {
			continue
		}
		s.Gold++
		if right[w] {
			s.Right++
		} else if report != nil {
			report(want)
		}
	}
	if s.Gold == 0 {
		return CorefScore{}
	}
	s.ReadRight = s.Right
	return s
}

// goldChain is the gold chain that chain c begins with, or 0.
func (d *Doc) goldChain(c int, gold CorefGold, at []int) int {
	for _, m := range d.Chains[c].Mentions {
		if w := at[m.Head]; w >= 0 {
			return gold.Want[w].Chain
		}
	}
	return 0
}

func scoreLinks(d *Doc, gold CorefGold, at []int, report func(want CorefWant)) (names, pronouns CorefScore) {
	linked := map[int]bool{}
	for _, ch := range d.Chains {
		before := 0 // chain of the last name or role phrase that gold knows
		last := -1
		for _, m := range ch.Mentions {
			w := at[m.Head]
			if m.Kind == MentionGroup || w >= 0 && w == last {
				continue // a name and its apposition are one mention of gold
			}
			last = w
			score := &names
			if m.Kind == MentionPronoun {
				score = &pronouns
			}
			if w >= 0 && !gold.Want[w].Person {
				w = -1
			}
			if before != 0 && w >= 0 && gold.Want[w].Named && gold.Want[w].Pronoun == (m.Kind == MentionPronoun) {
				score.Read++
				if gold.Want[w].Chain == before {
					score.ReadRight++
					linked[w] = true
				}
			}
			if w >= 0 && m.Kind != MentionPronoun {
				before = gold.Want[w].Chain
			}
		}
	}
	seen := map[int]bool{}
	for w, want := range gold.Want {
		if !want.Person || !want.Named || want.Predicate || want.Pronoun && !isThirdPerson(gold.Text[want.Start:want.End]) {
			continue
		}
		if seen[want.Chain] {
			score := &names
			if want.Pronoun {
				score = &pronouns
			}
			score.Gold++
			if linked[w] {
				score.Right++
			} else if report != nil {
				report(want)
			}
		}
		if !want.Pronoun {
			seen[want.Chain] = true
		}
	}
	return names, pronouns
}

// isThirdPerson leaves out I, you and we, which findChains does not link.
func isThirdPerson(form string) bool { return corefPhrases()["pronoun"].has(strings.ToLower(form)) }

// alignChains gives for every word the narrowest gold mention that covers it,
// or -1.
func alignChains(d *Doc, gold CorefGold) []int {
	at := make([]int, len(d.Words))
	for i := range at {
		at[i] = -1
	}
	word := func(b int) int {
		lo, hi := 0, len(d.Words)
		for lo < hi {
			if mid := (lo + hi) / 2; d.Words[mid].End <= b {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		return lo
	}
	for w, want := range gold.Want {
		for i := word(want.Start); i < len(d.Words) && d.Words[i].Start < want.End; i++ {
			if at[i] < 0 || want.End-want.Start < gold.Want[at[i]].End-gold.Want[at[i]].Start {
				at[i] = w
			}
		}
	}
	return at
}

func startsUpper(w string) bool { return w != "" && w[0] >= 'A' && w[0] <= 'Z' }
