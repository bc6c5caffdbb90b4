package event

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"detente"
)

// Rule is one rule of the rule language (docs/format-rules.md): a trigger word,
// conditions on the words around it in the dependency tree, and what it codes.
type Rule struct {
	ID     string // file-unique name, as "consult-phone"
	File   string
	Line   int
	Type   detente.EventType
	Mode   string
	CAMEO  string
	Noun   bool // the trigger is a noun, else a verb or predicate adjective
	Words  wordSet
	Tests  []test
	Source []role // alternatives, the first that gives a participant wins
	Target []role
	// Negative asks that the trigger be negated ("did not answer"); the negation
	// is then part of what happened.
	Negative bool
	Mutual   bool // both sides do it to each other

	Act      detente.ActKind
	ActMode  string
	State    detente.State // state the act leaves, where not the usual one
	Channels []detente.Channel

	// Claim rules say something about a channel's state and code no event.
	Claim   detente.State
	Negated detente.State // the state claimed when the trigger is negated
	About   []role        // where the channel's words and its parties stand

	// Denies: the words say that what was told just before is not so ("the
	// report is untrue", "no such meeting took place").
	Denies bool

	Examples []Example
}

// Example is a sentence under a rule with what must come of it; it is the
// rule's test.
type Example struct {
	Line   int
	Text   string
	Expect string
}

// test is one condition: some filler of the slot is in words (or, absent, none is).
type test struct {
	slot   role
	words  wordSet
	absent bool
}

// role names a slot of a frame, perhaps a slot of the filler's own frame:
// "subject", "object.with", "by|on".
type role struct {
	path []string // each step: a slot name or prepositions joined by |
}

func (r role) String() string { return strings.Join(r.path, ".") }

// wordSet is a set of lower-case lemmas or forms; any matches every word.
type wordSet struct {
	any   bool
	words map[string]bool
}

// has reports whether one of the given words is in the set.
func (s wordSet) has(words ...string) bool {
	if s.any {
		return true
	}
	for _, w := range words {
		if s.words[w] {
			return true
		}
	}
	return false
}

// ErrRule marks an error in a rule file; its text names file:line:col.
var ErrRule = errors.New("rule")

// eventTypes are the types that a rule may code.
var eventTypes = map[detente.EventType]bool{
	detente.Agree: true, detente.Consult: true, detente.Support: true, detente.Concede: true,
	detente.Cooperate: true, detente.Aid: true, detente.Retreat: true, detente.Request: true,
	detente.Accuse: true, detente.Reject: true, detente.Threaten: true, detente.Protest: true,
	detente.Sanction: true, detente.Mobilize: true, detente.Coerce: true, detente.Assault: true,
}

// parser reads rule files; classes are shared by all files of a directory.
type parser struct {
	classes map[string]map[string]bool
	file    string
	line    int
}

func (p *parser) errorf(col int, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %w: %s", p.file, p.line, col, ErrRule, fmt.Sprintf(format, args...))
}

// parseRules reads every *.rules file of dir in name order; classes.rules may
// hold classes that the others use and comes first.
func parseRules(fsys fs.FS, dir string) ([]*Rule, map[string]map[string]bool, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.rules"))
	if err != nil {
		return nil, nil, err
	}
	sort.Slice(names, func(i, j int) bool {
		ci, cj := path.Base(names[i]) == "classes.rules", path.Base(names[j]) == "classes.rules"
		if ci != cj {
			return ci
		}
		return names[i] < names[j]
	})
	p := &parser{classes: map[string]map[string]bool{}}
	var rules []*Rule
	seen := map[string]string{}
	for _, name := range names {
		got, err := p.parseFile(fsys, name)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range got {
			if at, dup := seen[r.ID]; dup {
				return nil, nil, fmt.Errorf("%s:%d:1: %w: %q stands at %s already; give it another name", r.File, r.Line, ErrRule, r.ID, at)
			}
			seen[r.ID] = fmt.Sprintf("%s:%d", r.File, r.Line)
		}
		rules = append(rules, got...)
	}
	return rules, p.classes, nil
}

