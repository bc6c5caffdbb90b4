package nlp

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteConllu writes a Doc in the CoNLL-U format.
func WriteConllu(w io.Writer, doc *Doc) error {
	bw := bufio.NewWriter(w)
	block := -1
	for si, s := range doc.Sents {
		if s.Block != block {
			fmt.Fprintln(bw, "# newpar")
			block = s.Block
		}
		fmt.Fprintf(bw, "# sent_id = %d\n", si+1)
		first, last := doc.Words[s.First], doc.Words[s.End-1]
		fmt.Fprintf(bw, "# text = %s\n", strings.Join(strings.Fields(doc.Text[first.Start:last.End]), " "))
		for i := s.First; i < s.End; i++ {
			doc.writeWord(bw, s, i)
		}
		fmt.Fprintln(bw)
	}
	if err := bw.Flush(); err != nil {
		return fmt.Errorf("write conllu: %w", err)
	}
	return nil
}

func (d *Doc) writeWord(w io.Writer, s Sent, i int) {
	word := d.Words[i]
	id := i - s.First + 1
	misc := func(after bool) string {
		if after {
			return "_"
		}
		return "SpaceAfter=No"
	}
	own := misc(word.SpaceAfter)
	if word.MWT > 0 {
		end := d.Words[i+word.MWT-1]
		fmt.Fprintf(w, "%d-%d\t%s\t_\t_\t_\t_\t_\t_\t_\t%s\n", id, id+word.MWT-1, d.Text[word.Start:end.End], misc(end.SpaceAfter))
	}
	if word.MWT != 0 {
		own = "_"
	}
	head := 0
	if word.Head >= 0 {
		head = word.Head - s.First + 1
	}
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t_\t%s\n", id, inkOnly(word.Form), orNone(inkOnly(word.Lemma)), orNone(word.UPOS), orNone(word.XPOS),
		orNone(word.Feats), head, orNone(word.Rel), own)
}

// inkOnly takes out what would break a line of the format.
func inkOnly(s string) string {
	if strings.ContainsAny(s, "\t\n\r") {
		return strings.Join(strings.Fields(s), " ")
	}
	return s
}

func orNone(s string) string {
	if s == "" {
		return "_"
	}
	return s
}

// ReadConllu reads CoNLL-U into a Doc: the text is put together from the forms
// and SpaceAfter, paragraphs parted by a blank line. Empty nodes are left out.
// Errors name the line.
func ReadConllu(r io.Reader) (*Doc, error) {
	c := &conlluReader{doc: &Doc{}, block: -1}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), 1<<24)
	for sc.Scan() {
		c.line++
		if err := c.read(strings.TrimRight(sc.Text(), "\r")); err != nil {
			return nil, err
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", c.line+1, err)
	}
	if err := c.endSentence(); err != nil {
		return nil, err
	}
	c.doc.Text = c.text.String()
	c.doc.runes = newRuneIndex(c.doc.Text)
	return c.doc, nil
}

// conlluReader holds the state of reading.
type conlluReader struct {
	doc          *Doc
	text         strings.Builder
	line         int
	first        int // first word of the sentence
	block        int
	newBlock     bool
	started      bool
	spaceAfter   bool
	mwt, mwtLeft int
	mwtForm      string
	mwtSpace     bool
	mwtStart     int
}

func (c *conlluReader) read(line string) error {
	switch {
	case strings.TrimSpace(line) == "":
		return c.endSentence()
	case strings.HasPrefix(line, "# newpar"), strings.HasPrefix(line, "# newdoc"):
		c.newBlock = true
		return nil
	case line[0] == '#':
		return nil
	}
	col := strings.Split(line, "\t")
	if len(col) != 10 {
		return fmt.Errorf("line %d: %d columns where CoNLL-U has 10; columns are parted by tabs", c.line, len(col))
	}
	if strings.Contains(col[0], ".") {
		return nil
	}
	if a, b, ok := strings.Cut(col[0], "-"); ok {
		from, err1 := strconv.Atoi(a)
		to, err2 := strconv.Atoi(b)
		if err1 != nil || err2 != nil || to < from {
			return fmt.Errorf("line %d: %q is no range of words", c.line, col[0])
		}
		c.mwt, c.mwtLeft = to-from+1, to-from+1
		c.mwtForm, c.mwtSpace = col[1], !strings.Contains(col[9], "SpaceAfter=No")
		return nil
	}
	return c.word(col)
}

