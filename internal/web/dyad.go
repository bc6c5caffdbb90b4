package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"detente"
	"detente/internal/dialogue"
	"detente/internal/store"
)

// Dyad is everything shown of one dyad as of a day. Ids in it are qualified
// ("ARTICLE#a1").
type Dyad struct {
	Codebook int          `json:"codebook"`
	Dyad     detente.Dyad `json:"dyad"`
	AsOf     detente.Date `json:"as_of"`  // the day asked for; empty: all that is stored
	Latest   detente.Date `json:"latest"` // day of the latest report known then
	Reports  int          `json:"reports"`
	Origins  int          `json:"origins"` // independent texts among the reports
	Channels []ChannelRow `json:"channels"`
	Disputes []Dispute    `json:"disputes"`
	Claims   []Claim      `json:"claims"` // the latest first
	Acts     []Act        `json:"acts"`   // the latest first
	// History is folded for the latest reporting days. HistoryFrom is the first
	// of them where there were earlier ones, else empty.
	HistoryFrom detente.Date  `json:"history_from"`
	History     []ChannelPast `json:"history"`
}

// ChannelRow is a channel's state, who says otherwise and what the state rests on.
type ChannelRow struct {
	detente.ChannelState
	SaysOtherwise []Claim    `json:"says_otherwise"`
	Citations     []Citation `json:"citations"`
}

// Citation is a sentence of an article, and the words in it that count.
type Citation struct {
	Ref       string       `json:"ref"`  // of what the citation stands for
	What      string       `json:"what"` // the same in words
	Article   string       `json:"article"`
	Anchor    string       `json:"anchor"` // of the same on the article's page
	Outlet    string       `json:"outlet"`
	Title     string       `json:"title"`
	Published detente.Date `json:"published"`
	Before    string       `json:"before"` // of the sentence
	Words     string       `json:"words"`
	After     string       `json:"after"`
	Copies    []store.Head `json:"copies,omitempty"` // other reports of the same origin
}

// Claim is a claim with whose it is, how it came here and where it stands.
type Claim struct {
	detente.Claim
	Speaker  detente.Speaker  `json:"speaker"`
	SaidOn   detente.Date     `json:"said_on"`
	Day      detente.Date     `json:"day"` // said on, else published
	Modality detente.Modality `json:"modality"`
	Via      []detente.Link   `json:"via"`
	Opposes  bool             `json:"opposes"`          // it denies, or stands against another claim
	OfAct    string           `json:"of_act,omitempty"` // the act that it is about, in words
	Citation Citation         `json:"citation"`
}

// Act is an act as one or several reports tell it.
type Act struct {
	detente.Act
	Day       detente.Date `json:"day"` // when it happened, else published
	Who       string       `json:"who"` // participants
	Origins   int          `json:"origins"`
	Citations []Citation   `json:"citations"`
	ToldBy    []string     `json:"told_by"` // the speakers whose statements tell it
}

// Dispute joins claims, what was said against them, and the record.
type Dispute struct {
	Channel detente.Channel `json:"channel"`
	Finding detente.Finding `json:"finding"`
	Claims  []Claim         `json:"claims"`
	Against []Claim         `json:"against"`
	Record  []Act           `json:"record"`
}

// ChannelPast is the states of a channel as they were known day by day.
type ChannelPast struct {
	Channel detente.Channel `json:"channel"`
	Spells  []Spell         `json:"spells"`
}

// Spell is a state from one day to the next change.
type Spell struct {
	State detente.State `json:"state"`
	From  detente.Date  `json:"from"`
	To    detente.Date  `json:"to"` // day of the next change; of the last spell, the end of what is shown
}

// historyDays is for how many of the latest reporting days the past is folded.
const historyDays = 120

// ReadDyad reads from st what was known of dyad as of a day.
func ReadDyad(ctx context.Context, st store.Store, rules *dialogue.Rules, dyad detente.Dyad, asOf detente.Date) (*Dyad, error) {
	reports, err := st.Reports(ctx, dyad, asOf)
	if err != nil {
		return nil, err
	}
	d, firsts := present(rules, dyad, asOf, reports)
	days := reportingDays(firsts)
	if left := len(days) - historyDays; left > 0 {
		days = days[left:]
		d.HistoryFrom = days[0]
	}
	d.History = append(d.History, past(rules, dyad, firsts, days, cmp.Or(asOf, d.Latest))...)
	return d, nil
}

