package web

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"detente"
	"detente/data"
	"detente/internal/dialogue"
	"detente/internal/series"
	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// draft builds a record by hand. Spans are named by the words that they cover.
type draft struct {
	t   *testing.T
	rec detente.Record
}

// newDraft makes an article whose paragraphs are its sentences; the first is
// the title.
func newDraft(t *testing.T, id, outlet string, published detente.Date, paras ...string) *draft {
	text := strings.Join(paras, "\n\n")
	d := &draft{t, detente.Record{Codebook: detente.CodebookVersion, Text: text, Article: detente.Article{
		ID: id, Outlet: outlet, Title: paras[0], Published: published, Language: "en", Text: text,
		URL: "https://" + id + ".example/story", Byline: []string{}, Highlights: []string{}, Captions: []string{}, Read: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC),
	}}}
	for i, p := range paras {
		kind := detente.BlockBody
		if i == 0 {
			kind = detente.BlockTitle
		}
		span := d.span(p)
		d.rec.Sentences = append(d.rec.Sentences, span)
		d.rec.Article.Blocks = append(d.rec.Article.Blocks, detente.Block{Kind: kind, Span: span})
	}
	return d
}

func (d *draft) span(words string) detente.Span {
	before, _, found := strings.Cut(d.rec.Text, words)
	if !found {
		d.t.Fatalf("%s does not say %q", d.rec.Article.ID, words)
	}
	start := len([]rune(before))
	return detente.Span{Start: start, End: start + len([]rune(words))}
}

func (d *draft) sentence(sp detente.Span) int {
	for i, s := range d.rec.Sentences {
		if s.Contains(sp) {
			return i
		}
	}
	return 0
}

// says adds a statement and returns its id.
func (d *draft) says(who detente.Speaker, source, cue, content string, on detente.Date, via ...detente.Link) detente.StatementID {
	id := detente.StatementID(detente.Numbered("s", len(d.rec.Statements)+1))
	sp := d.span(content)
	d.rec.Statements = append(d.rec.Statements, detente.Statement{ID: id, Kind: detente.Indirect, Speaker: who,
		Source: []detente.Span{d.span(source)}, Cue: []detente.Span{d.span(cue)}, Content: []detente.Span{sp},
		About: []detente.Party{}, SaidOn: on, Modality: detente.Asserted, Via: via, Sentence: d.sentence(sp)})
	return id
}

func (d *draft) claims(st detente.StatementID, dyad string, ch detente.Channel, state detente.State, scope, words string) {
	sp := d.span(words)
	d.rec.Claims = append(d.rec.Claims, detente.Claim{ID: detente.ClaimID(detente.Numbered("c", len(d.rec.Claims)+1)),
		Statement: st, Dyad: d.dyad(dyad), Channel: ch, State: state, Scope: scope, Sentence: d.sentence(sp), Span: sp, Rule: "hand"})
}

func (d *draft) acts(kind detente.ActKind, mode, dyad string, ch detente.Channel, on detente.Date, trigger string, st detente.StatementID) {
	sp := d.span(trigger)
	pair := d.dyad(dyad)
	ev := detente.Event{ID: detente.EventID(detente.Numbered("e", len(d.rec.Events)+1)), Type: detente.Consult, Mode: mode, Date: on,
		Factuality: detente.Happened, Trigger: []detente.Span{sp}, Sentence: d.sentence(sp), Statement: st,
		Source: []detente.Participant{{Name: "minister", Party: pair[0]}}, Target: []detente.Participant{{Name: "minister", Party: pair[1]}}}
	d.rec.Events = append(d.rec.Events, ev)
	d.rec.Acts = append(d.rec.Acts, detente.Act{ID: detente.ActID(detente.Numbered("a", len(d.rec.Acts)+1)), Kind: kind, Dyad: pair, Channel: ch,
		Mode: mode, Date: on, Factuality: detente.Happened, Event: ev.ID, Sentence: ev.Sentence, Statement: st, Span: sp})
}

func (d *draft) dyad(s string) detente.Dyad {
	dyad, err := detente.ParseDyad(s)
	if err != nil {
		d.t.Fatal(err)
	}
	return dyad
}

var (
	danilov = detente.Speaker{Name: "Pyotr Danilov", Role: "foreign ministry spokesman", Party: "RUS", Sectors: []string{"GOV"}}
	whitlow = detente.Speaker{Name: "Ann Whitlow", Role: "State Department spokeswoman", Party: "USA", Sectors: []string{"GOV"}}
	sattari = detente.Speaker{Name: "Leila Sattari", Role: "government spokeswoman", Party: "IRN", Sectors: []string{"GOV"}}
)

