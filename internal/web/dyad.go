package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"detente"
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
	Claims   []Claim      `json:"claims"` // of the latest reports, the latest first
	Acts     []Act        `json:"acts"`   // of the latest reports, the latest first
	// History is all that the store keeps of it; HistoryFrom is the day from
	// which on there is no more than is listed, empty where that is all.
	HistoryFrom detente.Date  `json:"history_from"`
	History     []ChannelPast `json:"history"`
	// Next is where claims and acts go on (?after=), empty where these are all.
	Next string `json:"next,omitempty"`
	// Since is the earliest known-on day of the reports that they are from.
	Since detente.Date `json:"-"`
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
	Known     detente.Date `json:"known"`
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
	Left    int             `json:"left,omitempty"` // claims and acts of it that are not listed
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

// Bounds of what is read for one dyad.
const (
	maxReports  = 50  // of which claims and acts are listed
	maxDisputes = 20  // quarrels and contested acts
	maxVoices   = 8   // of one side of one of them
	maxTurns    = 400 // changes of state
)

// ReadDyad reads from st what was known of dyad as of a day, with the claims and
// acts of the reports behind a place in the list of them.
func ReadDyad(ctx context.Context, st store.Store, dyad detente.Dyad, asOf detente.Date, after store.Place) (*Dyad, error) {
	boards, _, err := st.Boards(ctx, []detente.Dyad{dyad}, asOf, 1)
	if err != nil {
		return nil, err
	}
	board := boards[0]
	recent, err := st.Recent(ctx, dyad, asOf, after, maxReports+1)
	if err != nil {
		return nil, err
	}
	spells, err := st.Disputes(ctx, dyad, asOf, maxDisputes)
	if err != nil {
		return nil, err
	}
	turns, err := st.Turns(ctx, dyad, asOf)
	if err != nil {
		return nil, err
	}
	d := &Dyad{
		Codebook: detente.CodebookVersion, Dyad: dyad, AsOf: asOf,
		Latest: board.Latest, Reports: board.Reports, Origins: board.Origins,
		Channels: []ChannelRow{}, Disputes: []Dispute{}, Claims: []Claim{}, Acts: []Act{}, History: []ChannelPast{},
	}
	if len(recent) > maxReports {
		recent = recent[:maxReports]
		d.Next = placeString(store.PlaceOf(recent[maxReports-1].Head))
	}
	slices.Reverse(recent)
	if len(recent) > 0 {
		d.Since = recent[0].Known
	}
	disputes := make([]cut, len(spells))
	for i, sp := range spells {
		disputes[i] = cutTo(maxVoices, sp.Dispute)
	}
	states := allChannels(dyad, board.Channels)
	cited, err := citedBeside(ctx, st, dyad, asOf, recent, wanted(states, disputes))
	if err != nil {
		return nil, err
	}
	all := newSources(append(cited, recent...))
	claims := all.claims(disputes)
	latest := sources{reports: recent, cite: all.cite}
	d.Claims = append(d.Claims, latest.claims(disputes)...)
	d.Acts = append(d.Acts, latest.acts(nil)...)
	for _, ch := range states {
		d.Channels = append(d.Channels, all.row(ch, claims))
	}
	d.Disputes = append(d.Disputes, all.disputes(disputes, claims)...)
	d.History, d.HistoryFrom = history(turns, cmp.Or(asOf, d.Latest))
	return d, nil
}

// allChannels gives every channel of the codebook, in board order; of those not
// among states nothing was known.
func allChannels(dyad detente.Dyad, states []detente.ChannelState) []detente.ChannelState {
	out := make([]detente.ChannelState, 0, len(detente.Channels))
	for _, ch := range detente.Channels {
		i := slices.IndexFunc(states, func(s detente.ChannelState) bool { return s.Channel == ch })
		if i < 0 {
			out = append(out, detente.ChannelState{Dyad: dyad, Channel: ch, State: detente.Unknown, Rule: "nothing-reported", Evidence: []string{}})
			continue
		}
		states[i].Evidence = states[i].Evidence[:min(len(states[i].Evidence), 2*maxVoices)]
		out = append(out, states[i])
	}
	return out
}

