package quote

import (
	"strings"
	"testing"
)

// Quotations are marked with ⟦ ⟧ in the wanted form; ⟧ without a mark before it
// stands where a paragraph ends unclosed.
func TestQuotations(t *testing.T) {
	for _, want := range []string{
		`She said: ⟦“We will go.”⟧`,
		`⟦“It is ⟦‘frozen’⟧,”⟧ he said.`,
		`Ties are ⟦'frozen'⟧, and the two sides' envoys don't talk.`,
		`⟦'The workers' rights are not on the table,'⟧ he said.`,
		`⟦"We don't know,"⟧ he said. ⟦"Ask them."⟧`,
		`⟦«Nous verrons»⟧, he said.`,
		`⟦„So nicht“⟧, he said.`,
		`⟦''This is new,''⟧ he said. ⟦''Quite new.''⟧`,
		"⟦``This is new,''⟧ he said.",
		`⟦“We go on. And on.⟧`,
		`The '90s were Peter's and the minister's years.`,
		`Rock 'n' roll isn't dead.`,
		`⟦"He called it ⟦'a farce'⟧ twice,"⟧ she said.`,
		`A 6" pipe`,
	} {
		text := strings.NewReplacer("⟦", "", "⟧", "").Replace(want)
		if got := marked(text, quotations(text, 0, len(text))); got != want {
			t.Errorf("have %s\nwant %s", got, want)
		}
	}
}

func marked(text string, qs []quotation) string {
	var b strings.Builder
	for i := 0; i <= len(text); i++ {
		for k := len(qs) - 1; k >= 0; k-- {
			if qs[k].End == i {
				b.WriteString("⟧")
			}
		}
		for _, q := range qs {
			if q.Start == i {
				b.WriteString("⟦")
			}
		}
		if i < len(text) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func FuzzQuotations(f *testing.F) {
	f.Add(`"a 'b' c" ''d'' ‘e’`)
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, q := range quotations(text, 0, len(text)) {
			if q.Start < last || q.End <= q.Start || q.End > len(text) || q.Depth < 1 {
				t.Fatalf("quotation %+v in %q", q, text)
			}
			last = q.Start
		}
	})
}
