package source

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"detente"
)

// draft is an article while it is read: what is known about it, and its pieces
// in the order of the page, each with its kind. The title is held apart.
type draft struct {
	id, url, outlet, title, language string
	byline                           []string
	published, modified              stamped
	pieces                           []piece
	warnings                         []string
}

type piece struct {
	kind  detente.BlockKind
	text  string
	opens bool // it says that comments follow
	again bool // a highlight that the body says word for word
}

func (d *draft) has(kind detente.BlockKind) bool {
	return slices.ContainsFunc(d.pieces, func(p piece) bool { return p.kind == kind })
}

// evidence is what a kind does in Text, in the order in which it stands there.
var evidence = []detente.BlockKind{detente.BlockHighlight, detente.BlockBody}

// article lays the draft out.
func (d *draft) article(h Hint) (*detente.Article, error) {
	a := &detente.Article{ID: d.id, URL: d.url, Outlet: d.outlet, Title: d.title, Byline: d.byline,
		Language: d.language, Warnings: d.warnings}
	d.date(a)
	d.settleHighlights()
	var text layout
	if d.title != "" {
		text.add(detente.BlockTitle, d.title)
	}
	for _, kind := range evidence {
		for _, p := range d.pieces {
			if p.kind == kind && !p.again {
				text.add(kind, p.text)
			}
		}
	}
	for _, p := range d.pieces {
		switch p.kind {
		case detente.BlockHighlight:
			a.Highlights = append(a.Highlights, p.text)
		case detente.BlockCaption:
			a.Captions = append(a.Captions, p.text)
		}
	}
	a.Text, a.Blocks = text.String(), text.blocks
	return a, complete(a, h)
}

// date gives an article its days and points in time.
func (d *draft) date(a *detente.Article) {
	a.Published, a.PublishedAt = d.published.day, d.published.at
	if d.modified.isAfter(d.published) {
		a.Modified, a.ModifiedAt = d.modified.day, d.modified.at
	}
}

// layout joins paragraphs by blank lines and keeps where each stands.
type layout struct {
	strings.Builder
	runes  int
	blocks []detente.Block
}

func (l *layout) add(kind detente.BlockKind, text string) {
	if l.runes > 0 {
		l.WriteString("\n\n")
		l.runes += 2
	}
	start := l.runes
	l.WriteString(text)
	l.runes += utf8.RuneCountInString(text)
	l.blocks = append(l.blocks, detente.Block{Kind: kind, Span: detente.Span{Start: start, End: l.runes}})
}

// rawArticle keeps text as it is; its blocks are the paragraphs between blank
// lines.
func (d *draft) rawArticle(text string, h Hint) (*detente.Article, error) {
	a := &detente.Article{ID: d.id, URL: d.url, Outlet: d.outlet, Title: d.title, Byline: d.byline,
		Language: d.language, Warnings: d.warnings, Text: text, Blocks: rawBlocks(text)}
	d.date(a)
	return a, complete(a, h)
}

// rawBlocks finds the runs of lines that hold something; a block reaches from
// the first character of a run that is not white space to the last.
func rawBlocks(text string) []detente.Block {
	var blocks []detente.Block
	at, start, end := 0, -1, 0 // in code points; start < 0: no block is open
	flush := func() {
		if start >= 0 {
			blocks = append(blocks, detente.Block{Kind: detente.BlockBody, Span: detente.Span{Start: start, End: end}})
		}
		start = -1
	}
	for line := range strings.Lines(text) {
		blank := true
		for _, r := range line {
			if !unicode.IsSpace(r) {
				if blank && start < 0 {
					start = at
				}
				blank, end = false, at+1
			}
			at++
		}
		if blank {
			flush()
		}
	}
	flush()
	return blocks
}

// complete fills in what the hint knows and the input does not, and says in
// words what is missing.
func complete(a *detente.Article, h Hint) error {
	for _, list := range []*[]string{&a.Byline, &a.Highlights, &a.Captions} {
		if *list == nil {
			*list = []string{} // an empty list in JSON, not null
		}
	}
	if len(a.Text) > maxText {
		return tooBig("the article's text", maxText)
	}
	if strings.TrimSpace(a.Text) == "" {
		return ErrNoText
	}
	if a.URL == "" {
		a.URL = h.URL
	}
	if a.Outlet == "" {
		a.Outlet = host(a.URL)
	}
	if a.Published == "" {
		a.Published = h.Published
	}
	if a.Published == "" {
		a.Warnings = append(a.Warnings, noDate)
	}
	if a.Language == "" {
		a.Language = language(a.Text)
	}
	if a.Language != "" && a.Language != "en" {
		a.Warnings = append(a.Warnings, fmt.Sprintf("language %q is not read yet: the article is kept, nothing is taken from it", a.Language))
	}
	if a.ID == "" {
		sum := sha256.Sum256([]byte(a.Text))
		a.ID = "sha256:" + hex.EncodeToString(sum[:])
	}
	return nil
}

// host is the outlet where a page names none: the URL's host without www.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "file" {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// noDate is the warning of an article whose date nobody knows.
const noDate = "no publication date: weekdays cannot be resolved; give one with --date YYYY-MM-DD"
