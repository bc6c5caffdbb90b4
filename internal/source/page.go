package source

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"detente"
)

// readPage reads one HTML document as one article.
func readPage(br *bufio.Reader, h Hint, in *input, y yield) bool {
	b, err := readWhole(br, maxInput)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	text, warning := decode(b, h.ContentType)
	d := &draft{}
	d.warn(warning)
	if in.err != nil {
		d.warn("the input ended early: the page may lack its end")
	}
	a, err := d.fromPage(text, h)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	return y(a, nil)
}

// fromPage makes the article of a page. What the draft knows already, from the
// feed or the line that carried the page, stays.
func (d *draft) fromPage(text string, h Hint) (*detente.Article, error) {
	root, err := parsePage(text)
	if err != nil {
		return nil, err
	}
	p := newPage(root, h.URL)
	d.fill(p)
	d.pieces = p.article(d.title)
	d.settleRepeats()
	if !d.has(detente.BlockBody) {
		return nil, ErrNoText
	}
	return d.article(h)
}

// Bounds of a page's tree. The parser refuses what nests deeper than 512, and
// its memory grows with the tags; a page beyond either is flattened first.
const (
	maxDepth = 300
	maxTags  = 100_000
)

// parsePage parses a page. One that nests too deep or has too many tags is cut
// down first: its text is kept, the tags beyond the bounds are not.
func parsePage(text string) (*html.Node, error) {
	if strings.Count(text, "<") <= 2*maxTags {
		if root, err := html.ParseWithOptions(strings.NewReader(text), html.ParseOptionEnableScripting(false)); err == nil {
			return root, nil
		}
	}
	root, err := html.ParseWithOptions(bytes.NewReader(flatten(text)), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, fmt.Errorf("its tags cannot be read (%w); save the page as text and read that", err)
	}
	return root, nil
}

// flatten writes a page again without the tags that nest deeper than maxDepth
// or come after maxTags. Depth counts all tags that are not closed and have to
// be, with what the parser opens by itself inside a table.
func flatten(text string) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(strings.NewReader(text))
	var open []atom.Atom
	depth := 0
	for tags := 0; ; {
		switch z.Next() {
		case html.ErrorToken:
			return out.Bytes()
		case html.StartTagToken:
			raw := z.Raw()
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if tags++; tags > maxTags || depth >= maxDepth {
				out.WriteByte(' ')
				continue
			}
			if d := depthOf(a); d > 0 {
				open = append(open, a)
				depth += d
			}
			out.Write(raw)
		case html.EndTagToken:
			raw := z.Raw()
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if depthOf(a) == 0 {
				out.Write(raw)
				continue
			}
			for i := len(open) - 1; i >= max(0, len(open)-maxUnclosed); i-- {
				if open[i] != a {
					continue
				}
				for _, closed := range open[i:] {
					depth -= depthOf(closed)
				}
				open = open[:i]
				out.Write(raw)
				break
			}
		default:
			out.Write(z.Raw())
		}
	}
}

// maxUnclosed is how many unclosed elements an end tag may close with its own.
const maxUnclosed = 8

// depthOf is how many elements a tag may keep open until its end tag: none for
// those that have no content or that the next of their kind closes, four for a
// table with its body, row and cell.
func depthOf(a atom.Atom) int {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr,
		atom.P, atom.Li, atom.Dt, atom.Dd, atom.Tr, atom.Td, atom.Th, atom.Tbody, atom.Thead, atom.Tfoot, atom.Option:
		return 0
	case atom.Table:
		return 4
	}
	return 1
}

// page is an HTML document as a list of blocks in reading order. Every element
// covers a run of them, so that a subtree is two indices and its sums are
// differences.
type page struct {
	url    string
	elems  []elem
	blocks []block
	head   head
	memo   map[string]mark // marks of names seen on this page

	sites         []string // names of the site; nil: not yet looked for
	titled        bool     // headline has been decided
	headline      string
	titleDay      detente.Date // that stood in the headline's element beside it
	located       bool         // and its block found
	headlineBlock int
	heading       *block // that is the headline; nil where none is

	dated bool // dates have been looked for
	dates []shownDate

	cored  bool // region and out have been decided
	region int
	out    []mark
}

// elem is a block-level element.
type elem struct {
	node         *html.Node
	tag          atom.Atom
	parent       int
	marks        mark
	itemprop     string
	first, after int // blocks[first:after] are inside
}

// block is text that no block-level element divides.
type block struct {
	text    string
	elem    int // the innermost block-level element around it
	links   int // bytes of text inside links
	strong  int // bytes of text in bold or a heading
	words   int
	heading bool
	item    bool // of a list
	caption bool
}

// newPage walks a parsed document once.
func newPage(root *html.Node, address string) *page {
	p := &page{url: address, memo: map[string]mark{}}
	p.head.address = address
	w := walker{page: p, elem: -1}
	w.walk(root, 0)
	w.flush()
	for i := range p.elems {
		if p.elems[i].after < 0 {
			p.elems[i].after = len(p.blocks)
		}
	}
	return p
}

// walker collects text into blocks.
type walker struct {
	page   *page
	elem   int
	buf    []byte
	links  int
	strong int
	link   int // depth of open links
	bold   int
	head   int // depth of open headings
	item   int
	fig    int
	breaks int
}

