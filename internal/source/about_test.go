package source

import (
	"fmt"
	"strings"
	"testing"
)

// body is a paragraph that every page of these tests holds.
const bodyOfPage = "<p>The envoys met in the harbour on Monday, an aide to one of them said. It was the first time since the winter.</p>"

// onPage reads a page of a head, what stands above the body, and the body.
func onPage(t *testing.T, head, above string) *headOfArticle {
	t.Helper()
	page := fmt.Sprintf("<html lang=en><head>%s</head><body>%s%s%s</body></html>", head, above, bodyOfPage, bodyOfPage)
	a := one(t, []byte(page), Hint{URL: "https://paper.example/world/2019/envoys-meet.html"})
	return &headOfArticle{a.Title, string(a.Published), a.Byline}
}

type headOfArticle struct {
	title, day string
	byline     []string
}

func TestTitles(t *testing.T) {
	for name, c := range map[string]struct{ head, above, want string }{
		"a kicker in an element of its own": {
			`<title>Harbour talks - Envoys meet after a long winter | The Paper</title><meta property="og:title" content="Envoys meet after a long winter">`,
			`<h1><span>Harbour talks</span> Envoys meet after a long winter</h1>`, "Envoys meet after a long winter"},
		"a kicker by its name": {
			`<title>Talks: winter is over | The Paper</title>`,
			`<h1><span class="article__roofline">Harbour talks</span> Envoys meet after a long winter</h1>`, "Envoys meet after a long winter"},
		"words that only the heading has": {
			`<title>Envoys meet after a winter | The Paper</title>`,
			`<h1>Envoys meet after a winter of silence</h1>`, "Envoys meet after a winter of silence"},
		"a dash inside of the headline": {
			`<title>Envoys meet after a long winter – and talk - The Paper</title><meta property="og:title" content="Envoys meet after a long winter – and talk">`,
			`<h1>Envoys meet after a long winter – and talk</h1>`, "Envoys meet after a long winter – and talk"},
		"the site's name as a heading that links home": {
			`<title>Harbour and Hill » Archive » Envoys meet after a long winter</title>`,
			`<h1><a href="/">Harbour and Hill</a></h1><h2>Envoys meet after a long winter</h2>`, "Envoys meet after a long winter"},
		"the site's name as a heading, by its data": {
			`<title>Envoys - Harbour and Hill</title><meta property="og:site_name" content="Harbour and Hill">`,
			`<h3>Harbour and Hill.</h3><h1>Envoys</h1>`, "Envoys"},
		"the site's name behind the headline in the heading": {
			`<title>Envoys meet after a long winter | Harbour Board</title><meta property="og:site_name" content="Harbour Board"><meta property="og:title" content="Envoys meet after a long winter">`,
			`<h1>Envoys meet after a long winter | Harbour Board</h1>`, "Envoys meet after a long winter"},
		"a date before the headline": {
			`<title>12.03.2019 - Envoys meet after a long winter</title>`,
			`<h1>12.03.2019 - Envoys meet after a long winter</h1>`, "Envoys meet after a long winter"},
		"no heading, several names behind": {
			`<title>Envoys meet | paper.example | News for the harbour | The Paper</title><meta property="og:site_name" content="News for the harbour">`,
			``, "Envoys meet"},
		"quotation marks": {
			`<title>«We have met» - The Paper</title>`, `<h1>«We have met»</h1>`, "«We have met»"},
		"a headline that names the site": {
			`<title>Ten years of paper.example</title><meta property="og:site_name" content="paper.example">`,
			`<h1>Ten years of paper.example</h1>`, "Ten years of paper.example"},
		"joiners of a script that needs them": {
			"<title>গ্রামের বা\u200cড়ির সামনে</title>", "<h1>গ্রামের বা\u200cড়ির সামনে</h1>", "গ্রামের বা\u200cড়ির সামনে"},
		"readings above characters": {
			`<title>法律ができる</title>`, `<h1><ruby>法律<rt>ほうりつ</rt></ruby>ができる</h1>`, "法律ができる"},
	} {
		if got := onPage(t, c.head, c.above); got.title != c.want {
			t.Errorf("%s: title %q, want %q", name, got.title, c.want)
		}
	}
}

