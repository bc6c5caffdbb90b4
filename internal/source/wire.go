package source

import (
	"bufio"
	"regexp"
	"strings"
	"sync"

	"detente"
	"detente/data"
)

// agencies gives the name in data/actors/media.tsv of every way to write a news
// agency.
var agencies = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	f, err := data.FS.Open("actors/media.tsv")
	if err != nil {
		return names // an embedded file; TestWire fails without it
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) < 3 || cells[2] != "agency" {
			continue
		}
		for _, name := range append(strings.Split(cells[1], ";"), cells[0]) {
			if name = strings.TrimSpace(name); name != "" {
				names[name] = cells[0]
			}
		}
	}
	return names
})

var (
	// datelineCredit is "GENEVA, May 3 (Reuters) -" and "MOSCOW, May 3. /TASS/."
	datelineCredit = regexp.MustCompile(`^[^()/]{0,80}(?:\(([^()]{2,40})\)\s*[-–—:]|/([^/]{2,40})/)`)
	// closingCredit is what stands behind the last sentence: "(AFP)", "– Reuters",
	// "Source: Xinhua", "© AFP 2019".
	closingCredit = regexp.MustCompile(`(?:^|\(|[-–—]\s?|©\s?|(?i:sources?|copyright):?\s|[.”"]\s)([\p{L}][\p{L}. -]{1,40}?)(?:\s\d{4})?\)?\.?$`)
	// signature is how Reuters names who worked on a text, below it.
	signature = regexp.MustCompile(`^\(?(?:Reporting|Writing|Additional reporting) by [^.]+[;.] ?(?:[^.]+[;.] ?)*Editing by `)
)

// Wire names the news agency that an article gives credit to, in its byline, at
// its dateline or below its end; an agency's own article credits itself. Empty
// where there is none. An agency that is only cited in a sentence gets none.
func Wire(a *detente.Article) string {
	if name := agencies()[a.Outlet]; name != "" {
		return name
	}
	for _, by := range a.Byline {
		if name := agencyOf(by); name != "" {
			return name
		}
	}
	paragraphs := strings.Split(a.Text, "\n\n")
	for _, p := range paragraphs[:min(len(paragraphs), datelineWithin)] {
		if m := datelineCredit.FindStringSubmatch(p); m != nil {
			if name := agencies()[strings.TrimSpace(m[1]+m[2])]; name != "" {
				return name
			}
		}
	}
	last := strings.TrimSpace(paragraphs[len(paragraphs)-1])
	if signature.MatchString(last) {
		return agencies()["Reuters"]
	}
	if m := closingCredit.FindStringSubmatch(last); m != nil {
		return agencies()[strings.TrimRight(m[1], " .")]
	}
	return ""
}

// datelineWithin is how many paragraphs, headline and highlights among them,
// may stand before the dateline.
const datelineWithin = 8

// agencyOf reads a name of a byline: the agency alone, or somebody of it.
func agencyOf(by string) string {
	by = strings.TrimSpace(by)
	if name := agencies()[by]; name != "" {
		return name
	}
	for _, joint := range []string{", ", " | ", " / ", " of the ", " of ", " for "} {
		if i := strings.LastIndex(by, joint); i >= 0 {
			if name := agencies()[strings.TrimSpace(by[i+len(joint):])]; name != "" {
				return name
			}
		}
	}
	return ""
}
