package actor

import (
	"strings"

	"detente"
)

// PartyName gives the usual English name of a state by its code. Empty for
// what is no state: an organisation's code is its name.
func (b *Book) PartyName(p detente.Party) string {
	if f := b.states[p]; f != nil {
		return f.name
	}
	return ""
}

// Codes are the numbers by which others know a state; empty where the tables
// have none.
type Codes struct {
	COW      string // Correlates of War
	Wikidata string // item
}

// CodesOf gives the codes of a state.
func (b *Book) CodesOf(p detente.Party) Codes { return b.codes[p] }

// Wikidata gives the item of the person who has this name and speaks for, or is
// of, this state on a day; empty where the tables have no item or several such
// people.
func (b *Book) Wikidata(name string, state detente.Party, on detente.Date) string {
	item := ""
	for _, e := range b.Find(name, on) {
		if e.Kind != KindPerson || e.Country != state {
			continue
		}
		if item != "" || !isItem(e.ID) {
			return ""
		}
		item = e.ID
	}
	return item
}

// isItem tells a Wikidata item (Q and a number) from an id of our own.
func isItem(id string) bool {
	return len(id) > 1 && id[0] == 'Q' && strings.Trim(id[1:], "0123456789") == ""
}
