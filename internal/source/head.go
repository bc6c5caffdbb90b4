package source

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// head is what a page says about itself, as it stands there: meta elements,
// linked data, the marked-up times and names of its text. Which of it is
// believed is decided in about.go.
type head struct {
	address   string
	title     string            // the title element
	canonical string            // link rel=canonical
	language  string            // of the html element
	meta      map[string]string // name, property or itemprop in lower case: its first content
	authors   []string          // all contents of meta author elements
	linked    []linkedData      // the articles among the JSON-LD objects
	byID      map[string]string // the names of JSON-LD objects that others point to
	site      string            // the name of the site among them
	times     []markedTime
	names     []string // elements with rel or itemprop author
	at, elem  int      // where the walk is: the next block, the open element
}

// markedTime is an element that holds a machine-readable date.
type markedTime struct {
	value     string
	published bool // it says that it is the day of publication
	changed   bool // or that of a change
	at        int  // the block before which it stands
	elem      int  // the block-level element around it
}

// linkedData is a JSON-LD article.
type linkedData struct {
	headline, published, modified, language, body string
	author, publisher                             any // read by namesOf
}

// element reads an element for what it says about the page.
func (hd *head) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		hd.language = attr(n, "lang")
	case atom.Title:
		if hd.title == "" && n.FirstChild != nil && n.Parent != nil && n.Parent.DataAtom != atom.Svg {
			hd.title = clean(n.FirstChild.Data)
		}
	case atom.Meta:
		hd.readMeta(n)
	case atom.Link:
		if strings.EqualFold(attr(n, "rel"), "canonical") && hd.canonical == "" {
			hd.canonical = attr(n, "href")
		}
	case atom.Script:
		if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") && n.FirstChild != nil {
			hd.readLinked(n.FirstChild.Data)
		}
	default:
		hd.readMarked(n)
	}
}

func (hd *head) readMeta(n *html.Node) {
	content := clean(attr(n, "content"))
	if content == "" {
		return
	}
	for _, key := range []string{"name", "property", "itemprop", "http-equiv"} {
		name := strings.ToLower(attr(n, key))
		if name == "" {
			continue
		}
		if hd.meta == nil {
			hd.meta = map[string]string{}
		}
		if _, ok := hd.meta[name]; !ok {
			hd.meta[name] = content
		}
		if isAuthorName(name) {
			hd.authors = append(hd.authors, content)
		}
	}
}

func isAuthorName(name string) bool {
	switch name {
	case "author", "article:author", "dc.creator", "dcterms.creator", "dc.contributor", "parsely-author", "sailthru.author", "citation_author", "byl":
		return true
	}
	return false
}

// readMarked reads the times and names that elements of the text mark up.
func (hd *head) readMarked(n *html.Node) {
	var prop, class, datetime, rel, content, title string
	for _, a := range n.Attr {
		switch a.Key {
		case "itemprop":
			prop = a.Val
		case "class":
			class = a.Val
		case "datetime":
			datetime = a.Val
		case "rel":
			rel = a.Val
		case "content":
			content = a.Val
		case "title":
			title = a.Val
		case "pubdate":
			prop += " datePublished"
		}
	}
	if n.DataAtom == atom.Time && datetime == "" {
		datetime = textOf(n)
	}
	named := strings.Contains(prop, "date") || hasWord(class, "published") || hasWord(class, "updated")
	if datetime == "" && named {
		datetime = firstOf(content, title, textOf(n))
	}
	if datetime != "" {
		published := strings.Contains(prop, "datePublished") || strings.Contains(prop, "dateCreated") || hasWord(class, "published") || strings.Contains(class, "entry-date") || strings.Contains(class, "post-date")
		changed := strings.Contains(prop, "dateModified") || !published && (hasWord(class, "updated") || strings.Contains(class, "modified"))
		hd.times = append(hd.times, markedTime{datetime, published, changed, hd.at, hd.elem})
	}
	if strings.Contains(prop, "author") || rel == "author" {
		hd.names = append(hd.names, clean(textOf(n)))
	}
}

func hasWord(names, word string) bool {
	return strings.Contains(names, word) && slices.Contains(strings.Fields(names), word)
}

// firstOf is the first that is not empty.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// maxMarked is how much text of a marked-up name or time is read.
const maxMarked = 300

// textOf is the text inside a small element.
func textOf(n *html.Node) string {
	var b strings.Builder
	var add func(n *html.Node)
	add = func(n *html.Node) {
		for c := n.FirstChild; c != nil && b.Len() < maxMarked; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type == html.ElementNode && c.DataAtom != atom.Script && c.DataAtom != atom.Style:
				b.WriteByte(' ')
				add(c)
			}
		}
	}
	add(n)
	return clean(b.String())
}

// readLinked reads a JSON-LD script; of one that is no JSON, the fields that can
// be told all the same.
func (hd *head) readLinked(text string) {
	var v any
	mended := mendJSON(text)
	err := json.Unmarshal([]byte(mended), &v)
	if err != nil {
		err = json.Unmarshal([]byte(looseComma.ReplaceAllString(mended, "$1")), &v)
	}
	if err != nil {
		v = salvage(mended)
	}
	hd.collect(v, 0)
}

// looseComma is a comma behind which nothing comes.
var looseComma = regexp.MustCompile(`,\s*([}\]])`)

