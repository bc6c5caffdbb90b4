package actor

import (
	"testing"

	"detente"
)

func TestInSeatKnowsTitlesOfOneOffice(t *testing.T) {
	b := embedded(t)
	for _, c := range []struct {
		party     detente.Party
		title, on string
		want      string
	}{
		{"SWE", "Prime Minister", "2009-07-01", "Fredrik Reinfeldt"},
		{"SWE", "premier", "2009-07-01", "Fredrik Reinfeldt"},
		{"IRL", "Taoiseach", "1999-03-03", "Bertie Ahern"},
		{"DNK", "Minister of Foreign Affairs", "2005-05-05", "Per Stig Moller"},
		{"RUS", "leader", "1987-12-09", "Mikhail Gorbachev"},
		{"JPN", "defense minister", "2013-08-08", "Itsunori Onodera"},
		{"SWE", "Prime Minister", "1890-01-01", ""},
		{"SWE", "Astronomer Royal", "2009-07-01", ""},
	} {
		got := ""
		if p := b.inSeat(seat{c.party, titleKey(c.title)}, detente.Date(c.on)); p != nil {
			got = p.name
		}
		if got != c.want {
			t.Errorf("%s of %s on %s is %q, want %q", c.title, c.party, c.on, got, c.want)
		}
	}
}
