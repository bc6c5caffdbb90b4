package event

import (
	"slices"
	"strings"

	"detente/internal/actor"
	"detente/internal/nlp"
)

// tree answers questions about the dependency tree of a Doc: children by head,
// prepositions, frames of predicates. Built once a Doc.
type tree struct {
	doc   *nlp.Doc
	words []nlp.Word // the Doc's, heads and relations mended around mentions
	kids  [][]int    // children of each word, in text order

	lemmas, forms []string // in lower case

	// between holds the nouns whose own "with" says nothing of the verb above.
	between map[string]bool
}

func newTree(doc *nlp.Doc, cast *actor.Cast) *tree {
	n := len(doc.Words)
	t := &tree{doc: doc, words: slices.Clone(doc.Words), kids: make([][]int, n), lemmas: make([]string, n), forms: make([]string, n)}
	for i := range doc.Words {
		t.lemmas[i], t.forms[i] = strings.ToLower(doc.Words[i].Lemma), strings.ToLower(doc.Words[i].Form)
	}
	for i := range cast.Mentions {
		t.mend(&cast.Mentions[i])
	}
	for i := range doc.Times {
		t.mendTime(&doc.Times[i])
	}
	t.hang()
	return t
}

// hang lists the children of every word, all in one slice.
func (t *tree) hang() {
	count := make([]int, len(t.words))
	for i := range t.words {
		if h := t.words[i].Head; h >= 0 {
			count[h]++
		}
	}
	all := make([]int, len(t.words))
	for i, at := 0, 0; i < len(t.words); i++ {
		t.kids[i] = all[at : at : at+count[i]]
		at += count[i]
	}
	for i := range t.words {
		if h := t.words[i].Head; h >= 0 {
			t.kids[h] = append(t.kids[h], i)
		}
	}
}

// mendTime takes the clause that follows a date back to the verb: in "said on
// Wednesday that …" nothing modifies Wednesday.
func (t *tree) mendTime(tm *nlp.Time) {
	if tm.End >= len(t.words) || !strings.EqualFold(t.words[tm.End].Form, "that") {
		return
	}
	for v := tm.End + 1; v < len(t.words) && t.words[v].Sent == t.words[tm.End].Sent; v++ {
		w := &t.words[v]
		if h := w.Head; h >= tm.First && h < tm.End && strings.HasPrefix(w.Rel, "acl") {
			for n := 0; h >= 0 && !isVerb(&t.words[h]) && n < 8; n++ {
				h = t.words[h].Head
			}
			if h >= 0 && h != v {
				w.Head, w.Rel = h, "ccomp"
			}
			return
		}
	}
}

// mend makes a mention one unit of the tree: the actor room knows better than
// the parser where a name with its titles begins and ends. The word by which its
// head hangs on the rest of the sentence is its root; its other words that do
// so hang on the root, and so does a preposition before it.
func (t *tree) mend(m *actor.Mention) {
	if m.Pronoun || m.Adjective || m.End > len(t.words) {
		return
	}
	inside := func(i int) bool { return i >= m.First && i < m.End }
	root := t.rootOf(m, inside)
	if root < 0 {
		return
	}
	for i := m.First; i < m.End; i++ {
		if i != root && !inside(t.words[i].Head) && !t.above(i, root) {
			t.words[i].Head, t.words[i].Rel = root, "flat"
		}
	}
	if glued[t.rel(root)] && m.First > 0 && (t.form(m.First-1) == "and" || t.form(m.First-1) == "or") {
		t.words[root].Rel = "conj" // "John Kerry and Sergei Lavrov" are two
	}
	t.nominal(m, root)
	if m.First > 0 {
		if c := &t.words[m.First-1]; c.Rel == "case" && inside(c.Head) && !t.above(m.First-1, root) {
			c.Head = root
		}
	}
}

// rootOf chooses the word by which a mention hangs on the rest: one with a
// relation that says what the mention does there, rather than a piece that the
// parser glued to another name; the one over the mention's head, rather than
// another.
func (t *tree) rootOf(m *actor.Mention, inside func(int) bool) int {
	root := m.Head
	for n := m.First; n < m.End && inside(t.words[root].Head); n++ {
		root = t.words[root].Head
	}
	if inside(t.words[root].Head) {
		return -1 // a circle can't be in a tree; leave what is not understood
	}
	if !glued[t.rel(root)] {
		return root
	}
	for i := m.First; i < m.End; i++ {
		if !inside(t.words[i].Head) && !glued[t.rel(i)] {
			return i
		}
	}
	return root
}