// present is a dyad without its history, and the reports that it rests on.
func present(rules *dialogue.Rules, dyad detente.Dyad, asOf detente.Date, reports []store.Report) (*Dyad, []store.Report) {
	firsts, copies := originals(reports)
	s := newSources(firsts, copies)
	board := fold(rules, dyad, firsts)
	d := &Dyad{
		Codebook: detente.CodebookVersion, Dyad: dyad, AsOf: asOf,
		Reports: len(reports), Origins: len(firsts),
		Channels: []ChannelRow{}, Disputes: []Dispute{}, Claims: []Claim{}, Acts: []Act{}, History: []ChannelPast{},
	}
	if len(reports) > 0 {
		d.Latest = reports[len(reports)-1].Known
	}
	d.Claims = append(d.Claims, s.claims(board)...)
	d.Acts = append(d.Acts, s.acts(nil)...)
	for _, ch := range board.Channels {
		row := ChannelRow{ChannelState: ch, SaysOtherwise: []Claim{}, Citations: []Citation{}}
		for _, id := range ch.Evidence {
			if c, ok := s.cite[id]; ok {
				row.Citations = append(row.Citations, c)
			}
		}
		row.SaysOtherwise = append(row.SaysOtherwise, otherwise(ch, d.Claims)...)
		d.Channels = append(d.Channels, row)
	}
	d.Disputes = append(d.Disputes, s.disputes(board, d.Claims)...)
	return d, firsts
}

// originals keeps the earliest report of each origin and lists the others by it.
func originals(reports []store.Report) (firsts []store.Report, copies map[string][]store.Head) {
	first := map[string]string{} // article by origin
	copies = map[string][]store.Head{}
	for _, rep := range reports {
		origin := cmp.Or(rep.Origin, rep.ID)
		if id, seen := first[origin]; seen {
			copies[id] = append(copies[id], rep.Head)
			continue
		}
		first[origin] = rep.ID
		firsts = append(firsts, rep)
	}
	return firsts, copies
}

// fold gives the board that reports make. Which of them were known on a day
// has been decided before, by the store.
func fold(rules *dialogue.Rules, dyad detente.Dyad, reports []store.Report) dialogue.Board {
	var items []dialogue.Item
	for _, rep := range reports {
		items = append(items, dialogue.Items(recordOf(rep), store.Prefix(rep.ID))...)
	}
	return rules.Fold(dyad, items, "")
}

// recordOf is a report in the shape of a record, as far as it goes.
func recordOf(rep store.Report) *detente.Record {
	return &detente.Record{
		Article:    detente.Article{ID: rep.ID, Outlet: rep.Outlet, Published: rep.Known},
		Statements: rep.Statements, Events: rep.Events, Acts: rep.Acts, Claims: rep.Claims,
	}
}

// reportingDays lists the days on which reports became known.
func reportingDays(reports []store.Report) []detente.Date {
	var days []detente.Date
	for _, rep := range reports {
		if len(days) == 0 || days[len(days)-1] != rep.Known {
			days = append(days, rep.Known)
		}
	}
	return days
}

// past folds the board as it was known on each of the days.
func past(rules *dialogue.Rules, dyad detente.Dyad, reports []store.Report, days []detente.Date, end detente.Date) []ChannelPast {
	spells := map[detente.Channel][]Spell{}
	for _, day := range days {
		for _, ch := range fold(rules, dyad, knownBy(reports, day)).Channels {
			was := spells[ch.Channel]
			switch last := len(was) - 1; {
			case last < 0 && ch.State == detente.Unknown:
			case last < 0:
				spells[ch.Channel] = append(was, Spell{ch.State, day, end})
			case was[last].State != ch.State:
				was[last].To = day
				spells[ch.Channel] = append(was, Spell{ch.State, day, end})
			}
		}
	}
	var pasts []ChannelPast
	for _, ch := range detente.Channels {
		if len(spells[ch]) > 0 {
			pasts = append(pasts, ChannelPast{ch, spells[ch]})
		}
	}
	return pasts
}

// sources finds what the qualified ids of a board stand for.
type sources struct {
	reports []store.Report
	copies  map[string][]store.Head
	cite    map[string]Citation
}

func newSources(reports []store.Report, copies map[string][]store.Head) *sources {
	s := &sources{reports: reports, copies: copies, cite: map[string]Citation{}}
	for _, rep := range reports {
		for _, a := range rep.Acts {
			s.add(rep, string(a.ID), strings.TrimSuffix(actLine(a)+", "+longDate(a.Date), ", "), a.Sentence, a.Span)
		}
		for _, c := range rep.Claims {
			who := cmp.Or(rep.Outlet, "the article")
			if st := statementOf(rep, c.Statement); st != nil {
				who = withParty(cmp.Or(st.Speaker.Name, st.Speaker.Role, "unnamed source"), st.Speaker.Party)
			}
			s.add(rep, string(c.ID), who+": "+point(c, s.cite[store.Prefix(rep.ID)+string(c.Act)].What), c.Sentence, c.Span)
		}
	}
	return s
}