func TestPageDays(t *testing.T) {
	const headline = `<h1>Envoys meet after a long winter</h1>`
	for name, c := range map[string]struct{ head, above, want string }{
		"beside the headline in its element": {
			`<title>Envoys meet after a long winter</title>`, `<h1>12.03.2019 - Envoys meet after a long winter</h1>`, "2019-03-12"},
		"the one that says published": {
			``, headline + `<p>Last changed: 14.03.2019 - Published: 12.03.2019</p>`, "2019-03-12"},
		"a change after publication": {
			`<meta property="article:published_time" content="2019-03-13T01:00:00Z">`,
			headline + `<p class="date">Published: March 12, 2019 at 8 p.m. | Updated: March 13, 2019</p>`, "2019-03-12"},
		"of several at the headline the stamp's": {
			`<meta property="article:published_time" content="2019-03-12T09:00:00+01:00">`,
			headline + `<p class="date">14.03.2019</p><p class="date">12.03.2019</p>`, "2019-03-12"},
		"a film's upload":           {`<meta itemprop="uploadDate" content="2019-03-12">`, headline, "2019-03-12"},
		"an element for the change": {``, headline + `<time class="updated" datetime="2019-03-14">14 March</time><p>by A. Writer on 12 March 2019</p>`, "2019-03-12"},
	} {
		if got := onPage(t, c.head, c.above); got.day != c.want {
			t.Errorf("%s: day %q, want %q", name, got.day, c.want)
		}
	}
}

func TestBylines(t *testing.T) {
	const headline = `<h1>Envoys meet after a long winter</h1>`
	for name, c := range map[string]struct{ head, above, want string }{
		"linked data that points": {
			`<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "Ida Marsh"}]}</script>`,
			headline, "Ida Marsh"},
		"the text has it in full":         {`<meta name=author content="ida.marsh">`, headline + `<p class=byline>By Ida Marsh</p>`, "Ida Marsh"},
		"the text has more of them":       {`<meta name=author content="Ida Marsh">`, headline + `<p class=byline>By Ida Marsh and Jan Scribe</p>`, "Ida Marsh; Jan Scribe"},
		"a French name is not cut":        {``, headline + `<p class=byline>Par Loïc Le Clerc, le 3 mars 2019</p>`, "Loïc Le Clerc"},
		"no space behind the opener":      {``, headline + `<p><span>By</span><span>Ida Marsh</span></p>`, "Ida Marsh"},
		"what she is before her name":     {``, headline + `<p class=author>Paper-Reporterin Ida Marsh</p>`, "Ida Marsh"},
		"what he is behind his name":      {``, headline + `<p class=author>By Jan Scribe, Diplomatic Correspondent</p>`, "Jan Scribe"},
		"the site before the name":        {`<meta property="og:site_name" content="The Paper"><meta name=author content="The Paper - Ida Marsh">`, headline, "Ida Marsh"},
		"a label instead of a name":       {``, headline + `<div class=author><p>Dienstag</p><p>Von Ida Marsh</p></div>`, "Ida Marsh"},
		"no sentence":                     {`<meta name=author content="the one who writes for you">`, headline + `<p>Text: Ida Marsh, Fotos von Jan Scribe</p>`, "Ida Marsh"},
		"beside the date":                 {``, headline + `<p>12.03.2019 | 13:10 | Ida Marsh</p>`, "Ida Marsh"},
		"a handle where there is no name": {``, headline + `<span class="author vcard"><a rel=author>writer42</a></span>`, "writer42"},
		"a handle in a line":              {``, headline + `<p>Posted in Talks by writer42 on March 12, 2019</p>`, "writer42"},
		"no button":                       {``, headline + `<div class=author>View Comments</div>`, ""},
		"an account behind the name":      {`<meta name=author content="Ida Marsh @ida">`, headline, "Ida Marsh"},
		"a Chinese label":                 {``, headline + `<p class=author>责任编辑：孔德明</p>`, "孔德明"},
		"behind the article":              {``, headline + bodyOfPage + bodyOfPage + `<p>Von Ida Marsh</p>`, "Ida Marsh"},
	} {
		if got := strings.Join(onPage(t, c.head, c.above).byline, "; "); got != c.want {
			t.Errorf("%s: byline %q, want %q", name, got, c.want)
		}
	}
}