// glued are relations that hold pieces of one name together.
var glued = map[string]bool{"flat": true, "compound": true, "fixed": true, "dep": true, "punct": true}

// nominal gives a mention that hangs on a verb by a relation that no name can
// have (auxiliary, adverb, complement) the one that its place suggests: before
// the verb its subject, after it its object.
func (t *tree) nominal(m *actor.Mention, root int) {
	w := &t.words[root]
	if w.Head < 0 || !isVerb(&t.words[w.Head]) {
		return
	}
	switch rel, _, _ := strings.Cut(w.Rel, ":"); rel {
	case "aux", "advmod", "xcomp", "amod", "mark", "det", "discourse", "compound":
		if m.Actor == nil || m.Actor.Party == "" {
			return // "called him a clever man"
		}
	case "obl", "nmod": // with no preposition, and no time
		if m.First == 0 || t.words[m.First-1].UPOS == "ADP" || t.words[m.First-1].UPOS == "PART" || m.Actor == nil || m.Actor.Kind == actor.KindPlace {
			return
		}
	default:
		return
	}
	switch {
	case m.End <= w.Head:
		w.Rel = "nsubj"
	case m.First > 0 && t.words[m.First-1].UPOS == "ADP":
		w.Rel = "obl"
	default:
		w.Rel = "obj"
	}
}

// above reports whether a is w or over it; unlike ancestor it looks all the way
// up, since hanging w's unit under a would close a circle.
func (t *tree) above(a, w int) bool {
	for n := 0; w >= 0 && n <= len(t.words); n++ {
		if w == a {
			return true
		}
		w = t.words[w].Head
	}
	return w >= 0
}

func (t *tree) word(i int) *nlp.Word { return &t.words[i] }

// rel gives the relation of a word without its subtype.
func (t *tree) rel(i int) string {
	r, _, _ := strings.Cut(t.words[i].Rel, ":")
	return r
}

// lemma and form are in lower case.
func (t *tree) lemma(i int) string { return t.lemmas[i] }
func (t *tree) form(i int) string  { return t.forms[i] }

// kid gives the first child with one of the relations (full or without
// subtype), or -1.
func (t *tree) kid(i int, rels ...string) int {
	for _, k := range t.kids[i] {
		for _, r := range rels {
			if t.words[k].Rel == r || t.rel(k) == r {
				return k
			}
		}
	}
	return -1
}

// preps gives the prepositions of a word, lower case, joined parts of a fixed
// expression with "_" ("because_of").
func (t *tree) preps(i int) []string {
	var out []string
	for _, k := range t.kids[i] {
		if t.rel(k) != "case" && t.rel(k) != "mark" || k > 0 && t.form(k-1) == "-" { // "military-to-military"
			continue
		}
		p := t.form(k)
		for _, f := range t.kids[k] {
			if t.rel(f) == "fixed" {
				p += "_" + t.form(f)
			}
		}
		out = append(out, p)
	}
	return out
}

// conj adds the conjuncts of each word.
func (t *tree) conj(words ...int) []int {
	out := append([]int(nil), words...)
	for n := 0; n < len(out) && n < 64; n++ {
		for _, k := range t.kids[out[n]] {
			if t.rel(k) == "conj" {
				out = append(out, k)
			}
		}
	}
	return out
}

// ancestor reports whether a is w or above it, within a bound that keeps a
// degenerate tree linear.
func (t *tree) ancestor(a, w int) bool {
	for n := 0; w >= 0 && n < 200; n++ {
		if w == a {
			return true
		}
		w = t.words[w].Head
	}
	return false
}

func isVerb(w *nlp.Word) bool { return w.UPOS == "VERB" || w.UPOS == "AUX" }
func isNoun(w *nlp.Word) bool { return w.UPOS == "NOUN" || w.UPOS == "PROPN" }

// passive reports whether a verb is in the passive voice: a passive subject,
// auxiliary or agent, or a bare past participle that modifies a noun.
func (t *tree) passive(v int) bool {
	for _, k := range t.kids[v] {
		switch t.word(k).Rel {
		case "nsubj:pass", "aux:pass", "csubj:pass":
			return true
		case "obl:agent":
			if slices.Contains(t.preps(k), "by") {
				return true
			}
		}
	}
	w := t.word(v)
	return w.XPOS == "VBN" && t.rel(v) == "acl" && t.kid(v, "aux", "nsubj") < 0
}