func statementOf(rep store.Report, id detente.StatementID) *detente.Statement {
	i := slices.IndexFunc(rep.Statements, func(st detente.Statement) bool { return st.ID == id })
	if i < 0 {
		return nil
	}
	return &rep.Statements[i]
}

func (s *sources) add(rep store.Report, id, what string, sentence int, words detente.Span) {
	ref := store.Ref{Article: rep.ID, ID: id}.String()
	c := Citation{Ref: ref, What: what, Article: rep.ID, Anchor: id, Outlet: rep.Outlet, Title: rep.Title, Published: rep.Published, Copies: s.copies[rep.ID]}
	sent := rep.Sentences[sentence]
	runes := []rune(sent.Text)
	if words.Len() > 0 && sent.Contains(words) {
		from, to := words.Start-sent.Start, words.End-sent.Start
		c.Before, c.Words, c.After = string(runes[:from]), string(runes[from:to]), string(runes[to:])
	} else {
		c.Words = sent.Text
	}
	s.cite[ref] = c
}

// claims lists all claims, the latest first.
func (s *sources) claims(board dialogue.Board) []Claim {
	against := map[detente.ClaimID]bool{}
	for _, d := range board.Disputes {
		for _, id := range d.Against {
			against[id] = true
		}
	}
	var out []Claim
	for _, rep := range s.reports {
		for _, c := range rep.Claims {
			v := Claim{Claim: c, Day: rep.Known, Via: []detente.Link{}}
			if st := statementOf(rep, c.Statement); st != nil {
				v.Speaker, v.SaidOn, v.Modality = st.Speaker, st.SaidOn, st.Modality
				v.Via = append(v.Via, st.Via...)
				v.Day = cmp.Or(st.SaidOn, v.Day)
			}
			prefix := store.Prefix(rep.ID)
			v.Citation = s.cite[prefix+string(c.ID)]
			v.ID = detente.ClaimID(prefix) + c.ID
			if c.Statement != "" {
				v.Statement = detente.StatementID(prefix) + c.Statement
			}
			if c.Act != "" {
				v.Act = detente.ActID(prefix) + c.Act
				v.OfAct = s.cite[string(v.Act)].What
			}
			v.Opposes = c.Denies || against[v.ID]
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b Claim) int { return -cmp.Compare(a.Day, b.Day) })
	return out
}

// acts lists the acts with these qualified ids (nil: all), the latest first.
// What several reports tell alike is one act with several citations.
func (s *sources) acts(ids []detente.ActID) []Act {
	type alike struct {
		kind       detente.ActKind
		channel    detente.Channel
		mode       string
		date       detente.Date
		factuality detente.Factuality
		state      detente.State
	}
	at := map[alike]int{}
	var out []Act
	for _, rep := range s.reports {
		prefix := store.Prefix(rep.ID)
		for _, a := range rep.Acts {
			id := detente.ActID(prefix) + a.ID
			if ids != nil && !slices.Contains(ids, id) {
				continue
			}
			key := alike{a.Kind, a.Channel, a.Mode, a.Date, a.Factuality, a.State}
			i, seen := at[key]
			if !seen || a.Date == "" {
				i = len(out)
				at[key] = i
				v := Act{Act: a, Day: cmp.Or(a.Date, rep.Known), ToldBy: []string{}}
				v.ID = id
				if a.Event != "" {
					v.Event = detente.EventID(prefix) + a.Event
				}
				if a.Statement != "" {
					v.Statement = detente.StatementID(prefix) + a.Statement
				}
				out = append(out, v)
			}
			out[i].tell(rep, a, s.cite[string(id)])
		}
	}
	slices.SortStableFunc(out, func(a, b Act) int { return -cmp.Compare(a.Day, b.Day) })
	return out
}

// tell adds one report's telling of the act.
func (a *Act) tell(rep store.Report, told detente.Act, c Citation) {
	if !slices.ContainsFunc(a.Citations, func(o Citation) bool { return o.Article == c.Article }) {
		a.Origins++
	}
	a.Citations = append(a.Citations, c)
	for _, ev := range rep.Events {
		if who := participants(ev); ev.ID == told.Event && len(who) > len(a.Who) {
			a.Who = who
		}
	}
	if st := statementOf(rep, told.Statement); st != nil && st.Speaker.Name != "" && !slices.Contains(a.ToldBy, st.Speaker.Name) {
		a.ToldBy = append(a.ToldBy, st.Speaker.Name)
	}
}

// participants names who took part in an event: "John Kerry (USA) → Sergei Lavrov (RUS)".
func participants(ev detente.Event) string {
	source, target := side(ev.Source), side(ev.Target)
	if source == "" || target == "" {
		return source + target
	}
	return source + " → " + target
}

