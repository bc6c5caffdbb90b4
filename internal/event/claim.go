package event

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"detente"
)

// topic says that a noun phrase with one word of each set speaks of channels:
// a row of data/dialogue/topics.tsv.
type topic struct {
	channels []detente.Channel
	all      [][]string // each inner list: alternatives, one of which must be there
}

// loadTopics reads channels<TAB>words: channels joined by comma; words that
// must all be there by space, alternatives by "|".
func loadTopics(fsys fs.FS, name string) ([]topic, error) {
	var out []topic
	err := rows(fsys, name, func(cols []string) error {
		if len(cols) != 2 {
			return errors.New("a topic is channels, a tab, and words")
		}
		var t topic
		for _, ch := range strings.Split(cols[0], ",") {
			if !slices.Contains(detente.Channels, detente.Channel(ch)) {
				return fmt.Errorf("no channel %q in the codebook", ch)
			}
			t.channels = append(t.channels, detente.Channel(ch))
		}
		for _, alt := range strings.Fields(cols[1]) {
			t.all = append(t.all, strings.Split(alt, "|"))
		}
		out = append(out, t)
		return nil
	})
	return out, err
}

// matches reports whether words (lemmas and forms) hold the topic.
func (t topic) matches(words map[string]bool) bool {
	for _, alts := range t.all {
		if !slices.ContainsFunc(alts, func(w string) bool { return words[w] }) {
			return false
		}
	}
	return true
}

// topicChannels gives the channels that the words speak of: those of the most
// demanding rows that match.
func (c *Coder) topicChannels(words map[string]bool) []detente.Channel {
	best := 0
	var out []detente.Channel
	for _, t := range c.topics {
		if len(t.all) < best || !t.matches(words) {
			continue
		}
		if len(t.all) > best {
			best, out = len(t.all), nil
		}
		for _, ch := range t.channels {
			if !slices.Contains(out, ch) {
				out = append(out, ch)
			}
		}
	}
	return out
}

// channelsOf gives the channels that an event's own words name; empty leaves
// the choice to the offices of its participants.
func (c *coding) channelsOf(r *Rule, f *frame) []detente.Channel {
	if len(r.Channels) > 0 {
		return r.Channels
	}
	words := map[string]bool{}
	c.phraseWords(words, f.trigger)
	for _, o := range f.slots["object"] {
		c.phraseWords(words, o)
	}
	for _, o := range f.obl {
		for _, p := range o.preps {
			switch p {
			case "on", "about", "through", "via", "for", "regarding", "concerning", "into", "in", "from":
				if p == "in" && c.mention(o.head) != nil {
					continue // where they met is not what they talked about
				}
				c.phraseWords(words, o.head)
			}
		}
	}
	return c.topicChannels(words)
}

// trade gives the channels that the words for officials of no telling office
// name: "finance officials", "the customs chiefs of both countries".
func (c *coding) trade(ev *detente.Event) []detente.Channel {
	words := map[string]bool{}
	for _, side := range [][]detente.Participant{ev.Source, ev.Target} {
		for i := range side {
			if side[i].Office != "" && side[i].Office != "government" {
				return nil
			}
			r := c.wordsOf(side[i].Span)
			if r.empty() {
				continue
			}
			for w := c.left(c.headOf(r)); w < r.end; w++ {
				if rel := c.tree.rel(w); (rel == "compound" || rel == "amod") && c.tree.word(w).UPOS != "PROPN" {
					c.addWord(words, w)
				}
			}
		}
	}
	return c.topicChannels(words)
}

// phraseWords collects the lemmas and forms of a noun phrase: its head,
// modifiers and of-phrases; names of actors are left out, since who talks is
// not what they talk about.
func (c *coding) phraseWords(into map[string]bool, w int) {
	t := c.tree
	c.addWord(into, w)
	for _, k := range t.kids[w] {
		switch t.rel(k) {
		case "amod", "compound", "nummod", "conj", "fixed", "flat":
			for _, x := range t.conj(k) {
				c.addWord(into, x)
				c.modifierWords(into, x)
			}
			if t.rel(k) == "conj" && isNoun(t.word(k)) {
				c.modifierWords(into, k)
			}
		case "nmod":
			if t.word(k).Rel == "nmod:poss" {
				continue
			}
			for _, p := range t.preps(k) {
				if p == "of" || p == "on" || p == "about" || p == "over" || p == "for" || p == "in" || p == "between" || p == "at" {
					if p != "of" || !c.class("vessel", t.lemma(w)) { // "lines of communication" are no telephone lines
						c.addWord(into, k)
					}
					c.modifierWords(into, k)
				}
			}
		}
	}
}

func (c *coding) modifierWords(into map[string]bool, w int) {
	t := c.tree
	for _, k := range t.kids[w] {
		if r := t.rel(k); r == "amod" || r == "compound" {
			c.addWord(into, k)
		}
	}
}