// subject gives the logical subject and passive subject of a verb, borrowing
// from the governor under control, coordination, relative and participle
// clauses. ok is false where there is none.
func (t *tree) subject(v int) (s int, ok bool) { return t.subjectDepth(v, 0) }

func (t *tree) subjectDepth(v, depth int) (int, bool) {
	if depth > 8 {
		return 0, false
	}
	if s := t.kid(v, "nsubj"); s >= 0 {
		if isRelative(t.word(s)) {
			if n := t.relativeHead(v); n >= 0 {
				return n, true
			}
		}
		return s, true
	}
	h := t.word(v).Head
	if h < 0 {
		return 0, false
	}
	if t.word(v).XPOS == "VBG" && t.kid(v, "mark") >= 0 { // "hours after severing ties": whoever did the rest
		for g := h; g >= 0; g = t.word(g).Head {
			if isVerb(t.word(g)) {
				return t.subjectDepth(g, depth+1)
			}
		}
	}
	switch t.rel(v) {
	case "conj":
		return t.subjectDepth(h, depth+1)
	case "xcomp", "ccomp":
		if o := t.kid(h, "obj", "iobj"); o >= 0 && t.rel(v) == "xcomp" && objectControl[t.lemma(h)] {
			return o, true
		}
		if t.passive(h) {
			if s := t.kid(h, "nsubj:pass"); s >= 0 {
				return s, true
			}
		}
		if t.rel(v) == "xcomp" || t.kid(v, "nsubj") < 0 && !finite(t.word(v)) {
			return t.subjectDepth(h, depth+1)
		}
	case "advcl":
		if o := t.asked(v); o >= 0 {
			return o, true
		}
		if m := t.kid(v, "mark"); m >= 0 && t.form(m) == "from" && objectControl[t.lemma(h)] { // "stopped Chad from shelling"
			if o := t.kid(h, "obj"); o >= 0 {
				return o, true
			}
		}
		if !finite(t.word(v)) || t.kid(v, "mark") >= 0 {
			return t.subjectDepth(h, depth+1)
		}
	case "parataxis":
		if t.kid(v, "nsubj") < 0 && !finite(t.word(v)) {
			return t.subjectDepth(h, depth+1)
		}
	case "acl":
		if isNoun(t.word(h)) || t.word(h).UPOS == "PRON" {
			if t.word(v).XPOS == "VB" { // a decision to meet: whoever decides
				if g := t.word(h).Head; g >= 0 && isVerb(t.word(g)) {
					return t.subjectDepth(g, depth+1)
				}
				if p := t.kid(h, "nmod:poss"); p >= 0 {
					return p, true
				}
				return 0, false
			}
			return h, true
		}
	}
	return 0, false
}

// subjects gives the subject and what else the parser hung on the verb as one:
// "Serbian President A and Kosovo Prime Minister B" may come in two pieces.
func (t *tree) subjects(v int) []int {
	s, ok := t.subject(v)
	if !ok {
		return nil
	}
	out := []int{s}
	for _, k := range t.kids[v] {
		if t.rel(k) == "nsubj" && k != s && k < v && !isRelative(t.word(k)) {
			out = append(out, k)
		}
	}
	return out
}

// objectControl are verbs whose object is the subject of what follows.
var objectControl = map[string]bool{
	"ask": true, "urge": true, "order": true, "tell": true, "invite": true, "force": true, "press": true,
	"allow": true, "permit": true, "persuade": true, "instruct": true, "oblige": true, "require": true,
	"give": true, "call": true, "want": true, "expect": true, "bar": true, "stop": true, "prevent": true,
}

// asked gives who is asked, told or ordered to do verb v, where the parser hung
// the infinitive on the clause as its purpose: "urged Chad to free them",
// "appealed to Chad to free them". -1 where v is no such infinitive.
func (t *tree) asked(v int) int {
	h := t.word(v).Head
	if h < 0 || t.rel(v) != "advcl" || t.word(v).XPOS != "VB" || !t.hasTo(v) || !isVerb(t.word(h)) || t.passive(h) {
		return -1
	}
	switch lemma := t.lemma(h); {
	case lemma == "appeal" || lemma == "call" || lemma == "plead":
		for _, k := range t.kids[h] {
			if ps := t.preps(k); t.rel(k) == "obl" && k > h && k < v && (slices.Contains(ps, "to") || slices.Contains(ps, "on") || slices.Contains(ps, "upon") || slices.Contains(ps, "with")) {
				return k
			}
		}
	case objectControl[lemma] && lemma != "give":
		if o := t.kid(h, "obj", "iobj"); o > h && o < v {
			return o
		}
	}
	return -1
}