func (c *conlluReader) word(col []string) error {
	head := -1
	if col[6] != "_" {
		h, err := strconv.Atoi(col[6])
		if err != nil || h < 0 {
			return fmt.Errorf("line %d: head %q is no number", c.line, col[6])
		}
		head = h - 1
	}
	w := Word{Form: col[1], Lemma: noneToEmpty(col[2]), UPOS: noneToEmpty(col[3]), XPOS: noneToEmpty(col[4]), Feats: noneToEmpty(col[5]),
		Rel: noneToEmpty(col[7]), Head: head, Sent: len(c.doc.Sents)}
	if w.Form == "" {
		return fmt.Errorf("line %d: a word without form", c.line)
	}
	if c.mwtLeft == 0 {
		c.space()
		w.Start = c.text.Len()
		c.text.WriteString(w.Form)
		w.End = c.text.Len()
		w.SpaceAfter = !strings.Contains(col[9], "SpaceAfter=No")
		c.spaceAfter = w.SpaceAfter
	} else {
		c.mwtWord(&w)
	}
	c.doc.Words = append(c.doc.Words, w)
	return nil
}

// mwtWord places a word of a multiword token: on its own piece of the form
// where the pieces spell it, else on the whole.
func (c *conlluReader) mwtWord(w *Word) {
	w.MWT = -1
	if c.mwtLeft == c.mwt {
		w.MWT = c.mwt
		c.space()
		c.mwtStart = c.text.Len()
		c.text.WriteString(c.mwtForm)
	}
	w.Start, w.End = c.mwtStart, c.text.Len()
	done := 0
	for k := 1; k <= c.mwt-c.mwtLeft; k++ {
		done += len(c.doc.Words[len(c.doc.Words)-k].Form)
	}
	if done+len(w.Form) <= len(c.mwtForm) && strings.EqualFold(c.mwtForm[done:done+len(w.Form)], w.Form) {
		w.Start, w.End = c.mwtStart+done, c.mwtStart+done+len(w.Form)
	}
	if c.mwtLeft--; c.mwtLeft == 0 {
		w.SpaceAfter = c.mwtSpace
		c.spaceAfter = c.mwtSpace
	}
}

// space writes the white space before a token.
func (c *conlluReader) space() {
	switch {
	case c.newBlock && c.started:
		c.text.WriteString("\n\n")
	case c.started && c.spaceAfter:
		c.text.WriteString(" ")
	}
	if c.newBlock || !c.started {
		c.block++
	}
	c.newBlock, c.started = false, true
}

func (c *conlluReader) endSentence() error {
	if c.mwtLeft > 0 {
		return fmt.Errorf("line %d: the sentence ends inside a multiword token", c.line)
	}
	n := len(c.doc.Words) - c.first
	if n == 0 {
		return nil
	}
	for i := c.first; i < len(c.doc.Words); i++ {
		w := &c.doc.Words[i]
		if w.Head >= n {
			return fmt.Errorf("line %d: head %d in a sentence of %d words", c.line, w.Head+1, n)
		}
		if w.Head >= 0 {
			w.Head += c.first
		}
	}
	c.doc.Sents = append(c.doc.Sents, Sent{First: c.first, End: len(c.doc.Words), Block: c.block})
	c.first = len(c.doc.Words)
	return nil
}

func noneToEmpty(s string) string {
	if s == "_" {
		return ""
	}
	return s
}
