package quote

import (
	"encoding/json"
	"io"
)

// paragraphLine is one paragraph as the trainers in train/ read it.
type paragraphLine struct {
	Doc   int      `json:"doc"`   // number of the text in its file
	Words []string `json:"words"` // forms
	Ends  []int    `json:"ends"`  // end of each sentence, in words
	Marks []int    `json:"marks"` // how each word stands to quotation marks (quoteState)
	Tags  []int    `json:"tags"`  // gold labels of the first tagger
	Links []link   `json:"links"` // gold attributions with a cue in the paragraph
}

// link is a cue, first word and end counted from the paragraph's first word,
// and the words of its source and content in the paragraph.
type link struct {
	Cue     [2]int   `json:"cue"`
	Source  [][2]int `json:"source"`
	Content [][2]int `json:"content"`
}

// linksOf gives the gold links of a paragraph.
func linksOf(p para, gold []wordGold) []link {
	out := []link{}
	for _, g := range gold {
		if len(g.part[roleCue]) == 0 {
			continue
		}
		cue := g.part[roleCue][0] // the first part stands for a cue, as in drills
		if cue.first < p.first || cue.first >= p.end {
			continue
		}
		out = append(out, link{
			Cue:     [2]int{cue.first - p.first, min(cue.end, p.end) - p.first},
			Source:  clipped(p, g.part[roleSource]),
			Content: clipped(p, g.part[roleContent]),
		})
	}
	return out
}

// clipped gives what of ss lies in a paragraph, from its first word.
func clipped(p para, ss []stretch) [][2]int {
	out := [][2]int{}
	for _, s := range ss {
		if first, end := max(s.first, p.first), min(s.end, p.end); first < end {
			out = append(out, [2]int{first - p.first, end - p.first})
		}
	}
	return out
}

// WriteWords writes the paragraphs of examples as JSON lines: words, sentences,
// quotation marks, the first tagger's gold labels and what belongs to which cue.
// first is the number of the first example.
func WriteWords(w io.Writer, first int, xs []Example) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for n, ex := range xs {
		v := newView(ex.Doc, nil)
		gold := v.wordGold(ex.Gold)
		for _, p := range v.paras {
			line := paragraphLine{Doc: first + n, Tags: tagGold(p, gold), Links: linksOf(p, gold)}
			for i := p.first; i < p.end; i++ {
				line.Words = append(line.Words, v.doc.Words[i].Form)
				line.Marks = append(line.Marks, int(v.quoteState(i)))
				if i+1 == p.end || v.doc.Words[i+1].Sent != v.doc.Words[i].Sent {
					line.Ends = append(line.Ends, i+1-p.first)
				}
			}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
	}
	return nil
}