// cut is a dispute of which no more is listed than a reader can take in.
type cut struct {
	detente.Dispute
	left int
}

func cutTo(n int, d detente.Dispute) cut {
	c := cut{d, max(0, len(d.Against)-n) + max(0, len(d.Record)-n)}
	c.Against = d.Against[max(0, len(d.Against)-n):] // the latest
	c.Record = d.Record[max(0, len(d.Record)-n):]
	return c
}

// wanted lists the articles that states and disputes cite, once.
func wanted(states []detente.ChannelState, disputes []cut) []string {
	var articles []string
	seen := map[string]bool{}
	add := func(id string) {
		if ref, err := store.ParseRef(id); err == nil && !seen[ref.Article] {
			seen[ref.Article] = true
			articles = append(articles, ref.Article)
		}
	}
	for _, ch := range states {
		for _, id := range ch.Evidence {
			add(id)
		}
	}
	for _, d := range disputes {
		add(string(d.Claim))
		for _, id := range d.Against {
			add(string(id))
		}
		for _, id := range d.Record {
			add(string(id))
		}
	}
	return articles
}

// citedBeside reads the articles named that are not among recent.
func citedBeside(ctx context.Context, st store.Store, dyad detente.Dyad, asOf detente.Date, recent []store.Report, articles []string) ([]store.Report, error) {
	articles = slices.DeleteFunc(articles, func(id string) bool {
		return slices.ContainsFunc(recent, func(rep store.Report) bool { return rep.ID == id })
	})
	return st.Told(ctx, dyad, articles, asOf)
}

// row is a channel's state with who says otherwise and what it rests on.
func (s *sources) row(ch detente.ChannelState, claims []Claim) ChannelRow {
	row := ChannelRow{ChannelState: ch, SaysOtherwise: []Claim{}, Citations: []Citation{}}
	for _, id := range ch.Evidence {
		if c, ok := s.cite[id]; ok {
			row.Citations = append(row.Citations, c)
		}
	}
	row.SaysOtherwise = append(row.SaysOtherwise, otherwise(ch, claims)...)
	return row
}

// history joins the turns of each channel into spells, up to a day; from is the
// first of them where there were earlier ones.
func history(turns []detente.ChannelSpell, end detente.Date) (pasts []ChannelPast, from detente.Date) {
	pasts = []ChannelPast{}
	if len(turns) > maxTurns {
		days := make([]detente.Date, len(turns))
		for i, t := range turns {
			days[i] = t.First
		}
		slices.Sort(days)
		from = days[len(days)-maxTurns]
	}
	for i, t := range turns {
		to := end
		if i+1 < len(turns) && turns[i+1].Channel == t.Channel {
			to = turns[i+1].First
		}
		if to < from || to == from && t.First < from {
			continue
		}
		if len(pasts) == 0 || pasts[len(pasts)-1].Channel != t.Channel {
			pasts = append(pasts, ChannelPast{Channel: t.Channel})
		}
		last := &pasts[len(pasts)-1]
		last.Spells = append(last.Spells, Spell{t.State, max(t.First, from), to})
	}
	return pasts, from
}

// placeString writes a place as it stands in an address: "2018-03-04/ARTICLE".
func placeString(p store.Place) string { return string(p.Known) + "/" + p.ID }

// parsePlace reads ?after=; the zero place where it is not given.
func parsePlace(given string) (store.Place, error) {
	if given == "" {
		return store.Place{}, nil
	}
	day, id, ok := strings.Cut(given, "/")
	known, err := detente.ParseDate(day)
	if !ok || id == "" || err != nil {
		return store.Place{}, &pageError{http.StatusBadRequest, "The place to go on from is not one that this server gave."}
	}
	return store.Place{Known: known, ID: id}, nil
}

// sources finds what the qualified ids of a board stand for.
type sources struct {
	reports []store.Report // in order
	cite    map[string]Citation
}

