package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"detente"
	"detente/internal/store"
)

// walk: units come whole and in order, each once, and only those known by the
// day; of versions, the one that stood then.
func walk(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	for _, u := range []store.Unit{
		Unit("z", "2020-05-01", "They spoke."), Unit("a", "2020-05-03", "They spoke again."), Unit("m", "2020-05-01", "They wrote."),
		versionUnit("v1", "2020-05-02", "They met.", 0), versionUnit("v2", "2020-05-04", "They met twice.", 3),
	} {
		commit(t, s, u, store.Added)
	}
	for _, test := range []struct {
		asOf, from, to detente.Date
		want           string
	}{
		{"", "", "", "m z a v2"},
		{"2020-05-03", "", "", "m z v1 a"},
		{"2020-05-03", "2020-05-02", "", "v1 a"},
		{"", "2020-05-01", "2020-05-03", "m z a"},
		{"2020-05-02", "", "2020-05-09", "m z v1"},
		{"2020-04-30", "", "", ""},
	} {
		var got []string
		err := s.Walk(ctx, test.asOf, test.from, test.to, func(u store.Unit, h store.Head) error {
			got = append(got, h.ID)
			one, head, err := s.Unit(ctx, h.ID) // a visitor may ask the store
			if err != nil || show(t, one) != show(t, u) || head != h {
				t.Errorf("%s: walked past\n%s\nnot\n%s, %v", h.ID, show(t, u), show(t, one), err)
			}
			return nil
		})
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("as of %q from %q to %q: %v, %v; want %s", test.asOf, test.from, test.to, got, err, test.want)
		}
	}
	enough, seen := errors.New("enough"), 0
	err := s.Walk(ctx, "", "", "", func(store.Unit, store.Head) error { seen++; return enough })
	if err != enough || seen != 1 {
		t.Errorf("%d units before the end, %v; want one, and the visitor's own error", seen, err)
	}
}
