package event

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"detente"
)

// What follows from an event's codes: quad class, intensity, contexts.

// quads puts the types into PLOVER's four classes: 1 verbal and 2 material
// cooperation, 3 verbal and 4 material conflict.
var quads = map[detente.EventType]int{
	detente.Agree: 1, detente.Consult: 1, detente.Support: 1, detente.Concede: 1,
	detente.Cooperate: 2, detente.Aid: 2, detente.Retreat: 2,
	detente.Request: 3, detente.Accuse: 3, detente.Reject: 3, detente.Threaten: 3,
	detente.Protest: materialConflict, detente.Sanction: materialConflict, detente.Mobilize: materialConflict,
	detente.Coerce: materialConflict, detente.Assault: materialConflict,
}

const materialConflict = 4

// loadIntensities reads code<TAB>name<TAB>intensity.
func loadIntensities(fsys fs.FS, name string) (map[string]float64, error) {
	out := map[string]float64{}
	err := rows(fsys, name, func(cols []string) error {
		if len(cols) != 3 {
			return errors.New("a code is its number, a name and an intensity, parted by tabs")
		}
		x, err := strconv.ParseFloat(cols[2], 64)
		if err != nil || x < -10 || x > 10 {
			return fmt.Errorf("%q is no intensity from -10 to 10", cols[2])
		}
		out[cols[0]] = x
		return nil
	})
	return out, err
}

// theme is a context with the words that show it.
type theme struct {
	name  string
	words map[string]bool
}

// loadThemes reads context<TAB>words.
func loadThemes(fsys fs.FS, name string) ([]theme, error) {
	var out []theme
	err := rows(fsys, name, func(cols []string) error {
		if len(cols) != 2 {
			return errors.New("a context is its name, a tab, and words")
		}
		t := theme{cols[0], map[string]bool{}}
		for _, w := range strings.Fields(cols[1]) {
			t.words[w] = true
		}
		out = append(out, t)
		return nil
	})
	return out, err
}

// rate fills in what follows from an event's codes and its sentence.
func (c *coding) rate(ev *detente.Event) {
	ev.Quad = quads[ev.Type]
	code := ev.CAMEO
	x, ok := c.intensities[code]
	if !ok && len(code) > 2 {
		x = c.intensities[code[:2]]
	}
	ev.Intensity = x
	if c.themed != ev.Sentence+1 { // events come sentence by sentence
		c.themed, c.themesHere = ev.Sentence+1, c.themesHere[:0]
		for _, t := range c.themes {
			if c.speaksOf(ev.Sentence, t.words) {
				c.themesHere = append(c.themesHere, t.name)
			}
		}
	}
	for _, name := range c.themesHere {
		if !slices.Contains(ev.Contexts, name) {
			ev.Contexts = append(ev.Contexts, name)
		}
	}
}

// speaksOf reports one of the words in a sentence.
func (c *coding) speaksOf(s int, words map[string]bool) bool {
	for i := c.doc.Sents[s].First; i < c.doc.Sents[s].End; i++ {
		if words[c.tree.lemma(i)] || words[c.tree.form(i)] {
			return true
		}
	}
	return false
}
