package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"detente"
)

// functions are what templates can call beside their data's own methods.
func (s *server) functions() template.FuncMap {
	return template.FuncMap{
		"date":     longDate,
		"day":      func(moment string) detente.Date { return detente.Date(moment[:len("2006-01-02")]) },
		"pair":     s.pair,
		"party":    s.party,
		"act":      actLine,
		"claim":    claimLine,
		"finding":  func(f detente.Finding) string { return cmp.Or(findings[f], string(f)) },
		"rule":     func(rule string) string { return cmp.Or(reasons[rule], rule) },
		"weblink":  webLink,
		"count":    counted,
		"channel":  func(ch detente.Channel) string { return strings.ReplaceAll(string(ch), "-", " ") },
		"who":      func(ev *detente.Event) string { return participants(*ev) },
		"contact":  lastContact,
		"signed":   Signed,
		"decimal":  decimal,
		"add":      func(a, b int) int { return a + b },
		"minus":    func(a, b int) int { return a - b },
		"evidence": func(cs []Citation) []Citation { return distinct(cs, func(c Citation) string { return c.What }) },
		"told":     func(as []Act) []Act { return as[:min(len(as), maxAlike)] },
	}
}

// longDate writes a date as people do: 20 Dec 2016, Dec 2016, 2016.
func longDate(d detente.Date) string {
	t, ok := d.Time()
	if !ok {
		return string(d)
	}
	switch len(d) {
	case len("2006"):
		return t.Format("2006")
	case len("2006-01"):
		return t.Format("Jan 2006")
	}
	return t.Format("2 Jan 2006")
}

// actLine is an act's kind, mode and, where it is not simply record, how it
// stands to it.
func actLine(a detente.Act) string {
	text, aside := string(a.Kind), string(a.State)
	switch {
	case a.Mode == "" || a.Mode == text:
	case byItself[a.Mode]:
		text = a.Mode
	case a.Kind == detente.Contact:
		text += " by " + a.Mode
	default:
		aside = strings.TrimSuffix(a.Mode+", "+aside, ", ")
	}
	if aside != "" {
		text += " (" + aside + ")"
	}
	if a.Factuality != detente.Happened && a.Factuality != "" {
		text += ", " + strings.ReplaceAll(string(a.Factuality), "-", " ")
	}
	return text
}

// byItself are the modes that name a contact without the word.
var byItself = map[string]bool{"meeting": true, "visit": true, "talks": true}

// claimLine is what a claim says: a state with its scope, or that an act
// happened or did not.
func claimLine(c detente.Claim) string {
	switch {
	case c.Denies:
		return "that it did not happen"
	case c.Act != "":
		return "that it happened"
	case c.Scope != "":
		return string(c.State) + " (" + c.Scope + ")"
	}
	return string(c.State)
}

// Says is what the claimant says, as the rest of a sentence.
func (c Claim) Says() string {
	if c.OfAct != "" {
		return c.Point()
	}
	return "says " + c.Point()
}

// Point is what the claim comes to: a state, or an act told of or denied.
func (c Claim) Point() string { return point(c.Claim, c.OfAct) }

// point words a claim; ofAct is the act that it is about, in words.
func point(c detente.Claim, ofAct string) string {
	switch {
	case ofAct != "" && c.Denies:
		return "denies " + ofAct
	case ofAct != "":
		return "tells of " + ofAct
	}
	return claimLine(c)
}

// Voice is the claimant with the party that they speak for: "Kirby (USA)".
func (c Claim) Voice() string { return withParty(c.Claimant(), c.Speaker.Party) }

// Claimant names whose claim it is: the speaker, or else the outlet itself.
func (c Claim) Claimant() string {
	if c.Speaker.Name != "" {
		return c.Speaker.Name
	}
	if c.Statement != "" {
		return cmp.Or(c.Speaker.Role, "unnamed source")
	}
	return cmp.Or(c.Citation.Outlet, "the article")
}

func lastContact(ch ChannelRow) string {
	return strings.TrimPrefix(ch.LastMode+", "+longDate(ch.LastContact), ", ")
}

var findings = map[detente.Finding]string{
	detente.RecordContradicts: "The record contradicts the claim",
	detente.RecordSupports:    "The record supports the claim",
	detente.WordAgainstWord:   "Word against word",
	detente.Settled:           "Settled",
}

// reasons puts the rules of data/dialogue and the fold into words.
var reasons = map[string]string{
	"nothing-reported":            "Nothing was reported.",
	"claim-unopposed":             "A claim that nobody opposed; no act is on record.",
	"contact-opens":               "The last act was a contact.",
	"contact-reduced":             "The last act was a contact at a reduced level.",
	"thaw-opens":                  "The last act was a thaw that took effect.",
	"thaw-partly":                 "The last act was a partial thaw.",
	"freeze-freezes":              "The last act was a freeze.",
	"freeze-severs":               "The last act cut it formally.",
	"freeze-reduces":              "The last act reduced it.",
	"disputed-record-contradicts": "An act on record does not fit what is claimed.",
	"disputed-record-supports":    "Parties say opposite things; an act on record fits the claim.",
	"disputed-word-against-word":  "Parties say opposite things; no act on record tells between them.",
}

// Quote is the words that count where they can stand alone, else as much of
// the sentence around them as is quoted in one breath.
func (c Citation) Quote() string {
	const alone, breath = 4, 180 // words, characters
	if len(strings.Fields(c.Words)) >= alone {
		return c.Words
	}
	before, after := []rune(c.Before), []rune(c.After)
	room := max(0, breath-len([]rune(c.Words)))
	left := min(len(before), max(room/2, room-len(after)))
	right := min(len(after), room-left)
	text := c.Words
	if left < len(before) {
		text = "… " + afterSpace(string(before[len(before)-left:])) + text
	} else {
		text = c.Before + text
	}
	if right < len(after) {
		return text + beforeSpace(string(after[:right])) + " …"
	}
	return text + c.After
}

// afterSpace and beforeSpace leave out a word that was cut.
func afterSpace(s string) string { return s[strings.IndexByte(s, ' ')+1:] }

func beforeSpace(s string) string { return s[:max(0, strings.LastIndexByte(s, ' '))] }

// webLink gives an address that may be followed from a page: http or https.
func webLink(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

// counted writes "1 report", "2 reports".
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + more
}

// maxAlike is how many of a kind a page shows before it gives their number.
const maxAlike = 5

// distinct picks the first of those that read alike, at most maxAlike.
func distinct[T any](list []T, reads func(T) string) []T {
	var out []T
	seen := map[string]bool{}
	for _, x := range list {
		if key := reads(x); !seen[key] && len(out) < maxAlike {
			seen[key] = true
			out = append(out, x)
		}
	}
	return out
}

// signed writes a change with its sign.
func signed(x float64) string { return fmt.Sprintf("%+g", x) }
