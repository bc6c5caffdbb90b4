package nlp

import (
	"slices"
	"strings"
	"sync"

	"detente/data"
)

// The network decides on names a sentence at a time. What is known beyond the
// sentence mends them: a name that the text has elsewhere is one here too and of
// the kind that most of its mentions have, a state's name is a place also where
// the state acts, and a surname is a person's where the text has it behind a
// first name.

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

// mendNames mends a Doc's names by what the whole text says of them.
func mendNames(d *Doc) {
	d.Ents = append(d.Ents, missedNames(d)...)
	slices.SortFunc(d.Ents, func(a, b Entity) int { return a.First - b.First })
	places, known := gazetteer(), surnames(d)
	for i := range d.Ents {
		e := &d.Ents[i]
		switch {
		case e.Kind == Organisation && places[d.nameForm(*e)]:
			e.Kind = Place
		case e.Kind != Person && e.End-e.First == 1 && known[d.Words[e.First].Form] && !places[d.Words[e.First].Form]:
			e.Kind = Person
		}
	}
	voteKinds(d)
}

// surnames is the last words of the persons' names that have several.
func surnames(d *Doc) map[string]bool {
	known := map[string]bool{}
	for _, e := range d.Ents {
		if e.Kind == Person && e.End-e.First > 1 {
			known[d.Words[e.End-1].Form] = true
		}
	}
	return known
}

// longestRepeat bounds the words of a name that is looked for again.
const longestRepeat = 5

// missedNames finds names again that the text has elsewhere: the same words, or
// the surname of a person, tagged as proper nouns and in no name. A word that is
// oftener in no name than a name stays as it is.
func missedNames(d *Doc) []Entity {
	kinds, times := map[string]EntKind{}, map[string]int{}
	taken := make([]bool, len(d.Words))
	add := func(form string, kind EntKind) {
		if times[form]++; kinds[form] == "" {
			kinds[form] = kind
		}
	}
	for _, e := range d.Ents {
		for i := e.First; i < e.End; i++ {
			taken[i] = true
		}
		add(d.nameForm(e), e.Kind)
		if e.Kind == Person && e.End-e.First > 1 {
			add(d.Words[e.End-1].Form, Person)
		}
	}
	free := func(i int) bool { return !taken[i] && d.Words[i].UPOS == "PROPN" }
	for i := range d.Words {
		if free(i) {
			times[d.Words[i].Form]--
		}
	}
	var found []Entity
	for _, s := range d.Sents {
		for i := s.First; i < s.End; i++ {
			end := i // of the free proper nouns from i on
			for end < s.End && end-i < longestRepeat && free(end) {
				end++
			}
			for j := end; j > i; j-- {
				e := Entity{First: i, End: j}
				form := d.nameForm(e)
				if e.Kind = kinds[form]; e.Kind != "" && times[form] >= 0 {
					found = append(found, e)
					i = j - 1
					break
				}
			}
		}
	}
	return found
}

// voteKinds gives a name the kind that most of its mentions have.
func voteKinds(d *Doc) {
	votes := map[string]map[EntKind]int{}
	for _, e := range d.Ents {
		form := d.nameForm(e)
		if votes[form] == nil {
			votes[form] = map[EntKind]int{}
		}
		votes[form][e.Kind]++
	}
	for i := range d.Ents {
		e := &d.Ents[i]
		all := votes[d.nameForm(*e)]
		for _, k := range []EntKind{Person, Organisation, Place} {
			if 2*all[k] > all[Person]+all[Organisation]+all[Place] {
				e.Kind = k
			}
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