// parseFile reads one file: blocks of lines that start with "rule" or "class".
func (p *parser) parseFile(fsys fs.FS, name string) ([]*Rule, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p.file, p.line = name, 0
	var rules []*Rule
	var cur *Rule
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		p.line++
		line := sc.Text()
		if i := strings.Index(line, "# "); i == 0 || line == "#" || strings.TrimSpace(line) == "" {
			continue
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		switch word {
		case "class":
			err = p.class(rest)
			cur = nil
		case "rule":
			if rest == "" || strings.ContainsAny(rest, " \t") {
				return nil, p.errorf(1, "a rule needs one name without spaces")
			}
			cur = &Rule{ID: rest, File: name, Line: p.line}
			rules = append(rules, cur)
		default:
			if cur == nil {
				return nil, p.errorf(1, "%q stands before any rule", word)
			}
			err = p.field(cur, word, rest)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, r := range rules {
		p.line = r.Line
		if err := p.check(r); err != nil {
			return nil, err
		}
	}
	return rules, nil
}

// check refuses a rule that could never match or says nothing.
func (p *parser) check(r *Rule) error {
	switch {
	case !r.Words.any && len(r.Words.words) == 0:
		return p.errorf(1, "rule %s has no trigger", r.ID)
	case r.Type == "" && r.Claim == "" && !r.Denies:
		return p.errorf(1, "rule %s has neither type nor claim nor denies", r.ID)
	case r.Type != "" && len(r.Source) == 0:
		return p.errorf(1, "rule %s says no source", r.ID)
	case len(r.Examples) == 0:
		return p.errorf(1, "rule %s has no example; write one, it is the rule's test", r.ID)
	}
	return nil
}

// class reads "name word word …"; a word @other takes another class in.
func (p *parser) class(rest string) error {
	f := strings.Fields(rest)
	if len(f) < 2 {
		return p.errorf(1, "a class needs a name and words")
	}
	set := p.classes[f[0]]
	if set == nil {
		set = map[string]bool{}
		p.classes[f[0]] = set
	}
	ws, err := p.words(f[1:])
	if err != nil {
		return err
	}
	for w := range ws.words {
		set[w] = true
	}
	return nil
}

// words reads words and @classes; * is any word. The inflected forms of a word
// count as well, so that a wrong lemma does no harm.
func (p *parser) words(f []string) (wordSet, error) {
	s := wordSet{words: map[string]bool{}}
	for _, w := range f {
		switch {
		case w == "*":
			s.any = true
		case strings.HasPrefix(w, "@"):
			c, ok := p.classes[w[1:]]
			if !ok {
				return s, p.errorf(1, "no class %s above this line", w)
			}
			for x := range c {
				s.words[x] = true
			}
		default:
			w = strings.ToLower(w)
			s.words[w] = true
			for _, f := range inflect(w) {
				s.words[f] = true
			}
		}
	}
	return s, nil
}

func (p *parser) field(r *Rule, word, rest string) error {
	f := strings.Fields(rest)
	need := func(n int) error {
		if len(f) < n {
			return p.errorf(1, "%s needs %d words after it", word, n)
		}
		return nil
	}
	switch word {
	case "type": // TYPE CAMEO [mode]
		if err := need(2); err != nil {
			return err
		}
		r.Type, r.CAMEO = detente.EventType(f[0]), f[1]
		if !eventTypes[r.Type] {
			return p.errorf(6, "%q is no PLOVER type", f[0])
		}
		if len(f) > 2 {
			r.Mode = f[2]
		}
	case "trigger": // verb|noun WORDS
		if err := need(2); err != nil {
			return err
		}
		if f[0] != "verb" && f[0] != "noun" {
			return p.errorf(9, "a trigger is a verb or a noun, not a %q", f[0])
		}
		r.Noun = f[0] == "noun"
		ws, err := p.words(f[1:])
		r.Words = ws
		return err
	case "where", "unless": // SLOT WORDS
		if err := need(2); err != nil {
			return err
		}
		slot, err := p.role(f[0])
		if err != nil {
			return err
		}
		ws, err := p.words(f[1:])
		r.Tests = append(r.Tests, test{slot, ws, word == "unless"})
		return err
	case "source":
		return p.roles(f, &r.Source)
	case "target":
		return p.roles(f, &r.Target)
	case "about":
		return p.roles(f, &r.About)
	case "denies":
		r.Denies = true
	case "negative":
		r.Negative = true
	case "mutual":
		r.Mutual = true
	case "act": // KIND [MODE]
		if err := need(1); err != nil {
			return err
		}
		r.Act = detente.ActKind(f[0])
		if r.Act != detente.Contact && r.Act != detente.Freeze && r.Act != detente.Thaw {
			return p.errorf(5, "an act is contact, freeze or thaw, not %q", f[0])
		}
		if len(f) > 1 {
			r.ActMode = f[1]
		}
	case "state":
		r.State = detente.State(rest)
	case "channel":
		for _, c := range f {
			r.Channels = append(r.Channels, detente.Channel(c))
		}
	case "claim": // STATE [NEGATED-STATE]
		if err := need(1); err != nil {
			return err
		}
		r.Claim = detente.State(f[0])
		if len(f) > 1 {
			r.Negated = detente.State(f[1])
		}
	case "example": // SENTENCE => EXPECTATION
		text, expect, ok := strings.Cut(rest, "=>")
		if !ok {
			return p.errorf(1, "an example is a sentence, =>, and what must come of it")
		}
		r.Examples = append(r.Examples, Example{p.line, strings.TrimSpace(text), strings.TrimSpace(expect)})
	default:
		return p.errorf(1, "no field %q; fields are type, trigger, where, unless, source, target, about, negative, denies, mutual, act, state, channel, claim, example", word)
	}
	return nil
}

func (p *parser) roles(f []string, into *[]role) error {
	if len(f) == 0 {
		return p.errorf(1, "a slot is missing")
	}
	for _, x := range f {
		r, err := p.role(x)
		if err != nil {
			return err
		}
		*into = append(*into, r)
	}
	return nil
}

// role reads a slot path: steps joined by dots.
func (p *parser) role(s string) (role, error) {
	steps := strings.Split(s, ".")
	for _, st := range steps {
		if st == "" {
			return role{}, p.errorf(1, "an empty step in %q", s)
		}
	}
	if len(steps) > 1 && strings.Contains(s, "|") && slotNames[strings.SplitN(s[strings.Index(s, "|")+1:], ".", 2)[0]] {
		return role{}, p.errorf(1, "%q joins slots and paths; write them as alternatives with a space between", s)
	}
	return role{steps}, nil
}

// slotNames are the slots that are not prepositions.
var slotNames = map[string]bool{"subject": true, "object": true, "iobject": true, "agent": true, "poss": true, "mod": true,
	"particle": true, "comp": true, "adverb": true, "aux": true, "light": true}