// addWord notes a word's lemma and form, and the whole of a word that the
// tokeniser split at its hyphen ("high-level").
func (c *coding) addWord(into map[string]bool, i int) {
	t := c.tree
	into[t.lemma(i)], into[t.form(i)] = true, true
	for _, h := range []int{i - 1, i + 1} { // the hyphen before or after
		if h > 0 && h+1 < len(t.words) && t.form(h) == "-" && !t.word(h-1).SpaceAfter && !t.word(h).SpaceAfter {
			into[t.form(h-1)+"-"+t.form(h+1)] = true
		}
	}
}

// contextsOf names PLOVER contexts for channels.
func contextsOf(chs []detente.Channel) []string {
	out := []string{}
	for _, ch := range chs {
		x := ""
		switch ch {
		case detente.Leaders, detente.ForeignMinisters, detente.Embassies, detente.ChannelAll, detente.Mediated:
			x = "diplomatic"
		case detente.Military, detente.ArmsControl, detente.Hotline:
			x = "military"
		case detente.Security:
			x = "intelligence"
		case detente.Economy:
			x = "economic"
		case detente.Legislatures:
			x = "legislative"
		case detente.Humanitarian:
			x = "humanitarian"
		}
		if x != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// claim notes what is said about the state of a channel. The dyad is the
// parties that the channel's phrase names, completed by the speaker's party
// and, where still one is missing, by the text around.
func (c *coding) claim(r *Rule, f *frame, st *detente.Statement) bool {
	s := c.stanceOf(r, f, st)
	state := r.Claim
	switch {
	case s.negated || s.fact == detente.DeniedHappened:
		if state = r.Negated; state == "" {
			return false
		}
	case s.fact == detente.Planned || s.fact == detente.CalledFor:
		return false
	}
	var heads []int
	for _, a := range r.About {
		heads = append(heads, c.tree.follow(f, a)...)
	}
	if len(r.About) == 0 {
		heads = []int{f.trigger}
	}
	dyad, ok := c.claimDyad(heads, f, st)
	if !ok {
		return false
	}
	channels := r.Channels
	if len(channels) == 0 {
		words := map[string]bool{}
		for _, h := range heads {
			c.phraseWords(words, h)
		}
		channels = c.topicChannels(words)
	}
	if len(channels) == 0 {
		channels = []detente.Channel{detente.ChannelAll}
	}
	id := detente.StatementID("")
	if st != nil {
		id = st.ID
	}
	sent := c.tree.word(f.trigger).Sent
	for _, ch := range channels {
		c.claims = append(c.claims, detente.Claim{Statement: id, Dyad: dyad, Channel: ch, State: state,
			Scope: c.scope(heads), Sentence: sent, Span: c.spans[f.trigger], Rule: r.ID})
	}
	return true
}

// claimDyad finds the two parties that a claim is about.
func (c *coding) claimDyad(heads []int, f *frame, st *detente.Statement) (detente.Dyad, bool) {
	var ps []detente.Party
	add := func(list ...detente.Party) {
		for _, p := range list {
			if p != "" && !slices.Contains(ps, p) {
				ps = append(ps, p)
			}
		}
	}
	for _, h := range heads {
		first, end := c.phrase(h)
		add(c.partiesIn(first, end)...)
	}
	if len(ps) < 2 {
		for _, slot := range []string{"subject", "with|between|to", "object"} {
			for _, p := range c.participants(c.tree.fill(f, slot), st) {
				add(p.Party)
			}
		}
	}
	if len(ps) < 2 && st != nil && isState(st.Speaker.Party) {
		add(st.Speaker.Party)
	}
	if len(ps) == 1 {
		add(c.partner(f.trigger, ps[0]))
	}
	if len(ps) == 0 {
		if pair := c.pairBefore(f.trigger); len(pair) == 2 {
			add(pair...)
		}
	}
	if len(ps) < 2 {
		return detente.Dyad{}, false
	}
	return detente.NewDyad(ps[0], ps[1]), true
}

// phrase gives the run of words under a noun head: its subtree, clauses left out.
func (c *coding) phrase(h int) (first, end int) {
	t := c.tree
	first, end = h, h+1
	var walk func(i, depth int)
	walk = func(i, depth int) {
		first, end = min(first, i), max(end, i+1)
		if depth > 20 {
			return
		}
		for _, k := range t.kids[i] {
			switch t.rel(k) {
			case "acl", "advcl", "parataxis", "ccomp", "cc", "punct", "nsubj", "cop", "aux", "advmod":
			case "conj":
				if isNoun(t.word(k)) {
					walk(k, depth+1)
				}
			default:
				walk(k, depth+1)
			}
		}
	}
	walk(h, 0)
	return first, end
}

// scope reads how much of the channel a claim covers.
func (c *coding) scope(heads []int) string {
	t := c.tree
	for _, h := range heads {
		for _, k := range t.kids[h] {
			w := t.form(k)
			switch {
			case c.class("almost", w), w == "most":
				return "almost every"
			case c.class("every", w):
				for _, g := range append(slices.Clone(t.kids[k]), t.kids[h]...) {
					if c.class("almost", t.form(g)) {
						return "almost every"
					}
				}
				return "every"
			case c.class("some", w):
				return "some"
			}
		}
	}
	return ""
}