func finite(w *nlp.Word) bool {
	switch w.XPOS {
	case "VBD", "VBZ", "VBP", "MD":
		return true
	}
	return false
}

func isRelative(w *nlp.Word) bool {
	switch strings.ToLower(w.Form) {
	case "who", "which", "that", "whom":
		return true
	}
	return false
}

// relativeHead gives the noun that a relative clause with verb v modifies, or -1.
func (t *tree) relativeHead(v int) int {
	for n := 0; n < 4 && v >= 0; n++ {
		if t.rel(v) == "acl" {
			return t.word(v).Head
		}
		if t.rel(v) != "conj" && t.rel(v) != "xcomp" {
			return -1
		}
		v = t.word(v).Head
	}
	return -1
}

// frame is a predicate with its slots, the same for "X met Y", "Y was met by
// X", "X held a meeting with Y", "X's meeting with Y". Slots hold head words.
type frame struct {
	trigger int
	verb    int // the verb that carries tense and negation; the trigger's own or a governor's; -1 for a bare noun
	slots   map[string][]int
	obl     []oblique
	light   bool
	passive bool
	// anchor says how a noun trigger hangs on verb: "object", "subject",
	// "after", "" for none.
	anchor string
	top    int  // the word by which a noun trigger hangs on verb: itself, a noun it is joined to, or one that measures it
	nested bool // the noun trigger stands inside another noun phrase
	// talk marks verbs of speaking and meeting: who is spoken with hangs on the
	// verb, not on what is spoken of ("spoke about his quarrel with Nicaragua").
	talk bool
}

type oblique struct {
	preps []string
	head  int
}

func (f *frame) add(slot string, words ...int) { f.slots[slot] = append(f.slots[slot], words...) }

// verbFrame reads the slots of a verb or predicate adjective.
func (t *tree) verbFrame(v int) *frame {
	f := &frame{trigger: v, verb: v, slots: map[string][]int{}}
	f.passive = t.passive(v)
	for _, s := range t.subjects(v) {
		if f.passive && t.kid(v, "nsubj:pass", "aux:pass") >= 0 || f.passive && t.rel(v) == "acl" {
			f.add("object", t.conj(s)...)
		} else {
			f.add("subject", t.conj(s)...)
		}
	}
	t.clauseSlots(f, v)
	// an object relative: "the envoy whom Moscow expelled"
	if n := t.relativeHead(v); n >= 0 && len(f.slots["object"]) == 0 && !t.whereClause(v) && !slices.Contains(f.slots["subject"], n) && !f.passive {
		f.add("object", n)
	}
	// conjoined verbs share an object that stands at the last ("froze and then cut ties")
	if len(f.slots["object"]) == 0 && !f.passive {
		for _, k := range t.kids[v] {
			if t.rel(k) == "conj" && isVerb(t.word(k)) && k == v+2 {
				if o := t.kid(k, "obj"); o >= 0 {
					f.add("object", t.conj(o)...)
				}
			}
		}
	}
	if f.passive {
		f.slots["subject"] = append(f.slots["subject"], f.slots["agent"]...)
	}
	return f
}

// whereClause reports a clause about a place or time: "Doha, where he met the emir".
func (t *tree) whereClause(v int) bool {
	return slices.ContainsFunc(t.kids[v], func(k int) bool {
		switch t.form(k) {
		case "where", "when", "why":
			return true
		}
		return false
	})
}

