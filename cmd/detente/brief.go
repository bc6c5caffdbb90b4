package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"detente"
)

// briefer writes one record for a person to read.
type briefer struct {
	sheet
	rec  *detente.Record
	text []rune
}

// brief prints what was found in one article.
func brief(w io.Writer, show screen, rec *detente.Record) error {
	b := &briefer{sheet: sheet{screen: show}, rec: rec, text: []rune(rec.Text)}
	b.header(&rec.Article)
	for _, dyad := range b.dyads() {
		b.board(dyad)
		b.disputes(dyad)
		b.claims(dyad)
		b.record(dyad)
	}
	b.statements()
	b.events()
	b.indicators()
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// briefArticle prints what was taken from the page.
func briefArticle(w io.Writer, show screen, a *detente.Article) error {
	b := &briefer{sheet: sheet{screen: show}, text: []rune(a.Text)}
	b.header(a)
	for _, h := range a.Highlights {
		b.hanging("  • ", h)
	}
	for _, p := range takenFrom(a).Body {
		b.WriteByte('\n')
		b.lines("", wrap(p, b.width)...)
	}
	if len(a.Captions) > 0 {
		b.section("Captions")
		for _, c := range a.Captions {
			b.hanging("  - ", c)
		}
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func (b *briefer) header(a *detente.Article) {
	title := a.Title
	if title == "" {
		title = "(no title)"
	}
	for _, l := range wrap(title, b.width) {
		b.lines("", b.style(bold, l))
	}
	date := "no date"
	if a.Published != "" {
		date = longDate(a.Published)
	}
	about := []string{cmp.Or(a.Outlet, "outlet unknown"), date}
	if len(a.Byline) > 0 {
		about = append(about, "by "+strings.Join(a.Byline, ", "))
	}
	if a.URL != "" {
		about = append(about, a.URL)
	}
	for _, l := range wrap(strings.Join(about, " · "), b.width) {
		b.lines("", b.style(dim, l))
	}
	for _, warning := range a.Warnings {
		for i, l := range wrap("warning: "+warning, b.width-2) {
			mark := "! "
			if i > 0 {
				mark = "  "
			}
			b.lines("", b.style(yellow, mark+l))
		}
	}
}

// dyads lists the dyads of the record in the order of their boards, those that
// have no board last.
func (b *briefer) dyads() []detente.Dyad {
	var out []detente.Dyad
	add := func(d detente.Dyad) {
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	for _, ch := range b.rec.Channels {
		add(ch.Dyad)
	}
	for _, c := range b.rec.Claims {
		add(c.Dyad)
	}
	for _, a := range b.rec.Acts {
		add(a.Dyad)
	}
	return out
}

func (b *briefer) board(dyad detente.Dyad) {
	var rows []boardRow
	for _, ch := range b.rec.Channels {
		if ch.Dyad == dyad {
			rows = append(rows, boardRow{ch, b.saysOtherwise(ch)})
		}
	}
	b.WriteString("\n" + b.style(bold, string(dyad[0])+"–"+string(dyad[1])) + "\n")
	b.boardTable(rows)
}

// saysOtherwise names those whose claims do not fit the state shown: on this
// channel, or on the relation as a whole. Of a disputed channel it names both
// sides.
func (b *briefer) saysOtherwise(ch detente.ChannelState) string {
	var out []string
	for _, c := range b.rec.Claims {
		if c.Dyad != ch.Dyad || c.Channel != ch.Channel && c.Channel != detente.ChannelAll || fits(c.State, ch.State) {
			continue
		}
		if name := b.speaker(c) + ": " + string(c.State); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return "–"
	}
	return strings.Join(out, "; ")
}

// fits says whether a claimed state agrees with a shown one.
func fits(claimed, shown detente.State) bool {
	if claimed == "" || claimed == detente.Unknown {
		return true
	}
	return talking(claimed) == talking(shown) && shown != detente.Disputed
}

func talking(s detente.State) bool { return s == detente.Open || s == detente.Minimal }

// matter is all that is disputed in the same way on one channel: its state, or
// whether an act on it happened.
type matter struct {
	channel         detente.Channel
	contested       bool
	finding         detente.Finding
	claims, denials []detente.ClaimID
	record          []detente.ActID
}

func (b *briefer) matters(dyad detente.Dyad) []*matter {
	var out []*matter
	for _, d := range b.rec.Disputes {
		if d.Dyad != dyad {
			continue
		}
		contested := len(d.Contested) > 0
		i := slices.IndexFunc(out, func(m *matter) bool {
			return m.channel == d.Channel && m.finding == d.Finding && m.contested == contested
		})
		if i < 0 {
			i = len(out)
			out = append(out, &matter{channel: d.Channel, contested: contested, finding: d.Finding})
		}
		m := out[i]
		m.claims = union(m.claims, d.Claim)
		m.denials = union(m.denials, d.Against...)
		m.record = union(m.record, d.Record...)
	}
	for _, m := range out {
		b.pool(m, dyad)
	}
	return out
}

// pool adds to a matter the other claims of its channel that say the same as
// the one in dispute: title, highlights and body often repeat each other.
func (b *briefer) pool(m *matter, dyad detente.Dyad) {
	first := b.claim(m.claims[0])
	if m.contested || m.finding == detente.Settled || first == nil {
		return
	}
	for _, c := range b.rec.Claims {
		if c.Dyad == dyad && c.Channel == m.channel && c.Act == "" && c.State != detente.Unknown && talking(c.State) == talking(first.State) &&
			!slices.Contains(m.denials, c.ID) {
			m.claims = union(m.claims, c.ID)
		}
	}
}

func (b *briefer) claim(id detente.ClaimID) *detente.Claim {
	i := slices.IndexFunc(b.rec.Claims, func(c detente.Claim) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &b.rec.Claims[i]
}

// voices keeps one claim of each speaker: the first that gives a scope, else
// the first.
func (b *briefer) voices(ids []detente.ClaimID) []detente.ClaimID {
	var out []detente.ClaimID
	at := map[string]int{} // in out, by speaker
	for _, id := range ids {
		c := b.claim(id)
		if c == nil {
			continue
		}
		who := b.speaker(*c)
		i, heard := at[who]
		switch {
		case !heard:
			at[who] = len(out)
			out = append(out, id)
		case c.Scope != "" && b.claim(out[i]).Scope == "":
			out[i] = id
		}
	}
	return out
}

func union[T comparable](to []T, items ...T) []T {
	for _, x := range items {
		if !slices.Contains(to, x) {
			to = append(to, x)
		}
	}
	return to
}

func (b *briefer) disputes(dyad detente.Dyad) {
	for _, m := range b.matters(dyad) {
		b.confront(m.channel, m.finding, func(width int) [][]string {
			return [][]string{b.claimCells(b.voices(m.claims), width), b.claimCells(b.voices(m.denials), width), b.actCells(m.record, width)}
		})
	}
}

func (b *briefer) claimCells(ids []detente.ClaimID, width int) []string {
	var column []string
	for _, id := range ids {
		column = entry(column, b.claimCell(id, width))
	}
	return orNone(column)
}

func (b *briefer) actCells(ids []detente.ActID, width int) []string {
	var column []string
	for _, id := range ids {
		column = entry(column, b.actCell(id, width))
	}
	return orNone(column)
}

func (b *briefer) claimCell(id detente.ClaimID, width int) []string {
	c := b.claim(id)
	if c == nil {
		return nil
	}
	cell := wrap(b.speaker(*c)+": "+b.claimed(*c), width)
	cell = append(cell, wrap(quoted(b.said(*c)), width)...)
	if st := b.statement(c.Statement); st != nil {
		cell = append(cell, wrap(chain(st), width)...)
	}
	return cell
}

func (b *briefer) actCell(id detente.ActID, width int) []string {
	i := slices.IndexFunc(b.rec.Acts, func(a detente.Act) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	a := b.rec.Acts[i]
	cell := wrap(actLine(a), width)
	cell = append(cell, wrap(b.participants(a), width)...)
	return append(cell, wrap(b.toldBy(a), width)...)
}

// toldBy says who tells an act, where that is not the article itself.
func (b *briefer) toldBy(a detente.Act) string {
	if st := b.statement(a.Statement); st != nil {
		return "told by " + b.name(st)
	}
	return ""
}

// claims lists the claims that no dispute holds. That somebody tells an act is
// shown with the act.
func (b *briefer) claims(dyad detente.Dyad) {
	disputed := map[detente.ClaimID]bool{}
	for _, m := range b.matters(dyad) {
		for _, id := range slices.Concat(m.claims, m.denials) {
			disputed[id] = true
		}
	}
	heading := "\n" + gap + b.style(dim, "CLAIMED") + "\n"
	for _, c := range b.rec.Claims {
		if c.Dyad != dyad || disputed[c.ID] || c.Act != "" && !c.Denies {
			continue
		}
		b.WriteString(heading)
		heading = ""
		b.hanging(gap+"- ", fmt.Sprintf("%s: %s, %s %s", b.speaker(c), c.Channel, b.claimed(c), quoted(b.said(c))))
	}
}

// claimed is what a claim says, with the act that it says it of.
func (b *briefer) claimed(c detente.Claim) string {
	i := slices.IndexFunc(b.rec.Acts, func(a detente.Act) bool { return a.ID == c.Act })
	if i < 0 {
		return claimed(c)
	}
	act := b.rec.Acts[i]
	act.Factuality = detente.Happened // whether it did is what the claim is about
	return actLine(act) + ": " + claimed(c)
}

// saidWidth is how much of a sentence is shown around a claim.
const saidWidth = 160

// said gives the sentence of a claim, a long one cut to what stands around the
// claim's own words.
func (b *briefer) said(c detente.Claim) string {
	if c.Sentence < 0 || c.Sentence >= len(b.rec.Sentences) {
		return b.words(c.Span)
	}
	s := b.rec.Sentences[c.Sentence]
	if s.Len() <= saidWidth {
		return b.words(s)
	}
	margin := max(0, saidWidth-c.Span.Len()) / 2
	from, to := b.wordEdge(max(s.Start, c.Span.Start-margin), s.Start), b.wordEdge(min(s.End, c.Span.End+margin), s.End)
	text := b.words(detente.Span{Start: from, End: to})
	if from > s.Start {
		text = "… " + text
	}
	if to < s.End {
		text += " …"
	}
	return text
}

// wordEdge moves a place in the text towards a limit, to the next edge of a word.
func (b *briefer) wordEdge(at, limit int) int {
	step := 1
	if limit < at {
		step = -1
	}
	for at != limit && at > 0 && at < len(b.text) && !unicode.IsSpace(b.text[at-1]) && !unicode.IsSpace(b.text[at]) {
		at += step
	}
	return at
}

// record lists the acts of a dyad, those that did not happen with what is said
// of them.
func (b *briefer) record(dyad detente.Dyad) {
	heading := "\n" + gap + b.style(dim, "ACTS") + "\n"
	for _, a := range b.rec.Acts {
		if a.Dyad != dyad {
			continue
		}
		b.WriteString(heading)
		heading = ""
		text := string(a.Channel) + " " + actLine(a)
		for _, part := range []string{b.participants(a), b.toldBy(a)} {
			if part != "" {
				text += ", " + part
			}
		}
		b.hanging(gap+"- ", text)
	}
}

func (b *briefer) participants(a detente.Act) string {
	i := slices.IndexFunc(b.rec.Events, func(ev detente.Event) bool { return ev.ID == a.Event })
	if i < 0 {
		return ""
	}
	return sides(b.rec.Events[i])
}

func (b *briefer) statements() {
	if len(b.rec.Statements) == 0 {
		return
	}
	b.section("Statements")
	for i := range b.rec.Statements {
		st := &b.rec.Statements[i]
		if i > 0 {
			b.WriteByte('\n')
		}
		who := wrap(b.attribution(st), b.width-2)
		for k, l := range who {
			if k == 0 {
				l = strings.Replace(l, b.name(st), b.style(bold, b.name(st)), 1)
			}
			b.lines(gap, l)
		}
		b.lines(gap+gap, wrap(b.contentOf(st), b.width-4)...)
	}
}

// attribution is one statement's speaker, role, party, chain, date, modality.
func (b *briefer) attribution(st *detente.Statement) string {
	text := b.name(st)
	if st.Speaker.Role != "" && !strings.Contains(text, st.Speaker.Role) { // a role may be all the name there is
		text += ", " + st.Speaker.Role
	}
	if st.Speaker.Party != "" {
		text += " (" + string(st.Speaker.Party) + ")"
	}
	parts := []string{text}
	if c := chain(st); c != "" {
		parts = append(parts, c)
	}
	if st.SaidOn != "" {
		parts = append(parts, longDate(st.SaidOn))
	}
	modality := string(st.Modality)
	if st.Negated {
		modality += ", negated"
	}
	if modality != "" {
		parts = append(parts, modality)
	}
	if teller := b.teller(st); teller != "" {
		parts = append(parts, "as told by "+teller)
	}
	return strings.Join(parts, " · ")
}

// teller is who makes the statement that st stands inside, where the chain does
// not say so already.
func (b *briefer) teller(st *detente.Statement) string {
	outer := b.statement(st.Within)
	if outer == nil {
		return ""
	}
	name := b.name(outer)
	if slices.ContainsFunc(st.Via, func(v detente.Link) bool { return v.Name == name }) {
		return ""
	}
	return name
}

func (b *briefer) contentOf(st *detente.Statement) string {
	text := b.words(st.Content...)
	if st.Kind == detente.Direct {
		return quoted(text)
	}
	return text
}

func (b *briefer) events() {
	if len(b.rec.Events) == 0 {
		return
	}
	b.section("Events")
	for _, ev := range b.rec.Events {
		kind := string(ev.Type)
		if ev.Mode != "" {
			kind += "/" + ev.Mode
		}
		text := kind
		for _, part := range []string{string(ev.Factuality), longDate(ev.Date), ev.Place, sides(ev)} {
			if part != "" {
				text += " · " + part
			}
		}
		b.hanging(gap, text+" · "+quoted(b.words(ev.Trigger...)))
	}
}

func (b *briefer) indicators() {
	if len(b.rec.Indicators) == 0 {
		return
	}
	b.section("Indicators")
	for _, ind := range b.rec.Indicators {
		text := fmt.Sprintf("%s %s %s", ind.Name, signed(ind.Change), ind.Unit)
		if ind.Since != "" {
			text += " since " + longDate(ind.Since)
		}
		if ind.SinceText != "" {
			text += " (" + ind.SinceText + ")"
		}
		b.hanging(gap, text+" · "+quoted(b.words(ind.Span)))
	}
}

// speaker names who makes a claim: the speaker of its statement, or the
// article itself.
func (b *briefer) speaker(c detente.Claim) string {
	if st := b.statement(c.Statement); st != nil && st.Speaker.Party != "" {
		return b.name(st) + " (" + string(st.Speaker.Party) + ")"
	} else if st != nil {
		return b.name(st)
	}
	return cmp.Or(b.rec.Article.Outlet, "the article")
}

func (b *briefer) statement(id detente.StatementID) *detente.Statement {
	i := slices.IndexFunc(b.rec.Statements, func(st detente.Statement) bool { return st.ID == id })
	if i < 0 {
		return nil
	}
	return &b.rec.Statements[i]
}

func (b *briefer) words(spans ...detente.Span) string {
	return strings.Join(strings.Fields(detente.Slice(b.text, spans...)), " ")
}

// name is the speaker's, else the words of the source.
func (b *briefer) name(st *detente.Statement) string {
	return cmp.Or(st.Speaker.Name, b.words(st.Source...), "unnamed source")
}
