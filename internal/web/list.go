package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"detente"
	"detente/internal/store"
)

// List is a part of a list, and the cursor that asks for the next part.
type List[T any] struct {
	Codebook int          `json:"codebook"`
	AsOf     detente.Date `json:"as_of"` // the day asked for; empty: all that is stored
	Items    []T          `json:"items"`
	Next     string       `json:"next"` // empty: this was the last part
}

// place is where a list goes on: behind so many things of an article or, where
// Given is 0, behind all of it. Articles are in the order of store.Search, the
// latest known first, which nothing that is committed later changes: what is
// new stands before the place, or behind it at its own; nothing comes twice or
// is left out.
type place struct {
	Known   detente.Date `json:"k,omitempty"`
	Article string       `json:"a,omitempty"`
	Given   int          `json:"n,omitempty"`
}

// cursor is a place in the answer to a question, as clients carry it.
type cursor struct {
	Question string `json:"q"`
	place
}

// maxCursor bounds what is read as a cursor; ids of articles are far shorter.
const maxCursor = 8 << 10

// write gives the cursor as text that means nothing to its reader.
func (c cursor) write() string {
	b, _ := json.Marshal(c) // text and numbers, which cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

// readCursor reads a cursor that was given for the same question.
func readCursor(text, question string) (place, error) {
	bad := &refusal{pageError: &pageError{400, "The cursor is none that this list gave."}, kind: "bad-cursor",
		remedy: "Take the cursor from next of the part before, unchanged, or leave it out to begin at the start."}
	if len(text) > maxCursor {
		return place{}, bad
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return place{}, bad
	}
	var c cursor
	read := json.NewDecoder(strings.NewReader(string(b)))
	read.DisallowUnknownFields()
	if err := read.Decode(&c); err != nil || read.More() || c.Given < 0 {
		return place{}, bad
	}
	if c.Known != "" {
		if _, err := detente.ParseDate(string(c.Known)); err != nil {
			return place{}, bad
		}
	}
	if c.Question != question {
		bad.text = "The cursor belongs to another question."
		bad.remedy = "Ask with the same parameters as for the part before (limit may differ), or leave the cursor out to begin at the start."
		return place{}, bad
	}
	return c.place, nil
}

// questionOf is the same for requests that one list answers.
func questionOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// How many articles a part of a list may cost, and how many are looked up at
// once.
const (
	maxRead  = 400
	readStep = 50
)

// gathering collects what of finds in articles, up to a limit.
type gathering[T any] struct {
	limit int
	of    func(store.Hit, *detente.Record) []T
	items []T
}

// take adds what is found in an article, but for the given first, and says how
// many of it were given where not all of it fits.
func (g *gathering[T]) take(hit store.Hit, rec *detente.Record, given int) (at int, full bool) {
	found := g.of(hit, rec)
	for n := given; n < len(found); n++ {
		if len(g.items) == g.limit {
			return n, true
		}
		g.items = append(g.items, found[n])
	}
	return 0, false
}

// gather collects what of finds in the articles that q asks for, from a place
// on, and the place where the rest begins; nil where nothing is left. It reads
// at most maxRead articles, so that a part may hold fewer than limit while
// there is more.
func gather[T any](ctx context.Context, st store.Store, q store.Query, from place, limit int,
	of func(store.Hit, *detente.Record) []T) (items []T, next *place, err error) {
	g := &gathering[T]{limit: limit, of: of}
	q.After, q.Limit = store.Place{Known: from.Known, ID: from.Article}, readStep
	if from.Given > 0 { // the part before ended in the middle of an article
		u, head, err := st.Unit(ctx, from.Article)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, nil, err
		}
		if err == nil && head.Known == from.Known && (q.AsOf == "" || head.Known <= q.AsOf) {
			if at, full := g.take(store.Hit{Head: head, Dyads: store.Dyads(&u.Record)}, &u.Record, from.Given); full {
				return g.items, &place{from.Known, from.Article, at}, nil
			}
		}
	}
	for read := 0; ; {
		hits, err := st.Search(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		for _, hit := range hits {
			if read == maxRead {
				return g.items, &place{q.After.Known, q.After.ID, 0}, nil
			}
			read++
			u, _, err := st.Unit(ctx, hit.ID)
			if errors.Is(err, store.ErrNotFound) { // gone since the search
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			switch at, full := g.take(hit, &u.Record, 0); {
			case full && at == 0: // nothing of it fits
				return g.items, &place{q.After.Known, q.After.ID, 0}, nil
			case full:
				return g.items, &place{hit.Known, hit.ID, at}, nil
			}
			q.After = store.PlaceOf(hit.Head)
		}
		if len(hits) < readStep {
			return g.items, nil, nil
		}
	}
}

// wanted are words and runs of words that must all stand in a text.
type wanted [][]string

// wordsOf reads them as the store's search does: words in quotation marks
// stand together, and nothing else has a meaning.
func wordsOf(query string) wanted {
	var out wanted
	for i, part := range strings.Split(query, `"`) {
		if run := plainWords(part); i%2 == 1 && len(run) > 0 {
			out = append(out, run)
			continue
		}
		for _, w := range strings.Fields(part) {
			if run := plainWords(w); len(run) > 0 {
				out = append(out, run)
			}
		}
	}
	return out
}

// in says whether each of them stands in one of some texts.
func (ws wanted) in(texts ...string) bool {
	read := make([][]string, len(texts))
	for i, text := range texts {
		read[i] = plainWords(text)
	}
	for _, run := range ws {
		stands := func(words []string) bool {
			for i := range words {
				if len(words)-i >= len(run) && slices.Equal(words[i:i+len(run)], run) {
					return true
				}
			}
			return false
		}
		if !slices.ContainsFunc(read, stands) {
			return false
		}
	}
	return true
}

// plainWords takes a text apart into words without case and diacritics.
func plainWords(text string) []string {
	text = strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text)))
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}