func side(ps []detente.Participant) string {
	var names []string
	for _, p := range ps {
		if name := withParty(p.Name, p.Party); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// withParty gives "Kirby (USA)"; the party alone where there is no name.
func withParty(name string, p detente.Party) string {
	if p == "" || name == string(p) {
		return name
	}
	if name == "" {
		return string(p)
	}
	return name + " (" + string(p) + ")"
}

// disputes resolves the board's disputes; those on one channel with the same
// finding are one matter.
func (s *sources) disputes(board dialogue.Board, claims []Claim) []Dispute {
	type matter struct {
		Dispute
		claims, against []detente.ClaimID
		record          []detente.ActID
	}
	var matters []*matter
	for _, d := range board.Disputes {
		i := slices.IndexFunc(matters, func(m *matter) bool { return m.Channel == d.Channel && m.Finding == d.Finding })
		if i < 0 {
			i = len(matters)
			matters = append(matters, &matter{Dispute: Dispute{Channel: d.Channel, Finding: d.Finding}})
		}
		m := matters[i]
		m.claims = append(m.claims, d.Claim)
		m.against = append(m.against, d.Against...)
		m.record = append(m.record, d.Record...)
	}
	pick := func(ids []detente.ClaimID) []Claim {
		picked := []Claim{}
		for _, c := range claims {
			if slices.Contains(ids, c.ID) {
				picked = append(picked, c)
			}
		}
		return picked
	}
	var out []Dispute
	for _, m := range matters {
		m.Claims, m.Against, m.Record = pick(m.claims), pick(m.against), []Act{}
		if len(m.record) > 0 {
			m.Record = s.acts(m.record)
		}
		out = append(out, m.Dispute)
	}
	return out
}

// otherwise picks the latest word of each speaker that does not fit the state
// shown: on the channel or on the relation as a whole, and not older than the
// state. Of a disputed channel it picks the claims that dispute it. claims: the
// latest first.
func otherwise(ch detente.ChannelState, claims []Claim) []Claim {
	var out []Claim
	heard := map[string]bool{}
	for _, c := range claims {
		about := c.Channel == ch.Channel || c.Channel == detente.ChannelAll
		against := about && c.Act == "" && c.Day >= ch.Since && opposite(c.State, ch.State)
		if ch.State == detente.Disputed {
			about = slices.Contains(ch.Evidence, string(c.ID))
			against = about
		}
		who := cmp.Or(c.Speaker.Name, c.Citation.Outlet) + "\x00" + string(c.Speaker.Party)
		if !about || heard[who] {
			continue
		}
		heard[who] = true
		if against {
			out = append(out, c)
		}
	}
	return out
}

// opposite says whether one of two states is talking and the other silence.
func opposite(claimed, shown detente.State) bool {
	if claimed == "" || claimed == detente.Unknown || shown == detente.Unknown {
		return false
	}
	return talking(claimed) != talking(shown)
}

func talking(s detente.State) bool { return s == detente.Open || s == detente.Minimal }

// dyadPage is what page/dyad.tmpl shows.
type dyadPage struct {
	frame
	View         *Dyad
	Wide, Narrow timeline
	Entries      []entry
	Silent       []detente.Channel // channels of which nothing was reported
	Indicators   []indicatorPanel
}

func (s *server) dyadPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	d, err := s.dyadOf(r, asOf)
	if err != nil {
		return nil, err
	}
	p := &dyadPage{frame: s.frame(r, asOf, s.pair(d.Dyad)), View: d, Entries: entries(d)}
	p.Wide, p.Narrow = newTimeline(d, p.Entries, wide), newTimeline(d, p.Entries, narrow)
	for _, ch := range d.Channels {
		if ch.State == detente.Unknown {
			p.Silent = append(p.Silent, ch.Channel)
		}
	}
	p.JSON = p.To("api", "v1", "dyads", d.Dyad.String())
	p.Indicators, err = s.indicatorPanels(r, d, p.Wide, p.Narrow)
	return p, err
}

// dyadOf reads the dyad that the path names.
func (s *server) dyadOf(r *http.Request, asOf detente.Date) (*Dyad, error) {
	dyad, err := detente.ParseDyad(r.PathValue("dyad"))
	if err != nil {
		return nil, &pageError{http.StatusNotFound, err.Error()}
	}
	d, err := ReadDyad(r.Context(), s.store, s.Rules, dyad, asOf)
	if err != nil {
		return nil, err
	}
	if d.Reports == 0 {
		if asOf == "" {
			return nil, &pageError{http.StatusNotFound, "Nothing is stored about " + s.pair(dyad) + "."}
		}
		return d, nil // nothing was known yet: a board of unknowns, which is an answer
	}
	return d, nil
}
