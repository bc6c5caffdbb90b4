package quote

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"detente"
)

// GoldDoc is a text with its gold attributions, as PolNeAR's JSON lines have it.
type GoldDoc struct {
	ID        string
	Published detente.Date
	Text      string
	Units     []detente.Span // scoring tokens; empty in what is only trained on
	Gold      []Attribution
}

// pairs are spans as the gold file writes them.
type pairList [][2]int

func (ps pairList) spans() []detente.Span {
	out := make([]detente.Span, 0, len(ps))
	for _, p := range ps {
		out = append(out, detente.Span{Start: p[0], End: p[1]})
	}
	return out
}

type goldLine struct {
	ID           string       `json:"id"`
	Published    detente.Date `json:"published"`
	Text         string       `json:"text"`
	Tokens       pairList     `json:"tokens"`
	Attributions []struct {
		Source  pairList `json:"source"`
		Cue     pairList `json:"cue"`
		Content pairList `json:"content"`
		Head    *[2]int  `json:"source_head"`
		Kind    string   `json:"kind"`
	} `json:"attributions"`
}

// ReadGold reads JSON lines, gzipped or not.
func ReadGold(name string, r io.Reader) ([]GoldDoc, error) {
	br := bufio.NewReaderSize(r, 1<<20)
	if magic, _ := br.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		br = bufio.NewReaderSize(z, 1<<20)
	}
	var out []GoldDoc
	for n := 1; ; n++ {
		line, err := br.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			d, bad := goldDocOf(line)
			if bad != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, bad)
			}
			out = append(out, d)
		}
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
}

func goldDocOf(line []byte) (GoldDoc, error) {
	var g goldLine
	if err := json.Unmarshal(line, &g); err != nil {
		return GoldDoc{}, err
	}
	d := GoldDoc{ID: g.ID, Published: g.Published, Text: g.Text, Units: g.Tokens.spans()}
	length := utf8.RuneCountInString(g.Text)
	if err := inside(d.Units, length); err != nil {
		return GoldDoc{}, fmt.Errorf("%s: %w", g.ID, err)
	}
	for _, a := range g.Attributions {
		x := Attribution{Source: a.Source.spans(), Cue: a.Cue.spans(), Content: a.Content.spans(), Kind: a.Kind}
		for _, spans := range [][]detente.Span{x.Source, x.Cue, x.Content} {
			if err := inside(spans, length); err != nil {
				return GoldDoc{}, fmt.Errorf("%s: %w", g.ID, err)
			}
		}
		if a.Head != nil {
			x.Head = &detente.Span{Start: a.Head[0], End: a.Head[1]}
		}
		d.Gold = append(d.Gold, x)
	}
	return d, nil
}

func inside(spans []detente.Span, length int) error {
	for _, s := range spans {
		if s.Start < 0 || s.End > length || s.Start > s.End {
			return fmt.Errorf("span %d–%d is outside the text of %d code points", s.Start, s.End, length)
		}
	}
	return nil
}

// Outermost turns statements into attributions as PolNeAR marks them: those
// inside others left out.
func Outermost(sts []detente.Statement) []Attribution {
	var out []Attribution
	for _, st := range sts {
		if st.Within == "" {
			out = append(out, Attribution{Source: st.Source, Cue: st.Cue, Content: st.Content, Kind: string(st.Kind)})
		}
	}
	return out
}
