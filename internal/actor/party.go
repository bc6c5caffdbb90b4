package actor

import "detente"

// PartyName gives the usual English name of a state by its code. Empty for
// what is no state: an organisation's code is its name.
func (b *Book) PartyName(p detente.Party) string {
	if f := b.states[p]; f != nil {
		return f.name
	}
	return ""
}