// clauseSlots adds what hangs on a verb: objects, obliques, particles.
func (t *tree) clauseSlots(f *frame, v int) {
	for _, k := range t.kids[v] {
		w := t.word(k)
		switch t.rel(k) {
		case "obj":
			switch ps := t.preps(k); {
			case isRelative(w):
			case len(ps) > 0: // a preposition makes it an oblique, whatever the parser says
				f.obl = append(f.obl, oblique{ps, k})
			default:
				f.add("object", t.conj(k)...)
				for _, g := range t.kids[k] { // "ordered the envoy to leave", hung on the envoy
					if t.rel(g) == "acl" && t.word(g).XPOS == "VB" {
						f.add("comp", g)
					}
				}
			}
		case "iobj":
			f.add("iobject", t.conj(k)...)
		case "obl", "nmod":
			ps := t.preps(k)
			if slices.Contains(ps, "by") && (w.Rel == "obl:agent" || f.passive) {
				f.add("agent", t.conj(k)...)
				continue
			}
			if p, ok := t.hungPreposition(v, k); ok {
				f.obl = append(f.obl, oblique{[]string{p}, k})
				continue
			}
			if p := t.kid(k, "case"); p == v+1 && k > p && particleVerb(t.lemma(v), t.form(p)) { // "sealed off the town"
				f.add("particle", p)
				f.add("object", t.conj(k)...)
				continue
			}
			if len(ps) == 0 && w.Rel == "obl" && k > v && isNoun(w) { // "broke off ties": an object by its place
				f.add("object", t.conj(k)...)
				continue
			}
			f.obl = append(f.obl, oblique{ps, k})
		case "advcl":
			if w.XPOS == "VB" && t.hasTo(k) { // "ordered the envoy to leave"
				f.add("comp", k)
			}
		case "compound":
			f.add("particle", k)
		case "advmod":
			f.add("adverb", k)
			f.add("particle", k)
		case "aux", "cop":
			f.add("aux", k)
		case "xcomp", "ccomp":
			f.add("comp", k)
			if isNoun(w) && len(t.preps(k)) == 0 && t.kid(k, "cop") < 0 { // "named a new ambassador"
				f.add("object", t.conj(k)...)
			}
		case "amod", "det":
			f.add("mod", k)
		}
	}
}

// particleVerb reports a word right after a verb that goes with it, and not with
// the noun after, whatever the parser says: "handed over their weapons".
func particleVerb(verb, word string) bool {
	switch word {
	case "off", "up", "down", "back", "aside":
		return true
	case "over":
		return verb == "hand" || verb == "turn" || verb == "take"
	case "out":
		return verb == "carry" || verb == "rule" || verb == "throw" || verb == "kick"
	}
	return false
}

// hungPreposition is the preposition of noun k that the parser hung on verb v as
// a particle: "called on Yemen to talk".
func (t *tree) hungPreposition(v, k int) (string, bool) {
	p := v + 1
	if k <= p || len(t.preps(k)) > 0 || t.word(p).Head != v || t.rel(p) != "compound" {
		return "", false
	}
	switch form := t.form(p); form {
	case "on", "upon", "for", "at", "with":
		return form, true
	}
	return "", false
}

// nounSlots adds what hangs on a noun: possessor, modifiers, of- and by-phrases.
func (t *tree) nounSlots(f *frame, n int) {
	for _, k := range t.kids[n] {
		switch t.word(k).Rel {
		case "nmod:poss":
			f.add("poss", t.conj(k)...)
			continue
		}
		switch t.rel(k) {
		case "nmod", "obl":
			ps := t.preps(k)
			f.obl = append(f.obl, oblique{ps, k})
		case "aux", "cop":
			f.add("aux", k)
		case "amod", "compound", "det", "nummod":
			f.add("mod", t.conj(k)...)
		case "acl":
			// "talks held with Iran", "a call made by Paris"
			if t.word(k).XPOS == "VBN" || t.word(k).XPOS == "VBG" {
				for _, g := range t.kids[k] {
					if ps := t.preps(g); t.rel(g) == "obl" && !(slices.Contains(ps, "by") && patronage[t.lemma(k)]) {
						f.obl = append(f.obl, oblique{ps, g})
					}
				}
			}
		}
	}
}

// patronage are verbs by which somebody helps others to talk.
var patronage = map[string]bool{"sponsor": true, "host": true, "mediate": true, "broker": true, "organise": true, "organize": true,
	"back": true, "facilitate": true, "initiate": true, "convene": true, "chair": true, "supervise": true, "announce": true, "propose": true, "order": true}