func TestLeadUnderAPicture(t *testing.T) {
	lead := strings.Repeat("The envoys had not met since the winter began and the harbour froze over, ", 4) + "an aide to one of them said."
	page := "<html><body><h1>Envoys meet</h1><figure><figcaption>" + lead + "</figcaption></figure><figure><figcaption>The harbour in winter</figcaption></figure>" + bodyOfPage + bodyOfPage + "</body></html>"
	a := one(t, []byte(page), Hint{})
	if !strings.Contains(a.Text, lead) || strings.Contains(a.Text, "harbour in winter") {
		t.Errorf("captions are %q, text is %q", a.Captions, a.Text)
	}
}

func TestAddressDays(t *testing.T) {
	for address, want := range map[string]string{
		"https://paper.example/2019/03/12/envoys.html": "2019-03-12",
		"https://paper.example/20190312/envoys":        "2019-03-12",
		"https://paper.example/home/2019/3/12/envoys":  "2019-03-12",
		"https://paper.example/news/envoys-29-10-2019": "2019-10-29",
		"https://paper.example/news/05-10-2019":        "", // the fifth of October, or the tenth of May
		"https://paper.example/2019/13/12/envoys":      "",
		"https://paper.example/item/20193":             "",
	} {
		if day, _ := (&page{url: address}).addressDay(); string(day) != want {
			t.Errorf("%s: %q, want %q", address, day, want)
		}
	}
}

// Three numbers behind the name of a program are its version, not a day.
func TestVersionsAreNoDays(t *testing.T) {
	for text, want := range map[string]string{
		"Made with Harbourpress 4.8.12": "",
		"Stand 4.8.12":                  "2012-08-04",
		"am 4.8.12 in Oslo":             "2012-08-04",
		"4.8.12":                        "2012-08-04",
		"Freitag, 4.8.12":               "2012-08-04",
	} {
		if day, _, _ := findDay(text); string(day) != want {
			t.Errorf("%q: %q, want %q", text, day, want)
		}
	}
}

// Linked data that is no JSON still gives what can be told of it.
func TestBrokenLinkedData(t *testing.T) {
	const headline = `<h1>Envoys meet after a long winter</h1>`
	for name, script := range map[string]string{
		"a comma too many":   `{"@type": "NewsArticle", "datePublished": "2019-03-12T10:00:00Z", "author": [{"name": "Ida Marsh"},],}`,
		"a quotation inside": `{"@type": "NewsArticle", "description": "They "met" at noon", "datePublished": "2019-03-12T10:00:00Z", "author": {"@type": "Person", "name": "Ida Marsh"}}`,
		"broken off":         `{"@type": "NewsArticle", "datePublished": "2019-03-12T10:00:00Z", "author": {"@type": "Person", "name": "Ida Marsh"}, "publisher": {`,
	} {
		got := onPage(t, `<script type="application/ld+json">`+script+`</script>`, headline)
		if got.day != "2019-03-12" || strings.Join(got.byline, "; ") != "Ida Marsh" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	product := `{"@type": "Product", "name": "A boat", "datePublished": "2001-01-01", "author": {"name": "Nobody Here"}, "offers": {`
	if got := onPage(t, `<script type="application/ld+json">`+product+`</script>`, headline); got.day != "" || len(got.byline) > 0 {
		t.Errorf("a product: %+v", got)
	}
}
