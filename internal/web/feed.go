package web

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"detente"
	"detente/internal/store"
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

// newFeed is a feed of a dyad without entries.
func (s *server) newFeed(q *ask, b *store.Board, title, subtitle string) *atomFeed {
	base := s.base(q.Request)
	return &atomFeed{
		Lang: "en", ID: s.tagURI(strings.Split(strings.Trim(q.URL.Path, "/"), "/")...), Title: title, Subtitle: subtitle,
		Updated: atomTime(b.Latest), Author: atomAuthor{"Detente"}, Generator: "Detente",
		Links: []atomLink{
			{"self", mediaAtom, base + q.URL.EscapedPath()},
			{"alternate", "text/html", base + pathOf("dyads", b.Dyad.String())},
		},
	}
}

// feedDyad reads what is known of the dyad of a feed. It asks for its proper
// name: each feed has one address, and one id.
func (s *server) feedDyad(q *ask) (*store.Board, error) {
	dyad, err := detente.ParseDyad(q.PathValue("dyad"))
	if err != nil {
		return nil, &pageError{http.StatusNotFound, err.Error()}
	}
	if name := dyad.String(); name != q.PathValue("dyad") {
		return nil, &refusal{pageError: &pageError{http.StatusNotFound, "The feed stands under the dyad's proper name."}, kind: "not-found",
			remedy: "Ask with " + name + " in place of " + q.PathValue("dyad") + "."}
	}
	boards, _, err := s.store.Boards(q.Context(), []detente.Dyad{dyad}, "", 1)
	if err != nil {
		return nil, err
	}
	if boards[0].Reports == 0 {
		return nil, &pageError{http.StatusNotFound, "Nothing is stored about " + s.pair(dyad) + "."}
	}
	return &boards[0], nil
}

func (s *server) dyadFeed(q *ask) (any, error) {
	b, err := s.feedDyad(q)
	if err != nil {
		return nil, err
	}
	f := s.newFeed(q, b, s.pair(b.Dyad)+": changes", "How the state of each channel changed, as it became known, with the sentences that it rests on.")
	return f, s.addTurns(q, f, b.Dyad, "")
}

func (s *server) channelFeed(q *ask) (any, error) {
	ch, err := channelOf(q)
	if err != nil {
		return nil, err
	}
	b, err := s.feedDyad(q)
	if err != nil {
		return nil, err
	}
	f := s.newFeed(q, b, s.pair(b.Dyad)+": "+channelName(ch), "How the state of this channel changed, as it became known, with the sentences that it rests on.")
	return f, s.addTurns(q, f, b.Dyad, ch)
}

// turn is a change of a channel's state, on the day that it became known.
type turn struct {
	detente.ChannelSpell
	before detente.State
}

// latestTurns lists the latest changes among spells, of one channel if one is
// named, the latest first. spells: by channel, then by day.
func latestTurns(spells []detente.ChannelSpell, only detente.Channel) []turn {
	var out []turn
	for i, sp := range spells {
		t := turn{sp, detente.Unknown}
		if i > 0 && spells[i-1].Channel == sp.Channel {
			t.before = spells[i-1].State
		}
		if only == "" || sp.Channel == only {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b turn) int { return -cmp.Compare(a.First, b.First) })
	return out[:min(len(out), maxFeed)]
}

// addTurns makes an entry of each change, with what the state rested on then.
func (s *server) addTurns(q *ask, f *atomFeed, dyad detente.Dyad, only detente.Channel) error {
	spells, err := s.store.Turns(q.Context(), dyad, "")
	if err != nil {
		return err
	}
	for _, t := range latestTurns(spells, only) {
		reports, err := s.store.Told(q.Context(), dyad, wanted([]detente.ChannelState{t.ChannelState}, nil), t.First)
		if err != nil {
			return err
		}
		name := channelName(t.Channel)
		content := feedEntry{Base: s.base(q.Request), Line: fmt.Sprintf("%s: %s, before %s.", name, t.State, t.before), Rule: t.Rule}
		row := newSources(reports).row(t.ChannelState, nil)
		content.Citations = row.Citations[:min(len(row.Citations), maxAlike)]
		err = s.addEntry(f, content, atomEntry{
			ID:    s.tagURI("dyads", dyad.String(), "channels", string(t.Channel), string(t.First), string(t.State)),
			Title: fmt.Sprintf("%s, %s: %s", s.pair(dyad), name, t.State), Updated: atomTime(t.First), Published: atomTime(t.First),
			Links:      []atomLink{{"alternate", "text/html", content.Base + pathOf("dyads", dyad.String()) + "?as_of=" + string(t.First)}},
			Categories: s.categories("channel", string(t.Channel), "state", string(t.State)),
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

// disputeFeed has an entry for each of the latest disputes as it stands. One to
// which something is added becomes a new entry, of the day on which that became
// known.
func (s *server) disputeFeed(q *ask) (any, error) {
	b, err := s.feedDyad(q)
	if err != nil {
		return nil, err
	}
	f := s.newFeed(q, b, s.pair(b.Dyad)+": disputes", "Who says what against whom, and what the record has. No verdict on who is truthful.")
	spells, err := s.store.Disputes(q.Context(), b.Dyad, "", maxFeed)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(spells, func(a, b detente.DisputeSpell) int { return -cmp.Compare(a.First, b.First) })
	for _, sp := range spells {
		if err := s.addDispute(q, f, b.Dyad, sp); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// addDispute makes an entry of a dispute: the claim, what was said against it,
// and the record.
func (s *server) addDispute(q *ask, f *atomFeed, dyad detente.Dyad, sp detente.DisputeSpell) error {
	one := []cut{cutTo(maxVoices, sp.Dispute)}
	reports, err := s.store.Told(q.Context(), dyad, wanted(nil, one), sp.First)
	if err != nil {
		return err
	}
	src := newSources(reports)
	name, finding := channelName(sp.Channel), cmp.Or(findings[sp.Finding], string(sp.Finding))
	content := feedEntry{Base: s.base(q.Request), Line: fmt.Sprintf("%s: %s.", name, finding)}
	for _, dis := range src.disputes(one, src.claims(one)) {
		for _, c := range slices.Concat(dis.Claims, dis.Against) {
			content.Citations = append(content.Citations, c.Citation)
		}
		for _, a := range dis.Record {
			content.Citations = append(content.Citations, a.Citations...)
		}
	}
	content.Citations = distinct(content.Citations, func(c Citation) string { return c.What })
	return s.addEntry(f, content, atomEntry{
		ID:    s.tagURI("dyads", dyad.String(), "disputes", string(sp.Claim), string(sp.First), string(sp.Finding)),
		Title: fmt.Sprintf("%s, %s: %s", s.pair(dyad), name, strings.ToLower(finding)), Updated: atomTime(sp.First), Published: atomTime(sp.First),
		Links:      []atomLink{{"alternate", "text/html", content.Base + pathOf("dyads", dyad.String()) + "?as_of=" + string(sp.First) + "#disputes"}},
		Categories: s.categories("channel", string(sp.Channel), "finding", string(sp.Finding)),
	})
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
