package quote

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"detente"
)

// SpeakerGold is a dispatch with the speakers asked for
// (docs/codebook-speaker.md).
type SpeakerGold struct {
	Line      int
	Published detente.Date
	Text      string
	Want      []SpeakerWant
}

// SpeakerWant is one statement's gold speaker.
type SpeakerWant struct {
	Line int
	Has  string // words of its content
	Kind string // of source: one of SpeakerKinds
	Who  []string
}

// SpeakerKinds are the kinds of source that are counted apart.
var SpeakerKinds = []string{"pronoun", "title", "surname", "none"}

// nobody is the gold speaker where the text does not tell; bodyMark stands
// behind the name of a body.
const (
	nobody   = "nobody"
	bodyMark = " (body)"
)

// ReadSpeakers reads a file of dispatches.
func ReadSpeakers(name string, r io.Reader) ([]SpeakerGold, error) {
	var out []SpeakerGold
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		day, opens := strings.CutPrefix(line, "= ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case opens:
			out = append(out, SpeakerGold{Line: n, Published: detente.Date(day)})
			if _, ok := out[len(out)-1].Published.Time(); !ok {
				return nil, fmt.Errorf("%s:%d: %q is no day; write it as 2014-03-05", name, n, day)
			}
		case len(out) == 0:
			return nil, fmt.Errorf("%s:%d: text before the first day; open each dispatch with a line like = 2014-03-05", name, n)
		case strings.HasPrefix(line, ">"):
			w, err := speakerWant(line[1:])
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			w.Line = n
			out[len(out)-1].Want = append(out[len(out)-1].Want, w)
		default:
			g := &out[len(out)-1]
			if g.Text != "" {
				g.Text += "\n\n"
			}
			g.Text += line
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, g := range out {
		for _, w := range g.Want {
			if !strings.Contains(strings.ToLower(g.Text), strings.ToLower(w.Has)) {
				return nil, fmt.Errorf("%s:%d: the dispatch has no words %q", name, w.Line, w.Has)
			}
		}
	}
	return out, nil
}

func speakerWant(s string) (SpeakerWant, error) {
	f := strings.Split(s, "|")
	if len(f) != 3 {
		return SpeakerWant{}, fmt.Errorf("want content | kind | speaker, have %d parts", len(f))
	}
	w := SpeakerWant{Has: strings.TrimSpace(f[0]), Kind: strings.TrimSpace(f[1])}
	if !slices.Contains(SpeakerKinds, w.Kind) {
		return SpeakerWant{}, fmt.Errorf("kind of source %q: want one of %s", w.Kind, strings.Join(SpeakerKinds, ", "))
	}
	for _, who := range strings.Split(f[2], " / ") {
		if who = strings.TrimSpace(who); who == "" {
			return SpeakerWant{}, fmt.Errorf("no speaker; write %s where the text does not tell", nobody)
		}
		w.Who = append(w.Who, who)
	}
	return w, nil
}

// SpeakerScore counts statements asked for and named rightly, all and by kind
// of source.
type SpeakerScore struct {
	Asked, Found, Named int
	ByKind              map[string]*[2]int // asked, named rightly
}

// Add scores the statements of one dispatch; miss hears of each that is wrong.
func (c *SpeakerScore) Add(g SpeakerGold, sts []detente.Statement, miss func(SpeakerWant, *detente.Statement)) {
	if c.ByKind == nil {
		c.ByKind = map[string]*[2]int{}
		for _, k := range SpeakerKinds {
			c.ByKind[k] = &[2]int{}
		}
	}
	runes := []rune(g.Text)
	for _, w := range g.Want {
		c.Asked++
		c.ByKind[w.Kind][0]++
		var st *detente.Statement // the innermost that has the words
		for i := range sts {
			if contains(detente.Slice(runes, sts[i].Content...), w.Has) && (st == nil || lengthOf(sts[i].Content) < lengthOf(st.Content)) {
				st = &sts[i]
			}
		}
		if st != nil {
			c.Found++
		}
		if st == nil || !w.right(g.Text, st.Speaker.Name) {
			miss(w, st)
			continue
		}
		c.Named++
		c.ByKind[w.Kind][1]++
	}
}

// right compares a speaker's name with what is asked for.
func (w SpeakerWant) right(text, name string) bool {
	have := plainName(name)
	for _, who := range w.Who {
		body, isBody := strings.CutSuffix(who, bodyMark)
		switch {
		case who == nobody:
			if name == "" || describes(name) && strings.Contains(plainName(text), have) {
				return true
			}
		case isBody:
			if strings.Contains(" "+have+" ", " "+plainName(body)+" ") {
				return true
			}
		case have == plainName(who):
			return true
		}
	}
	return false
}

// describes reports a phrase whose head is no name: its last word before any
// preposition is written small ("senior official at the Foreign Ministry").
func describes(phrase string) bool {
	if slices.Contains([]string{"one", "another", "others", "some"}, strings.ToLower(phrase)) {
		return true
	}
	head := ""
	for _, w := range strings.Fields(phrase) {
		if slices.Contains([]string{"of", "at", "in", "for", "from", "with", "close", "familiar", "to"}, w) && head != "" {
			break
		}
		head = w
	}
	return head != "" && unicode.IsLower([]rune(head)[0])
}

// plainName is a name in lower case, of letters and digits parted by single
// blanks, without an article in front.
func plainName(s string) string {
	f := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(s, ".", "")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(f) > 1 && f[0] == "the" {
		f = f[1:]
	}
	return strings.Join(f, " ")
}
