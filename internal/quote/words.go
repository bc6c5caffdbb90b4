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
}

// WriteWords writes the paragraphs of examples as JSON lines: words, sentences,
// quotation marks and the first tagger's gold labels. first is the number of
// the first example.
func WriteWords(w io.Writer, first int, xs []Example) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for n, ex := range xs {
		v := newView(ex.Doc, nil)
		gold := v.wordGold(ex.Gold)
		for _, p := range v.paras {
			line := paragraphLine{Doc: first + n, Tags: tagGold(p, gold)}
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
