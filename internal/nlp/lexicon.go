package nlp

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Lemmas and features come from a lexicon of forms with their tag; where a form
// is not in it, from the edit that words with the same ending and tag most often
// take, and from the features that the tag most often has. An edit cuts
// characters from the end and adds others, and may lower the case.

// lexicon maps "form\ttag", "ending\ttag" and tag to what was learned. A tag
// is UPOS and XPOS parted by a space.
type lexicon struct {
	lemmas map[string]string
	edits  map[string]edit
	feats  map[string]string // by form and tag, and by tag alone
}

// edit turns a form into its lemma.
type edit struct {
	cut   int
	add   string
	lower bool
}

const maxEnding = 6

// read gives lemma and features of a form.
func (l *lexicon) read(form, tag string) (lemma, feats string) {
	p := lexical(form, tag)
	key := p + "\t" + tag
	feats, ok := l.feats[key]
	if !ok {
		feats = l.feats[tag]
	}
	if lemma, ok := l.lemmas[key]; ok {
		return lemma, feats
	}
	return l.edited(p, tag), feats
}

// edited gives the lemma that the form's ending suggests.
func (l *lexicon) edited(p, tag string) string {
	low := strings.ToLower(p)
	for n := maxEnding; n >= 0; n-- {
		if e, ok := l.edits[tail(low, n)+"\t"+tag]; ok {
			if lemma, ok := e.apply(p); ok {
				return lemma
			}
		}
	}
	return p
}

// lexical is the form as the lexicon has it: only names keep their capitals.
func lexical(form, tag string) string {
	if strings.HasPrefix(tag, "PROPN") {
		return plain(form)
	}
	return lowerPlain(form)
}

func (e edit) apply(form string) (string, bool) {
	if e.lower {
		form = strings.ToLower(form)
	}
	i := len(form)
	for n := e.cut; n > 0 && i > 0; n-- {
		_, w := utf8.DecodeLastRuneInString(form[:i])
		i -= w
	}
	return form[:i] + e.add, i > 0 || e.add != ""
}

// editBetween gives the edit that turns form into lemma.
func editBetween(form, lemma string) edit {
	e := edit{}
	if low := strings.ToLower(form); low != form && commonPrefix(low, lemma) > commonPrefix(form, lemma) {
		e.lower, form = true, low
	}
	n := commonPrefix(form, lemma)
	e.cut = utf8.RuneCountInString(form[n:])
	e.add = lemma[n:]
	return e
}

// commonPrefix is the length in bytes of the common whole characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && isCont(a[n]) || n < len(b) && isCont(b[n])) {
		n--
	}
	return n
}

// String writes an edit as the model file has it.
func (e edit) String() string {
	mark := "-"
	if e.lower {
		mark = "v"
	}
	return mark + strconv.Itoa(e.cut) + "+" + e.add
}

func parseEdit(s string) (edit, error) {
	if s == "" {
		return edit{}, ErrModel
	}
	cut, add, ok := strings.Cut(s[1:], "+")
	n, err := strconv.Atoi(cut)
	if !ok || err != nil {
		return edit{}, ErrModel
	}
	return edit{cut: n, add: add, lower: s[0] == 'v'}, nil
}

// write gives the lexicon as lines: a letter for what it is, key and value.
func (l *lexicon) write() string {
	var lines []string
	for k, v := range l.lemmas {
		lines = append(lines, "l\t"+k+"\t"+v)
	}
	for k, v := range l.edits {
		lines = append(lines, "e\t"+k+"\t"+v.String())
	}
	for k, v := range l.feats {
		if !strings.Contains(k, "\t") {
			k = "\t" + k
		}
		lines = append(lines, "f\t"+k+"\t"+v)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func readLexicon(s string) (lexicon, error) {
	l := lexicon{map[string]string{}, map[string]edit{}, map[string]string{}}
	for i, line := range strings.Split(s, "\n") {
		what, rest, _ := strings.Cut(line, "\t")
		at := strings.LastIndexByte(rest, '\t')
		if at < 0 {
			return l, fmt.Errorf("lexicon line %d: %w", i+1, ErrModel)
		}
		key, value := rest[:at], rest[at+1:]
		switch what {
		case "l":
			l.lemmas[key] = value
		case "e":
			e, err := parseEdit(value)
			if err != nil {
				return l, fmt.Errorf("lexicon line %d: %w", i+1, err)
			}
			l.edits[key] = e
		case "f":
			l.feats[strings.TrimPrefix(key, "\t")] = value
		default:
			return l, fmt.Errorf("lexicon line %d: %w", i+1, ErrModel)
		}
	}
	return l, nil
}