// linkedField finds the fields that an article is known by, and linkedPerson
// the names of its authors, in what is no JSON as a whole.
var (
	linkedField  = regexp.MustCompile(`"(@type|headline|datePublished|dateModified|inLanguage)"\s*:\s*"((?:[^"\\]|\\.)*)"`)
	linkedPerson = regexp.MustCompile(`"author"\s*:\s*[\[{]?[^\]}]*?"name"\s*:\s*"([^"\\]+)"`)
)

// salvage is the article of linked data that is no JSON: the first of each of
// its fields, as far as they can be told.
func salvage(text string) map[string]any {
	found := map[string]any{}
	for _, m := range linkedField.FindAllStringSubmatch(text, maxLinkedFields) {
		var value string
		isArticle := m[1] != "@type" || isArticleKind(m[2])
		if _, has := found[m[1]]; !has && isArticle && json.Unmarshal([]byte(`"`+m[2]+`"`), &value) == nil {
			found[m[1]] = value
		}
	}
	if found["@type"] == nil {
		return nil
	}
	if m := linkedPerson.FindStringSubmatch(text); m != nil {
		found["author"] = m[1]
	}
	return found
}

// maxLinkedFields is how many fields of broken linked data are looked at.
const maxLinkedFields = 100

// mendJSON takes out what some pages put around or into their linked data:
// comment marks, and raw line breaks inside strings.
func mendJSON(text string) string {
	text = strings.TrimSpace(text)
	text = strings.TrimPrefix(text, "<!--")
	text = strings.TrimSuffix(text, "-->")
	text = strings.TrimPrefix(strings.TrimSpace(text), "//<![CDATA[")
	text = strings.TrimSuffix(strings.TrimSpace(text), "//]]>")
	text = strings.TrimSuffix(strings.TrimSpace(text), ";")
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text)
}

// maxLinkedDepth is how deep articles are looked for in linked data.
const maxLinkedDepth = 6

// collect finds articles and sites in linked data.
func (hd *head) collect(v any, depth int) {
	if depth > maxLinkedDepth {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			hd.collect(x, depth+1)
		}
	case map[string]any:
		hd.remember(v)
		switch kind := linkedType(v); {
		case isArticleKind(kind):
			hd.linked = append(hd.linked, linkedArticle(v))
		case kind == "WebSite" && hd.site == "":
			hd.site = linkedString(v["name"])
		case hd.meta[pageStamp] == "" && !isAside(kind):
			if day := linkedString(v["datePublished"]); day != "" {
				if hd.meta == nil {
					hd.meta = map[string]string{}
				}
				hd.meta[pageStamp] = day
			}
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart"} {
			if inner, ok := v[key]; ok {
				hd.collect(inner, depth+1)
			}
		}
	}
}

// isArticleKind reports the kinds of JSON-LD objects that are articles.
func isArticleKind(kind string) bool {
	return strings.HasSuffix(kind, "Article") || strings.HasSuffix(kind, "BlogPosting") || strings.HasSuffix(kind, "Report") || kind == "Recipe"
}

// isAside reports kinds whose date is not the page's.
func isAside(kind string) bool {
	switch kind {
	case "Comment", "Review", "Product", "Person", "ImageObject", "VideoObject", "Event", "Offer", "JobPosting", "UserComments":
		return true
	}
	return false
}

func linkedType(v map[string]any) string {
	switch t := v["@type"].(type) {
	case string:
		return t
	case []any:
		for _, x := range t {
			if s, ok := x.(string); ok {
				return s
			}
		}
	}
	return ""
}

func linkedArticle(v map[string]any) linkedData {
	return linkedData{
		headline: clean(html.UnescapeString(linkedString(v["headline"]))), published: linkedString(v["datePublished"]),
		modified: linkedString(v["dateModified"]), language: linkedString(v["inLanguage"]), body: linkedString(v["articleBody"]),
		publisher: v["publisher"], author: firstValue(v["author"], v["creator"]),
	}
}

// firstValue is the first that is there.
func firstValue(values ...any) any {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}

// remember keeps the name of a JSON-LD object that others can point to.
func (hd *head) remember(v map[string]any) {
	id, name := linkedString(v["@id"]), linkedString(v["name"])
	if id == "" || name == "" {
		return
	}
	if hd.byID == nil {
		hd.byID = map[string]string{}
	}
	hd.byID[id] = name
}

func linkedString(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			return linkedString(v[0])
		}
	}
	return ""
}

// nameOf is the name of a person or organisation.
func (hd *head) nameOf(v any) string {
	if names := hd.namesOf(v); len(names) > 0 {
		return names[0]
	}
	return ""
}

// namesOf are the names of persons or organisations, given bare, as objects, or
// by pointing to objects.
func (hd *head) namesOf(v any) []string {
	switch v := v.(type) {
	case string:
		if name := clean(html.UnescapeString(v)); name != "" && !strings.Contains(name, "://") {
			return []string{name}
		}
	case map[string]any:
		if names := hd.namesOf(v["name"]); len(names) > 0 {
			return names
		}
		if name := clean(html.UnescapeString(hd.byID[linkedString(v["@id"])])); name != "" {
			return []string{name}
		}
	case []any:
		var names []string
		for _, x := range v {
			names = append(names, hd.namesOf(x)...)
		}
		return names
	}
	return nil
}
