package nlp

import (
	"strings"
	"sync"

	"detente/data"
)

// The network decides on names a sentence at a time. What is known beyond the
// sentence mends its kinds: a state's name is a place also where the state acts,
// and a surname is a person's where the text has it behind a first name.

// countriesFile holds the names of states, capitals and other places.
const countriesFile = "actors/countries.tsv"

// gazetteer is the names of places, words parted by single spaces.
var gazetteer = sync.OnceValue(func() map[string]bool {
	b, err := data.FS.ReadFile(countriesFile)
	if err != nil {
		return nil
	}
	places := map[string]bool{}
	var wanted []int
	for line := range strings.Lines(string(b)) {
		col := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		switch {
		case strings.HasPrefix(line, "#"):
		case wanted == nil:
			for i, c := range col {
				if c == "name" || c == "names" || c == "capitals" || c == "places" {
					wanted = append(wanted, i)
				}
			}
		default:
			for _, i := range wanted {
				if i < len(col) {
					addPlaces(places, col[i])
				}
			}
		}
	}
	return places
})

func addPlaces(places map[string]bool, list string) {
	for name := range strings.SplitSeq(list, ";") {
		if name = strings.TrimPrefix(strings.TrimSpace(name), "the "); name != "" {
			places[name] = true
		}
	}
}

// mendNames mends the kinds of a Doc's names.
func mendNames(d *Doc) {
	places := gazetteer()
	surnames := map[string]bool{}
	for _, e := range d.Ents {
		if e.Kind == Person && e.End-e.First > 1 {
			surnames[d.Words[e.End-1].Form] = true
		}
	}
	for i := range d.Ents {
		e := &d.Ents[i]
		switch {
		case e.Kind == Organisation && places[d.nameForm(*e)]:
			e.Kind = Place
		case e.Kind != Person && e.End-e.First == 1 && surnames[d.Words[e.First].Form] && !places[d.Words[e.First].Form]:
			e.Kind = Person
		}
	}
}

// nameForm is the words of a name parted by single spaces.
func (d *Doc) nameForm(e Entity) string {
	if e.End-e.First == 1 {
		return d.Words[e.First].Form
	}
	var b strings.Builder
	for i := e.First; i < e.End; i++ {
		if i > e.First {
			b.WriteByte(' ')
		}
		b.WriteString(d.Words[i].Form)
	}
	return b.String()
}