// walk visits a node; depth is bounded because the parser's is.
func (w *walker) walk(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			w.text(c.Data)
		case html.ElementNode:
			w.element(c, depth+1)
		}
	}
}

func (w *walker) text(s string) {
	before := len(w.buf)
	w.buf = append(w.buf, s...)
	if strings.TrimSpace(s) != "" {
		w.breaks = 0
	}
	if w.link > 0 {
		w.links += len(w.buf) - before
	}
	if w.bold > 0 || w.head > 0 {
		w.strong += len(w.buf) - before
	}
}

// element visits an element by what its tag means for text.
func (w *walker) element(n *html.Node, depth int) {
	w.page.head.at, w.page.head.elem = len(w.page.blocks), w.elem
	w.page.head.element(n)
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Math, atom.Canvas, atom.Iframe, atom.Object,
		atom.Embed, atom.Video, atom.Audio, atom.Select, atom.Option, atom.Button, atom.Input, atom.Textarea, atom.Datalist,
		atom.Map, atom.Rt, atom.Rp, atom.Title, atom.Link, atom.Meta, atom.Dialog, atom.Noframes:
		return
	case atom.Br:
		w.buf = append(w.buf, ' ')
		if w.breaks++; w.breaks >= 2 {
			w.flush()
		}
		return
	case atom.Hr:
		w.flush()
		return
	case atom.Img:
		return
	case atom.A:
		w.link++
		w.walk(n, depth)
		w.link--
		return
	case atom.B, atom.Strong:
		w.bold++
		w.walk(n, depth)
		w.bold--
		return
	}
	if !isBlock(n.DataAtom) && !w.hasMarks(n) {
		w.walk(n, depth)
		return
	}
	w.blockElement(n, depth)
}

// hasMarks reports whether an inline element is to be known by its names.
func (w *walker) hasMarks(n *html.Node) bool {
	m := w.marks(n)
	return m&(markComments|markCaption|markByline) != 0 || m&markDrop != 0
}

func (w *walker) blockElement(n *html.Node, depth int) {
	w.flush()
	p := w.page
	e := elem{node: n, tag: n.DataAtom, parent: w.elem, marks: w.marks(n), itemprop: attr(n, "itemprop"), first: len(p.blocks), after: -1}
	outer := w.elem
	w.elem = len(p.elems)
	p.elems = append(p.elems, e)
	counter := w.counter(n.DataAtom)
	if counter != nil {
		*counter++
	}
	w.walk(n, depth)
	w.flush()
	if counter != nil {
		*counter--
	}
	p.elems[w.elem].after = len(p.blocks)
	w.elem = outer
}

// counter is what an element adds to while it is open.
func (w *walker) counter(a atom.Atom) *int {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return &w.head
	case atom.Li, atom.Dd, atom.Dt:
		return &w.item
	case atom.Figcaption, atom.Figure, atom.Caption:
		return &w.fig
	}
	return nil
}

// marks reads what an element's names and its tag say.
func (w *walker) marks(n *html.Node) mark {
	var m mark
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id":
			if n.DataAtom != atom.Body && n.DataAtom != atom.Html {
				m |= marksOf(a.Val, w.page.memo)
			}
		case "itemprop":
			if a.Val == "articleBody" {
				m |= markBody
			}
		case "role":
			switch a.Val {
			case "navigation", "banner", "contentinfo", "search", "complementary", "menu", "toolbar", "dialog":
				m |= markDrop
			}
		case "hidden":
			m |= markDrop
		case "aria-hidden":
			if a.Val == "true" {
				m |= markDoubt
			}
		case "style":
			if style := strings.ReplaceAll(strings.ToLower(a.Val), " ", ""); strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				m |= markDrop
			}
		case "itemtype":
			if strings.HasSuffix(a.Val, "/Comment") || strings.HasSuffix(a.Val, "/UserComments") {
				m |= markComments
			}
		}
	}
	switch n.DataAtom {
	case atom.Nav, atom.Menu:
		m |= markDrop
	case atom.Aside, atom.Footer, atom.Header, atom.Form, atom.Details:
		m |= markDoubt
	case atom.Figcaption, atom.Caption:
		m |= markCaption
	case atom.Address:
		m |= markDoubt
	}
	return m
}

// flush ends the open block.
func (w *walker) flush() {
	text := clean(string(w.buf))
	raw := len(w.buf)
	links, strong := w.links, w.strong
	w.buf, w.links, w.strong, w.breaks = w.buf[:0], 0, 0, 0
	if text == "" {
		return
	}
	if raw > len(text) { // white space that cleaning took, shared out
		links, strong = links*len(text)/raw, strong*len(text)/raw
	}
	w.page.blocks = append(w.page.blocks, block{text: text, elem: w.elem, links: links, strong: strong,
		words: spokenWords(text), heading: w.head > 0, item: w.item > 0, caption: w.fig > 0})
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Center, atom.Dd, atom.Details, atom.Div, atom.Dl, atom.Dt,
		atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Header, atom.Hgroup, atom.Html, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section,
		atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul, atom.Caption, atom.Head, atom.Label:
		return true
	}
	return false
}

// attr is the value of an attribute, empty where it is missing.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