// nounFrame reads the slots of a noun that names a deed, with the verb that
// governs it.
func (t *tree) nounFrame(n int, light wordSet) *frame {
	f := &frame{trigger: n, verb: -1, slots: map[string][]int{}}
	t.nounSlots(f, n)
	top := n
	defer func() { f.top = top }()
	for t.rel(top) == "conj" && isNoun(t.word(t.word(top).Head)) {
		top = t.word(top).Head
	}
	if m := t.word(top).Head; m >= 0 && t.rel(top) == "nmod" && slices.Contains(t.preps(top), "of") && measures[t.lemma(m)] {
		f.nestedIn(t, m) // "two days of talks ended"
		top = m
	}
	if v := t.heldBy(n); v >= 0 && light.has(t.lemma(v)) {
		t.lightVerb(f, v)
		return f
	}
	h := t.word(top).Head
	if h < 0 {
		t.copular(f, n)
		return f
	}
	gov := t.word(h)
	switch rel := t.rel(top); {
	case rel == "obj" && (isVerb(gov)), rel == "nsubj" && isVerb(gov) && t.passive(h):
		f.verb, f.anchor = h, "object"
		f.light = light.has(t.lemma(h))
		f.passive = t.passive(h)
		for _, s := range t.subjects(h) {
			if s != top && !f.passive {
				f.add("subject", t.conj(s)...)
			}
		}
		f.add("light", h)
		if f.light {
			f.add("subject", f.slots["poss"]...)
			t.lightObliques(f, h)
		}
	case rel == "nsubj" && isVerb(gov):
		f.verb, f.anchor = h, "subject"
		f.add("light", h)
		t.lightObliques(f, h)
	case rel == "nsubj":
		f.verb, f.anchor = h, "copula"
		f.add("light", h)
	case rel == "obl" && isVerb(gov):
		f.verb = h
		f.anchor = "oblique"
		f.add("light", h)
		if s, ok := t.subject(h); ok {
			f.add("subject", t.conj(s)...)
		}
		if o := t.kid(h, "obj", "iobj"); o >= 0 { // "warned Minsk in a call"
			f.add("object", t.conj(o)...)
		}
		for _, k := range t.kids[h] { // "rose after a visit by …", hung on the verb
			if k > top && t.rel(k) == "obl" {
				f.obl = append(f.obl, oblique{t.preps(k), k})
			}
		}
		if ps := t.preps(top); len(ps) > 0 {
			f.anchor = ps[0]
		}
	case rel == "nmod" || rel == "obl":
		f.anchor, f.nested = "oblique", isNoun(gov)
		if ps := t.preps(top); len(ps) > 0 {
			f.anchor = ps[0]
		}
		if t.kid(h, "cop") >= 0 { // "is in Baku on a visit"
			f.verb = h
			f.add("light", t.kid(h, "cop"))
			f.obl = append(f.obl, oblique{t.preps(h), h})
			for _, s := range t.subjects(h) {
				f.add("subject", t.conj(s)...)
			}
			break
		}
		// the clause around still gives tense, and who did what "in a call"
		for g := h; g >= 0; g = t.word(g).Head {
			if isVerb(t.word(g)) {
				f.verb = g
				for _, s := range t.subjects(g) {
					f.add("subject", t.conj(s)...)
				}
				if o := t.kid(g, "obj"); o >= 0 {
					f.add("object", t.conj(o)...)
				}
				break
			}
		}
	default:
		f.anchor = rel
		t.copular(f, n)
	}
	return f
}

// lightVerb makes v the verb that did what f's noun names.
func (t *tree) lightVerb(f *frame, v int) {
	f.verb, f.anchor, f.light = v, "object", true
	for _, s := range t.subjects(v) {
		f.add("subject", t.conj(s)...)
	}
	f.add("light", v)
	t.lightObliques(f, v)
}

// heldBy gives the verb of a relative clause that tells who did what the noun n
// names ("the talks that Chad held with Niger"), or -1.
func (t *tree) heldBy(n int) int {
	for _, k := range t.kids[n] {
		if t.rel(k) != "acl" || !finite(t.word(k)) {
			continue
		}
		s, o := t.kid(k, "nsubj"), t.kid(k, "obj")
		own := s >= 0 && s < k && !isRelative(t.word(s)) // its subject is not the noun
		done := o < 0 || isRelative(t.word(o))           // and its object is
		if own && done && !t.passive(k) && !t.whereClause(k) {
			return k
		}
	}
	return -1
}

// measures are nouns that only count what stands in their of-phrase.
var measures = map[string]bool{"round": true, "day": true, "hour": true, "week": true, "month": true, "series": true,
	"session": true, "night": true, "set": true, "flurry": true, "bout": true, "cycle": true}

