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

// spot is where a list goes on: behind so many things of an article or, where
// Given is 0, behind all of it. Articles are in the order of store.Search, the
// latest known first, which nothing that is committed later changes: what is
// new stands before the place, or behind it at its own; nothing comes twice or
// is left out.
type spot struct {
	Known   detente.Date `json:"k,omitempty"`
	Article string       `json:"a,omitempty"`
	Given   int          `json:"n,omitempty"`
}

// cursor is a place in the answer to a question, as clients carry it.
type cursor struct {
	Question string `json:"q"`
	spot
}

// maxCursor bounds what is read as a cursor; ids of articles are far shorter.
const maxCursor = 8 << 10

// write gives the cursor as text that means nothing to its reader.
func (c cursor) write() string {
	b, _ := json.Marshal(c) // text and numbers, which cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

// readCursor reads a cursor that was given for the same question.
func readCursor(text, question string) (spot, error) {
	bad := &refusal{pageError: &pageError{400, "The cursor is none that this list gave."}, kind: "bad-cursor",
		remedy: "Take the cursor from next of the part before, unchanged, or leave it out to begin at the start."}
	if len(text) > maxCursor {
		return spot{}, bad
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return spot{}, bad
	}
	var c cursor
	read := json.NewDecoder(strings.NewReader(string(b)))
	read.DisallowUnknownFields()
	if err := read.Decode(&c); err != nil || read.More() || c.Given < 0 {
		return spot{}, bad
	}
	if c.Known != "" {
		if _, err := detente.ParseDate(string(c.Known)); err != nil {
			return spot{}, bad
		}
	}
	if c.Question != question {
		bad.text = "The cursor belongs to another question."
		bad.remedy = "Ask with the same parameters as for the part before (limit may differ), or leave the cursor out to begin at the start."
		return spot{}, bad
	}
	return c.spot, nil
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

// listing is articles in the order of their places, and what is found in each.
type listing[T any] struct {
	behind func(after store.Place, n int) ([]stop[T], error) // at most n articles behind a place
	at     func(store.Place) ([]T, error)                    // nothing where no article is there any more
}

// stop is an article of a listing; what is found in it is read when asked for.
type stop[T any] struct {
	at    store.Place
	found func() ([]T, error)
}

// gather collects what is found in a listing from a place on, and the place
// where the rest begins; nil where nothing is left. It reads at most maxRead
// articles, so that a part may hold fewer than limit while there is more.
func gather[T any](list listing[T], from spot, limit int) (items []T, next *spot, err error) {
	after := store.Place{Known: from.Known, ID: from.Article}
	if from.Given > 0 { // the part before ended in the middle of an article
		found, err := list.at(after)
		if err != nil {
			return nil, nil, err
		}
		found = found[min(from.Given, len(found)):]
		if len(found) > limit {
			return found[:limit], &spot{from.Known, from.Article, from.Given + limit}, nil
		}
		items = found
	}
	for read := 0; ; {
		stops, err := list.behind(after, readStep)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range stops {
			if read == maxRead {
				return items, &spot{after.Known, after.ID, 0}, nil
			}
			read++
			found, err := e.found()
			if err != nil {
				return nil, nil, err
			}
			switch room := limit - len(items); {
			case len(found) > 0 && room == 0:
				return items, &spot{after.Known, after.ID, 0}, nil
			case len(found) > room:
				return append(items, found[:room]...), &spot{e.at.Known, e.at.ID, room}, nil
			}
			items = append(items, found...)
			after = e.at
		}
		if len(stops) < readStep {
			return items, nil, nil
		}
	}
}

// searched lists what of finds in the articles that a search finds.
func searched[T any](ctx context.Context, st store.Store, q store.Query, of func(store.Hit, *detente.Record) []T) listing[T] {
	in := func(hit store.Hit) ([]T, error) {
		u, _, err := st.Unit(ctx, hit.ID)
		if errors.Is(err, store.ErrNotFound) { // gone since the search
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return of(hit, &u.Record), nil
	}
	return listing[T]{
		behind: func(after store.Place, n int) ([]stop[T], error) {
			q.After, q.Limit = after, n
			hits, err := st.Search(ctx, q)
			var out []stop[T]
			for _, hit := range hits {
				out = append(out, stop[T]{store.PlaceOf(hit.Head), func() ([]T, error) { return in(hit) }})
			}
			return out, err
		},
		at: func(p store.Place) ([]T, error) {
			u, head, err := st.Unit(ctx, p.ID)
			if errors.Is(err, store.ErrNotFound) || err == nil && (head.Known != p.Known || q.AsOf != "" && head.Known > q.AsOf) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			return of(store.Hit{Head: head, Dyads: store.Dyads(&u.Record)}, &u.Record), nil
		},
	}
}

// reported lists what of finds in the reports of a dyad, the first of each
// origin.
func reported[T any](ctx context.Context, st store.Store, dyad detente.Dyad, asOf detente.Date, of func(store.Report) []T) listing[T] {
	return listing[T]{
		behind: func(after store.Place, n int) ([]stop[T], error) {
			reports, err := st.Recent(ctx, dyad, asOf, after, n)
			var out []stop[T]
			for _, rep := range reports {
				out = append(out, stop[T]{store.PlaceOf(rep.Head), func() ([]T, error) { return of(rep), nil }})
			}
			return out, err
		},
		at: func(p store.Place) ([]T, error) {
			reports, err := st.Told(ctx, dyad, []string{p.ID}, asOf)
			if err != nil || len(reports) == 0 || reports[0].Known != p.Known {
				return nil, err
			}
			return of(reports[0]), nil
		},
	}
}

// wording is words and runs of words that must all stand in a text.
type wording [][]string

// wordsOf reads them as the store's search does: words in quotation marks
// stand together, and nothing else has a meaning.
func wordsOf(query string) wording {
	var out wording
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
func (ws wording) in(texts ...string) bool {
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
