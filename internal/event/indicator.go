package event

import (
	"bufio"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Indicators finds statements about time series: "the index is up 14 percent
// since the election". Its words are data/events/indicators.tsv, and the
// occasions that texts count from data/events/occasions.tsv; read-only.
//
// Method: every amount with a unit ("14 percent", "$3") climbs the tree to a
// word of movement near above it; that word's subject must be a series. An
// amount behind a preposition of level ("to $45") is no movement, and what will
// or may move has not moved.
type Indicators struct {
	words     map[string]map[string]string // kind → words → value
	occasions []occasion
	kinds     map[string][]string // kind of occasion → words that tell it
}

// occasion is a dated public event that texts count from.
type occasion struct {
	date  detente.Date
	kind  string
	names []string // lower case
}

// LoadIndicators reads events/indicators.tsv and events/occasions.tsv of fsys.
func LoadIndicators(fsys fs.FS) (*Indicators, error) {
	x := &Indicators{words: map[string]map[string]string{}, kinds: map[string][]string{}}
	err := rows(fsys, "events/indicators.tsv", func(cols []string) error {
		if len(cols) < 2 || cols[0] == "unit" && len(cols) < 3 {
			return fmt.Errorf("a row is kind, words and, for a unit, its name")
		}
		if x.words[cols[0]] == nil {
			x.words[cols[0]] = map[string]string{}
		}
		x.words[cols[0]][cols[1]] = cols[len(cols)-1]
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = rows(fsys, "events/occasions.tsv", func(cols []string) error {
		if len(cols) == 3 && cols[0] == "words" {
			x.kinds[cols[1]] = strings.Fields(cols[2])
			return nil
		}
		if len(cols) != 4 {
			return fmt.Errorf("a row is day, party, kind and names, or words, kind and its words")
		}
		date, err := detente.ParseDate(cols[0])
		if err != nil {
			return err
		}
		if x.kinds[cols[2]] == nil {
			return fmt.Errorf("kind %q has no words; add a row \"words\" for it above", cols[2])
		}
		names := strings.Split(strings.ToLower(cols[3]), "|")
		x.occasions = append(x.occasions, occasion{date, cols[2], names})
		return nil
	})
	return x, err
}

// rows gives the cells of every row of a tab-separated file; # starts a comment.
func rows(fsys fs.FS, name string, row func(cols []string) error) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimRight(lines.Text(), " \t\r")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := row(strings.Split(line, "\t")); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return lines.Err()
}

func (x *Indicators) is(kind, word string) bool {
	_, ok := x.words[kind][word]
	return ok
}

// Find gives the statements about series in text order.
func (x *Indicators) Find(doc *nlp.Doc, sts []detente.Statement, published detente.Date) []detente.Indicator {
	s := &series{Indicators: x, doc: doc, tree: newTree(doc, &actor.Cast{}), published: published}
	var out []detente.Indicator
	for i := range doc.Words {
		a, ok := s.amountAt(i)
		if !ok {
			continue
		}
		ind, ok := s.told(a)
		if !ok || len(out) > 0 && out[len(out)-1].Overlaps(ind.Span) {
			continue
		}
		ind.Statement = within(sts, ind.Span)
		out = append(out, ind)
	}
	return out
}

// within gives the innermost statement whose content covers span.
func within(sts []detente.Statement, span detente.Span) *detente.StatementID {
	var best *detente.Statement
	for i := range sts {
		covers := slices.ContainsFunc(sts[i].Content, func(c detente.Span) bool { return c.Contains(span) })
		if covers && (best == nil || length(sts[i].Content) < length(best.Content)) {
			best = &sts[i]
		}
	}
	if best == nil {
		return nil
	}
	return &best.ID
}

// series is the work on one Doc.
type series struct {
	*Indicators
	doc       *nlp.Doc
	tree      *tree
	published detente.Date
}

// amount is a number with its unit: words first … end-1.
type amount struct {
	first, end int
	value      float64
	unit       string
}

// amountAt reads an amount whose number is word i.
func (s *series) amountAt(i int) (amount, bool) {
	value, err := strconv.ParseFloat(strings.ReplaceAll(s.doc.Words[i].Form, ",", ""), 64)
	if err != nil || value == 0 {
		return amount{}, false
	}
	sent := s.doc.Sents[s.doc.Words[i].Sent]
	a := amount{first: i, end: i + 1, value: value}
	if i > sent.First && s.tree.form(i-1) != "%" {
		if unit, ok := s.words["unit"][s.tree.form(i-1)]; ok {
			a.first, a.unit = i-1, unit
		}
	}
	for n := 2; n >= 1 && a.unit == ""; n-- {
		if i+n >= sent.End {
			continue
		}
		words := s.tree.form(i + 1)
		if n == 2 {
			words += " " + s.tree.lemma(i+2)
		} else if !s.is("unit", words) {
			words = s.tree.lemma(i + 1)
		}
		if unit, ok := s.words["unit"][words]; ok {
			a.end, a.unit = i+1+n, unit
		}
	}
	return a, a.unit != ""
}

// climbs bounds how far above its amount a movement may stand.
const climbs = 4

// told reads the movement that an amount belongs to.
func (s *series) told(a amount) (detente.Indicator, bool) {
	head := s.head(a)
	if s.level(a, head) {
		return detente.Indicator{}, false
	}
	for n, w := 0, head; n < climbs && w >= 0; n, w = n+1, s.tree.word(w).Head {
		for _, movement := range append([]int{w}, s.adverbs(w)...) {
			sign := s.sign(movement)
			if sign == 0 || s.unmoved(w) || s.unmoved(movement) {
				continue
			}
			if subject, ok := s.subject(movement); ok {
				return s.indicator(a, movement, subject, sign), true
			}
		}
	}
	return detente.Indicator{}, false
}

// adverbs are the adverbs of a word: in "is up 3 percent" the amount may be
// the predicate, and the movement its adverb.
func (s *series) adverbs(w int) []int {
	var out []int
	for _, k := range s.tree.kids[w] {
		if r := s.tree.rel(k); r == "advmod" || r == "compound" {
			out = append(out, k)
		}
	}
	return out
}

// head is the word of an amount whose head lies outside of it.
func (s *series) head(a amount) int {
	for i := a.first; i < a.end; i++ {
		if h := s.tree.word(i).Head; h < a.first || h >= a.end {
			return i
		}
	}
	return a.first
}

// level reports an amount that is a level reached or left.
func (s *series) level(a amount, head int) bool {
	for _, p := range s.tree.preps(head) {
		if s.is("level", p) {
			return true
		}
	}
	before := a.first - 1
	return before >= 0 && s.tree.word(before).Sent == s.tree.word(a.first).Sent && s.is("level", s.tree.form(before))
}

// sign is 1 for a word of upward movement, -1 for one of downward, else 0.
func (s *series) sign(w int) float64 {
	for _, form := range []string{s.tree.lemma(w), s.tree.form(w)} {
		switch {
		case s.is("up", form):
			return 1
		case s.is("down", form):
			return -1
		}
	}
	return 0
}

// unmoved reports a movement that is denied, expected, possible or intended.
func (s *series) unmoved(w int) bool {
	if s.tree.negated(w) || s.tree.hasTo(w) {
		return true
	}
	return slices.ContainsFunc(s.tree.kids[w], func(k int) bool {
		return s.tree.rel(k) == "aux" && s.is("doubt", s.tree.lemma(k))
	})
}

// subject gives the series that moves: the subject of a verb or predicate, the
// noun that an adverb of movement modifies ("the index, up 3 percent"), or
// what a noun of movement is of ("a 3 percent fall in exports").
func (s *series) subject(w int) (int, bool) {
	t := s.tree
	var candidates []int
	if subj, ok := t.subject(w); ok {
		candidates = append(candidates, subj)
	}
	for _, k := range t.kids[w] {
		if t.rel(k) == "nmod" && slices.ContainsFunc(t.preps(k), func(p string) bool { return p == "in" || p == "of" }) {
			candidates = append(candidates, k)
		}
	}
	if h := t.word(w).Head; h >= 0 && !isVerb(t.word(w)) {
		candidates = append(candidates, h)
		if subj, ok := t.subject(h); ok {
			candidates = append(candidates, subj)
		}
	}
	for _, c := range candidates {
		if s.isSeries(c) {
			return c, true
		}
	}
	return 0, false
}

func (s *series) isSeries(w int) bool {
	first, end := s.phrase(w)
	for i := first; i < end; i++ {
		if l := s.tree.lemma(i); (s.is("series", l) || s.is("currency", l)) && isNoun(s.tree.word(i)) {
			return true
		}
	}
	return false
}

// phrase is the run of a noun and what names it more closely: words before it
// that hang on it, and a following "of …" or "in …".
func (s *series) phrase(w int) (first, end int) {
	t := s.tree
	first, end = w, w+1
	for first > 0 && t.word(first-1).Sent == t.word(w).Sent && t.ancestor(w, first-1) {
		switch t.rel(first - 1) {
		case "punct", "cc", "mark", "advmod", "case":
			if t.word(first-1).XPOS != "POS" {
				return first, end
			}
		}
		first--
	}
	for _, k := range t.kids[w] {
		if k > w && (t.rel(k) == "flat" || t.rel(k) == "nmod") {
			end = max(end, k+1)
		}
	}
	return first, end
}

// indicator puts together what an amount, its movement and its series say.
func (s *series) indicator(a amount, movement, subject int, sign float64) detente.Indicator {
	first, end := s.phrase(subject)
	ind := detente.Indicator{Name: s.name(first, end), Change: sign * a.value, Unit: a.unit}
	from, to := min(first, movement, a.first), max(end, movement+1, a.end)
	if against, ok := s.against(movement, a); ok {
		ind.Name += " against the " + s.doc.Words[against].Form
		to = max(to, against+1)
	}
	if since := s.since(movement, a); since != nil {
		ind.Since, ind.SinceText = since.From, s.text(since.First, since.End)
		if ind.Since == "" {
			ind.Since = s.occasion(since.First, since.End)
		}
		to = max(to, since.End)
	}
	ind.Span = s.doc.Span(from, to)
	return ind
}

// since finds the base of a movement: of its clause, else the first one that
// follows the amount in its sentence.
func (s *series) since(movement int, a amount) *nlp.Time {
	if t := s.doc.SinceOf(movement); t != nil {
		return t
	}
	end := s.doc.Sents[s.tree.word(a.first).Sent].End
	i := slices.IndexFunc(s.doc.Times, func(t nlp.Time) bool {
		return t.Kind == nlp.TimeSince && t.First >= a.end && t.First < end
	})
	if i < 0 {
		return nil
	}
	return &s.doc.Times[i]
}

// name is a series as the text names it, without article, and without a
// generic word behind a proper name.
func (s *series) name(first, end int) string {
	for first < end-1 && s.tree.word(first).UPOS == "DET" {
		first++
	}
	proper := -1
	for i := first; i < end-1; i++ {
		if s.capital(i) {
			proper = i
		}
	}
	if last := end - 1; proper >= 0 && s.is("generic", s.tree.lemma(last)) {
		for !s.capital(first) {
			first++
		}
		end = proper + 1
	}
	return s.text(first, end)
}

// capital reports a word of a proper name, by its tag or by its capital.
func (s *series) capital(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.tree.word(i).Form)
	return s.tree.word(i).UPOS == "PROPN" || unicode.IsUpper(r)
}

// against finds the currency that a movement is measured against.
func (s *series) against(movement int, a amount) (int, bool) {
	t := s.tree
	for _, h := range []int{movement, s.head(a)} {
		for _, k := range t.kids[h] {
			if s.is("currency", t.lemma(k)) && slices.Contains(t.preps(k), "against") {
				return k, true
			}
		}
	}
	return 0, false
}

// occasion dates the words of a "since" by a known public occasion; empty where
// none or more than one can be meant.
func (s *series) occasion(first, end int) detente.Date {
	said := s.wordsOf(first, end)
	var named, bare detente.Date
	bareCount := 0
	for _, o := range s.occasions {
		if s.published != "" && o.date > s.published || !intersects(said, s.kinds[o.kind]) {
			continue
		}
		if intersects(said, o.names) {
			named = max(named, o.date)
		} else if s.published != "" && o.date > s.published.AddDays(-365) && s.mentions(o) {
			bare = o.date
			bareCount++
		}
	}
	if named != "" || bareCount != 1 {
		return named
	}
	return bare
}

// mentions reports whether the article names one of an occasion's names.
func (s *series) mentions(o occasion) bool {
	for i := range s.doc.Words {
		if slices.Contains(o.names, s.tree.form(i)) {
			return true
		}
	}
	return false
}

func (s *series) wordsOf(first, end int) []string {
	var out []string
	for i := first; i < end; i++ {
		out = append(out, s.tree.form(i), s.tree.lemma(i))
	}
	return out
}

func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) })
}

func (s *series) text(first, end int) string {
	return s.doc.Text[s.doc.Words[first].Start:s.doc.Words[end-1].End]
}