// nestedIn adds what hangs on the noun that measures the trigger: "a round of
// talks with Chad", "a third round of talks".
func (f *frame) nestedIn(t *tree, measure int) {
	for _, k := range t.kids[measure] {
		switch {
		case k == f.trigger:
		case t.word(k).Rel == "nmod:poss":
			f.add("poss", t.conj(k)...)
		case t.rel(k) == "nmod":
			f.obl = append(f.obl, oblique{t.preps(k), k})
		case t.rel(k) == "amod" || t.rel(k) == "det":
			f.add("mod", k)
		}
	}
}

// copular adds the subject of a noun that is predicate: "are in contact with".
func (t *tree) copular(f *frame, n int) {
	if t.kid(n, "cop") < 0 {
		return
	}
	f.verb, f.anchor = n, "predicate"
	for _, s := range t.subjects(n) {
		f.add("subject", t.conj(s)...)
	}
}

func (t *tree) lightObliques(f *frame, v int) {
	for _, k := range t.kids[v] {
		switch {
		case t.word(k).Rel == "obl:agent":
			f.add("agent", t.conj(k)...)
			f.add("subject", t.conj(k)...)
		case t.rel(k) == "obl":
			ps := t.preps(k)
			if f.passive && slices.Contains(ps, "by") {
				f.add("agent", t.conj(k)...)
				f.add("subject", t.conj(k)...)
				continue
			}
			f.obl = append(f.obl, oblique{ps, k})
		case t.rel(k) == "advmod":
			f.add("adverb", k)
		case t.rel(k) == "compound":
			f.add("particle", k)
		}
	}
}

// fill gives the head words that fill one step of a role: slots by name and
// phrases by preposition. Where a prepositional phrase hangs is what parsers
// know least, so one that hangs on an argument of the verb serves too: the
// shallowest that fits is taken.
func (t *tree) fill(f *frame, step string) []int {
	var out []int
	for rest := step; rest != ""; {
		var slot string
		slot, rest, _ = strings.Cut(rest, "|")
		out = append(out, f.slots[slot]...)
	}
	level := f.obl
	for depth := 0; depth < 3; depth++ {
		for _, o := range level {
			if slices.ContainsFunc(o.preps, func(p string) bool { return stepHas(step, p) }) {
				out = append(out, t.conj(o.head)...)
			}
		}
		if len(out) > 0 {
			return out
		}
		level = t.inner(f, level, depth)
	}
	return out
}

// inner gives the prepositional phrases inside the phrases of a level, those
// inside the object first.
func (t *tree) inner(f *frame, level []oblique, depth int) []oblique {
	var heads []int
	if depth == 0 && f.verb == f.trigger {
		heads = append(heads, f.slots["object"]...)
	}
	for _, o := range level {
		if f.talk && (t.between[t.lemma(o.head)] || slices.ContainsFunc(o.preps, otherTime)) {
			continue
		}
		heads = append(heads, o.head)
	}
	var out []oblique
	for _, h := range heads {
		for _, k := range t.kids[h] {
			if r := t.rel(k); (r == "nmod" || r == "obl") && t.word(k).Rel != "nmod:poss" {
				out = append(out, oblique{t.preps(k), k})
			} else if r == "acl" && !isNoun(t.word(h)) { // "those that it kept with Oman"
				out = append(out, t.inner(f, []oblique{{nil, k}}, 1)...)
			}
		}
	}
	return out
}

// otherTime reports a preposition that takes what is said to another occasion:
// "spoke before a meeting with Chad".
func otherTime(prep string) bool {
	switch prep {
	case "before", "after", "ahead", "ahead_of", "since", "until":
		return true
	}
	return false
}

// stepHas reports whether a preposition is one of a step's ("with|to").
func stepHas(step, prep string) bool {
	for step != "" {
		var s string
		s, step, _ = strings.Cut(step, "|")
		if s == prep {
			return true
		}
	}
	return false
}

// follow gives the head words at the end of a role's path.
func (t *tree) follow(f *frame, r role) []int {
	words := t.fill(f, r.path[0])
	for _, step := range r.path[1:] {
		var next []int
		for _, w := range words {
			nf := &frame{trigger: w, verb: -1, slots: map[string][]int{}}
			if isVerb(t.word(w)) {
				nf.verb = w
				t.clauseSlots(nf, w)
				if s := t.kid(w, "nsubj"); s >= 0 {
					nf.add("subject", t.conj(s)...)
				}
			} else {
				t.nounSlots(nf, w)
			}
			next = append(next, t.fill(nf, step)...)
		}
		words = next
	}
	return words
}
