package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"detente"
)

// Feeds are Atom (RFC 4287). Times are midnight (UTC) of the day on which
// something became known, never the clock's. An entry's id names dyad, channel,
// day and state, so that it is the same however often the feed is made, and
// another one where a later import changes what was known on that day.

// maxFeed is how many of the latest entries a feed has.
const maxFeed = 30

// feedLink is a feed that a page names in its head.
type feedLink struct{ Title, Href string }

type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang      string      `xml:"xml:lang,attr"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle"`
	Updated   string      `xml:"updated"`
	Author    atomAuthor  `xml:"author"`
	Generator string      `xml:"generator"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Scheme string `xml:"scheme,attr"`
	Term   string `xml:"term,attr"`
}

// atomContent is HTML, escaped once by the template that makes it and once as
// text of the feed.
type atomContent struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func (f *atomFeed) encode() ([]byte, error) {
	body, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing a feed: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

// atomTime is midnight of a day.
func atomTime(day detente.Date) string { return string(day) + "T00:00:00Z" }

// newFeed is a feed without entries. page is what it is the feed of; feed is
// its own path.
func (s *server) newFeed(q *ask, d *Dyad, title, subtitle string, page []string) *atomFeed {
	base := s.base(q.Request)
	return &atomFeed{
		Lang: "en", ID: s.tagURI(strings.Split(strings.Trim(q.URL.Path, "/"), "/")...), Title: title, Subtitle: subtitle,
		Updated: atomTime(d.Latest), Author: atomAuthor{"Detente"}, Generator: "Detente",
		Links: []atomLink{
			{"self", mediaAtom, base + q.URL.EscapedPath()},
			{"alternate", "text/html", base + pathOf(page...)},
		},
	}
}

// feedDyad reads the dyad of a feed by its proper name: each feed has one
// address, and one id.
func (s *server) feedDyad(q *ask) (*Dyad, error) {
	d, err := s.dyadOf(q.Request, "")
	if err != nil {
		return nil, err
	}
	if name := d.Dyad.String(); name != q.PathValue("dyad") {
		return nil, &refusal{pageError: &pageError{http.StatusNotFound, "The feed stands under the dyad's proper name."}, kind: "not-found",
			remedy: "Ask with " + name + " in place of " + q.PathValue("dyad") + "."}
	}
	return d, nil
}

func (s *server) dyadFeed(q *ask) (any, error) {
	d, err := s.feedDyad(q)
	if err != nil {
		return nil, err
	}
	f := s.newFeed(q, d, s.pair(d.Dyad)+": changes", "How the state of each channel changed, as it became known, with the sentences that it rests on.",
		[]string{"dyads", d.Dyad.String()})
	return f, s.addTurns(q, f, d, turns(d, ""))
}

func (s *server) channelFeed(q *ask) (any, error) {
	ch, err := channelOf(q)
	if err != nil {
		return nil, err
	}
	d, err := s.feedDyad(q)
	if err != nil {
		return nil, err
	}
	f := s.newFeed(q, d, s.pair(d.Dyad)+": "+channelName(ch), "How the state of this channel changed, as it became known, with the sentences that it rests on.",
		[]string{"dyads", d.Dyad.String()})
	return f, s.addTurns(q, f, d, turns(d, ch))
}

// turn is a change of a channel's state, on the day that it became known.
type turn struct {
	channel  detente.Channel
	from, to detente.State
	day      detente.Date
}

// turns lists the latest changes of a dyad's channels, or of one, the latest
// first. Where earlier history was cut off, what stood at the cut is no change.
func turns(d *Dyad, only detente.Channel) []turn {
	var out []turn
	for _, p := range d.History {
		if only != "" && p.Channel != only {
			continue
		}
		was := detente.Unknown
		for _, sp := range p.Spells {
			if sp.From != d.HistoryFrom {
				out = append(out, turn{p.Channel, was, sp.State, sp.From})
			}
			was = sp.State
		}
	}
	slices.SortStableFunc(out, func(a, b turn) int { return -cmp.Compare(a.day, b.day) })
	return out[:min(len(out), maxFeed)]
}

// addTurns makes an entry of each change, with what the state rested on then.
func (s *server) addTurns(q *ask, f *atomFeed, d *Dyad, list []turn) error {
	boards := map[detente.Date]*Dyad{}
	for _, t := range list {
		if boards[t.day] == nil {
			b, err := s.boardOn(q.Context(), d.Dyad, t.day)
			if err != nil {
				return err
			}
			boards[t.day] = b
		}
		name := channelName(t.channel)
		content := feedEntry{Line: fmt.Sprintf("%s: %s, before %s.", name, t.to, t.from), Base: s.base(q.Request)}
		for _, row := range boards[t.day].Channels {
			if row.Channel == t.channel && row.State == t.to {
				content.Rule = row.Rule
				content.Citations = row.Citations[:min(len(row.Citations), maxAlike)]
			}
		}
		err := s.addEntry(f, content, atomEntry{
			ID:    s.tagURI("dyads", d.Dyad.String(), "channels", string(t.channel), string(t.day), string(t.to)),
			Title: fmt.Sprintf("%s, %s: %s", s.pair(d.Dyad), name, t.to), Updated: atomTime(t.day), Published: atomTime(t.day),
			Links:      []atomLink{{"alternate", "text/html", content.Base + pathOf("dyads", d.Dyad.String()) + "?as_of=" + string(t.day)}},
			Categories: s.categories("channel", string(t.channel), "state", string(t.to)),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// categories makes terms of pairs of a scheme and a word.
func (s *server) categories(pairs ...string) []atomCategory {
	var out []atomCategory
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, atomCategory{s.tagURI(pairs[i]), pairs[i+1]})
	}
	return out
}

// boardOn is a dyad's board as it was known on a day, without its history.
func (s *server) boardOn(ctx context.Context, dyad detente.Dyad, day detente.Date) (*Dyad, error) {
	reports, err := s.store.Reports(ctx, dyad, day)
	if err != nil {
		return nil, err
	}
	d, _ := present(s.Rules, dyad, day, reports)
	return d, nil
}

// disputeFeed has an entry for each dispute as it stands. One to which
// something is added becomes a new entry, of the day on which that became known.
func (s *server) disputeFeed(q *ask) (any, error) {
	d, err := s.feedDyad(q)
	if err != nil {
		return nil, err
	}
	f := s.newFeed(q, d, s.pair(d.Dyad)+": disputes", "Who says what against whom, and what the record has. No verdict on who is truthful.",
		[]string{"dyads", d.Dyad.String()})
	type dated struct {
		Dispute
		day  detente.Date
		said []Citation
	}
	var list []dated
	for _, dis := range d.Disputes {
		at := dated{Dispute: dis}
		for _, c := range slices.Concat(dis.Claims, dis.Against) {
			at.said = append(at.said, c.Citation)
		}
		for _, a := range dis.Record {
			at.said = append(at.said, a.Citations...)
		}
		for _, c := range at.said {
			at.day = max(at.day, c.Known)
		}
		list = append(list, at)
	}
	slices.SortStableFunc(list, func(a, b dated) int { return -cmp.Compare(a.day, b.day) })
	for _, dis := range list[:min(len(list), maxFeed)] {
		name := channelName(dis.Channel)
		finding := cmp.Or(findings[dis.Finding], string(dis.Finding))
		content := feedEntry{Base: s.base(q.Request),
			Line: fmt.Sprintf("%s: %s. %s, %s against, %s on record.", name, finding,
				counted(len(dis.Claims), "claim", "claims"), counted(len(dis.Against), "statement", "statements"), counted(len(dis.Record), "act", "acts"))}
		content.Citations = distinct(dis.said, func(c Citation) string { return c.What })
		err := s.addEntry(f, content, atomEntry{
			ID:    s.tagURI("dyads", d.Dyad.String(), "disputes", string(dis.Channel), string(dis.Finding), string(dis.day)),
			Title: fmt.Sprintf("%s, %s: %s", s.pair(d.Dyad), name, strings.ToLower(finding)), Updated: atomTime(dis.day), Published: atomTime(dis.day),
			Links:      []atomLink{{"alternate", "text/html", content.Base + pathOf("dyads", d.Dyad.String()) + "#disputes"}},
			Categories: s.categories("channel", string(dis.Channel), "finding", string(dis.Finding)),
		})
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

// feedEntry is what page/feed.tmpl writes of an entry.
type feedEntry struct {
	Base      string
	Line      string
	Rule      string
	Citations []Citation
}

// Cited gives the whole address of what a citation stands for.
func (e feedEntry) Cited(c Citation) string { return e.Base + frame{}.Cited(c) }

// addEntry writes an entry's content and adds it to a feed.
func (s *server) addEntry(f *atomFeed, content feedEntry, e atomEntry) error {
	var text bytes.Buffer
	if err := s.templates["feed"].Execute(&text, content); err != nil {
		return fmt.Errorf("an entry of a feed: %w", err)
	}
	e.Content = atomContent{"html", strings.TrimSpace(text.String())}
	f.Entries = append(f.Entries, e)
	return nil
}

// channelName writes a channel as people read it.
func channelName(ch detente.Channel) string { return strings.ReplaceAll(string(ch), "-", " ") }

// feedsOf are the feeds that a dyad's page names.
func (s *server) feedsOf(d detente.Dyad) []feedLink {
	name := d.String()
	out := []feedLink{
		{s.pair(d) + ": changes", pathOf("dyads", name, "feed.atom")},
		{s.pair(d) + ": disputes", pathOf("dyads", name, "disputes.atom")},
	}
	for _, ch := range detente.Channels {
		out = append(out, feedLink{s.pair(d) + ": " + channelName(ch), pathOf("dyads", name, "channels", string(ch), "feed.atom")})
	}
	return out
}