func newSources(reports []store.Report) *sources {
	slices.SortFunc(reports, func(a, b store.Report) int { return cmp.Or(cmp.Compare(a.Known, b.Known), cmp.Compare(a.ID, b.ID)) })
	s := &sources{reports: reports, cite: map[string]Citation{}}
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
	c := Citation{Ref: ref, What: what, Article: rep.ID, Anchor: id, Outlet: rep.Outlet, Title: rep.Title, Published: rep.Published, Known: rep.Known, Copies: rep.Copies}
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
func (s *sources) claims(disputes []cut) []Claim {
	against := map[detente.ClaimID]bool{}
	for _, d := range disputes {
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

// disputes resolves disputes; those on one channel with the same finding are
// one matter.
func (s *sources) disputes(disputes []cut, claims []Claim) []Dispute {
	type matter struct {
		Dispute
		claims, against []detente.ClaimID
		record          []detente.ActID
	}
	var matters []*matter
	for _, d := range disputes {
		i := slices.IndexFunc(matters, func(m *matter) bool { return m.Channel == d.Channel && m.Finding == d.Finding })
		if i < 0 {
			i = len(matters)
			matters = append(matters, &matter{Dispute: Dispute{Channel: d.Channel, Finding: d.Finding}})
		}
		m := matters[i]
		m.claims = append(m.claims, d.Claim)
		m.against = append(m.against, d.Against...)
		m.record = append(m.record, d.Record...)
		m.Left += d.left
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
	Contacts     []contact
	Confronted   []confronted
	End          detente.Date      // the day as of which the page is shown
	Silent       []detente.Channel // channels of which nothing was reported
	Indicators   []indicatorPanel
	Later        string // address of the page with the latest reports, where this is not it
	Earlier      string // address of the page with earlier reports, if there are any
}

// drawn is d with the history of the days whose entries are listed: without
// marks a ribbon would seem to say that nobody spoke.
func (d *Dyad) drawn(later bool) *Dyad {
	if d.Next == "" && !later {
		return d
	}
	c := *d
	c.HistoryFrom, c.History = max(d.HistoryFrom, d.Since), nil
	for _, p := range d.History {
		kept := ChannelPast{Channel: p.Channel}
		for _, sp := range p.Spells {
			if sp.To > c.HistoryFrom {
				sp.From = max(sp.From, c.HistoryFrom)
				kept.Spells = append(kept.Spells, sp)
			}
		}
		if len(kept.Spells) > 0 {
			c.History = append(c.History, kept)
		}
	}
	return &c
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
	p := &dyadPage{frame: s.frame(r, asOf, s.pair(d.Dyad)), View: d, Entries: entries(d), Confronted: confront(d), End: cmp.Or(asOf, d.Latest)}
	p.Later = latestPage(r)
	if p.Later == "" { // else what is listed does not reach up to the last contact
		p.Contacts = contacts(d)
	}
	drawn := d.drawn(p.Later != "")
	p.Wide, p.Narrow = newTimeline(drawn, p.Entries, p.Contacts, wide), newTimeline(drawn, p.Entries, p.Contacts, narrow)
	if d.Next != "" {
		p.Earlier = earlierPage(r, d.Next)
	}
	for _, ch := range d.Channels {
		if ch.State == detente.Unknown {
			p.Silent = append(p.Silent, ch.Channel)
		}
	}
	p.JSON = p.To("api", "v1", "dyads", d.Dyad.String())
	p.Feeds = s.feedsOf(d.Dyad)
	p.Indicators, err = s.indicatorPanels(r, d, &p.Wide, &p.Narrow)
	return p, err
}

// dyadOf reads the dyad that the path names.
func (s *server) dyadOf(r *http.Request, asOf detente.Date) (*Dyad, error) {
	dyad, err := detente.ParseDyad(r.PathValue("dyad"))
	if err != nil {
		return nil, &pageError{http.StatusNotFound, err.Error()}
	}
	after, err := parsePlace(r.URL.Query().Get("after"))
	if err != nil {
		return nil, err
	}
	key := strings.Join([]string{"dyad", dyad.String(), string(asOf), string(after.Known), after.ID}, " ")
	d, err := remembered(r.Context(), s, dyad, key, func() (*Dyad, error) { return ReadDyad(r.Context(), s.store, dyad, asOf, after) })
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
