package web

import (
	"cmp"
	"context"

	"detente"
	"detente/internal/store"
)

// reach is in how many reports a statement's speaker is quoted for its day,
// and of how many independent origins these are.
type reach struct {
	Copies []store.Head   // other reports of the article's own origin
	Others []store.Saying // in articles of other origins
	Told   bool           // the speaker and the day are told, so that it could be looked for
}

// Reports counts the articles, the statement's own among them.
func (r reach) Reports() int { return 1 + len(r.Copies) + articles(r.Others) }

// Origins counts the independent texts among them.
func (r reach) Origins() int {
	origins := map[string]bool{}
	for _, o := range r.Others {
		origins[originOf(o.Head)] = true
	}
	return 1 + len(origins)
}

func originOf(h store.Head) string { return cmp.Or(h.Origin, h.ID) }

// How far around a statement's own article others are looked for: what was
// said is reported on the days after.
const (
	reachDays     = 7
	reachArticles = 100
)

// reachOf looks for other reports of what a speaker said on a day. Whether two
// of them tell of the same words is left to the reader.
func (s *server) reachOf(ctx context.Context, v *Statement, asOf detente.Date) (reach, error) {
	st := v.Statement
	if st.Speaker.Name == "" || st.SaidOn == "" {
		return reach{}, nil
	}
	out := reach{Told: true}
	after := store.Place{Known: v.Known.AddDays(reachDays + 1)} // before the first of that day
	voice := store.Voice{Name: st.Speaker.Name, Party: st.Speaker.Party}
	said, err := s.store.Spoken(ctx, voice, asOf, after, reachArticles)
	if err != nil {
		return out, err
	}
	own := v.Article.ID
	for _, o := range said {
		if o.ID == v.Article.ID {
			own = originOf(o.Head)
		}
	}
	copied := map[string]bool{v.Article.ID: true}
	for _, o := range said {
		switch {
		case originOf(o.Head) != own:
			if o.Statement.SaidOn == st.SaidOn {
				out.Others = append(out.Others, o)
			}
		case !copied[o.ID]:
			copied[o.ID] = true
			out.Copies = append(out.Copies, o.Head)
		}
	}
	return out, nil
}