// shelf is a small library: a quarrel about whether anybody still talks, with
// a call on record and a copy of the wire story, and another dyad.
func shelf(t *testing.T) []store.Unit {
	quarrel := newDraft(t, "quarrel", "The Courier", "2018-03-14",
		"Moscow sees the lines to Washington go dead",
		"Nearly all lines to Washington are frozen, Pyotr Danilov told Northern Radio on Tuesday.",
		"The State Department would not have it: contacts had never stopped, Ann Whitlow said in Washington.",
		"She added that the two foreign ministers had spoken by phone on Monday about the ceasefire.")
	s := quarrel.says(danilov, "Pyotr Danilov", "told", "Nearly all lines to Washington are frozen", "2018-03-13",
		detente.Link{Name: "Northern Radio", As: "interview"}, detente.Link{Name: "Meridian", As: "agency"})
	quarrel.claims(s, "RUS-USA", detente.ChannelAll, detente.Frozen, "almost every", "Nearly all lines to Washington are frozen")
	s = quarrel.says(whitlow, "Ann Whitlow", "said", "contacts had never stopped", "2018-03-14")
	quarrel.claims(s, "RUS-USA", detente.ChannelAll, detente.Open, "", "contacts had never stopped")
	s = quarrel.says(whitlow, "She", "added", "the two foreign ministers had spoken by phone on Monday about the ceasefire", "2018-03-14")
	quarrel.acts(detente.Contact, "phone", "RUS-USA", detente.ForeignMinisters, "2018-03-12", "spoken by phone", s)

	wire := newDraft(t, "wire", "Meridian", "2018-03-02",
		"Russia recalls its envoy from Washington",
		"Russia recalled its ambassador from Washington on Friday, the ministry announced.")
	wire.acts(detente.Freeze, "recall", "RUS-USA", detente.Embassies, "2018-03-02", "recalled", "")
	reprint := newDraft(t, "reprint", "Evening Ledger", "2018-03-03",
		"Russia recalls its envoy from Washington",
		"Russia recalled its ambassador from Washington on Friday, the ministry announced.")
	reprint.acts(detente.Freeze, "recall", "RUS-USA", detente.Embassies, "2018-03-02", "recalled", "")

	gulf := newDraft(t, "gulf", "Harbour Post", "2018-02-20",
		"Tehran denies any letter to Riyadh",
		"No letter has gone to Riyadh, Leila Sattari said on Tuesday.",
		"Both countries closed their embassies in the winter of 2016.")
	s = gulf.says(sattari, "Leila Sattari", "said", "No letter has gone to Riyadh", "2018-02-20")
	gulf.claims(s, "IRN-SAU", detente.Leaders, detente.Frozen, "", "No letter has gone to Riyadh")
	gulf.acts(detente.Freeze, "", "IRN-SAU", detente.Embassies, "2016-01", "closed their embassies", "")
	gulf.rec.Acts[0].State = detente.Severed
	gulf.rec.Indicators = []detente.Indicator{{Name: "Harbour index", Change: -3.5, Unit: "percent", Since: "2017-12-31", Span: gulf.span("winter of 2016")}}

	gulf.rec.Claims = append(gulf.rec.Claims, detente.Claim{ID: "c2", Dyad: gulf.dyad("IRN-SAU"), Channel: detente.Economy, State: detente.Minimal})
	gulf.rec.Statements = append(gulf.rec.Statements, detente.Statement{ID: "s2", Content: []detente.Span{
		{Start: gulf.rec.Sentences[1].Start, End: gulf.rec.Sentences[2].End}}, Sentence: 1}) // over two paragraphs

	return []store.Unit{{Record: quarrel.rec}, {Record: wire.rec}, {Record: reprint.rec, Origin: "wire"}, {Record: gulf.rec}}
}

// stock opens a store that holds units.
func stock(t *testing.T, units ...store.Unit) store.Store {
	t.Helper()
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	for _, u := range units {
		if _, err := st.Commit(context.Background(), u); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := series.Refold(context.Background(), st, rules(t)); err != nil {
		t.Fatal(err)
	}
	return st
}

func rules(t *testing.T) *dialogue.Rules {
	t.Helper()
	r, err := dialogue.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func handler(t *testing.T, units ...store.Unit) http.Handler {
	t.Helper()
	names := map[detente.Party]string{"RUS": "Russia", "USA": "United States", "IRN": "Iran", "SAU": "Saudi Arabia"}
	h, err := New(stock(t, units...), Config{Banner: "Written for the test.",
		PartyName: func(p detente.Party) string { return names[p] }, Versions: detente.Versions{Program: "dev", Model: "m1", Rules: "r1"}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}
