package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"

	"detente/internal/store"

	"detente"
)

func TestAnnotations(t *testing.T) {
	d := newDraft(t, "doves", "The Courier", "2018-03-14", "🕊 Doves over Geneva",
		"“🕊 Lines to Washington are frozen, é and all,” Pyotr Danilov said on Tuesday.")
	s := d.says(danilov, "Pyotr Danilov", "said", "Lines to Washington are frozen", "2018-03-13")
	d.rec.Statements[0].Content = append(d.rec.Statements[0].Content, d.span("é and all")) // in two runs
	d.claims(s, "RUS-USA", detente.ChannelAll, detente.Frozen, "every", "are frozen")
	d.acts(detente.Freeze, "suspend", "RUS-USA", detente.Military, "2018-03-13", "frozen", s)
	h := handler(t, store.Unit{Record: d.rec})

	res := get(t, h, "/api/v1/articles/doves/text")
	body, _ := io.ReadAll(res.Body)
	text := []rune(string(body))
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])

	path := "/api/v1/articles/doves/annotations"
	for _, held := range []string{"", "?sha256=" + hash, "?sha256=" + strings.ToUpper(hash)} {
		col := decoded[AnnotationCollection](t, h, path+held)
		if col.Anchor != Exact || col.SHA256 != hash || col.Total != len(col.First.Items) || col.First.PartOf != col.ID {
			t.Fatalf("collection %+v", col)
		}
		var quotes []string
		ids := map[string]bool{}
		for _, a := range col.First.Items {
			if ids[a.ID] || len(a.Body) == 0 || a.Body[0].Value == "" || len(a.Target) == 0 {
				t.Errorf("annotation %+v", a)
			}
			ids[a.ID] = true
			for _, target := range a.Target {
				quote, at := target.Selector[0], target.Selector[1]
				if quote.Type != "TextQuoteSelector" || at.Type != "TextPositionSelector" || target.Source.SHA256 != hash {
					t.Fatalf("target %+v", target)
				}
				if got := string(text[*at.Start:*at.End]); got != *quote.Exact {
					t.Errorf("%s: at %d to %d stands %q, not %q", a.ID, *at.Start, *at.End, got, *quote.Exact)
				}
				if before, after := string(text[:*at.Start]), string(text[*at.End:]); !strings.HasSuffix(before, *quote.Prefix) || !strings.HasPrefix(after, *quote.Suffix) {
					t.Errorf("%s: %q does not stand between %q and %q", a.ID, *quote.Exact, *quote.Prefix, *quote.Suffix)
				}
				quotes = append(quotes, a.Motivation+" "+*quote.Exact)
			}
		}
		want := []string{"identifying Pyotr Danilov", "classifying said", "describing Lines to Washington are frozen", "describing é and all",
			"classifying frozen", "classifying frozen", "classifying are frozen"} // event, act, claim
		if !slices.Equal(quotes, want) {
			t.Errorf("annotations %q", quotes)
		}
	}

	orphaned := decoded[AnnotationCollection](t, h, path+"?sha256="+strings.Repeat("a", 64))
	if orphaned.Anchor != Orphaned || orphaned.Total == 0 || orphaned.SHA256 != hash {
		t.Fatalf("another text: %+v", orphaned)
	}
	for _, a := range orphaned.First.Items {
		for _, target := range a.Target {
			if a.Anchor != Orphaned || len(target.Selector) != 0 {
				t.Errorf("%s is anchored in another text: %+v", a.ID, target)
			}
		}
	}
}
