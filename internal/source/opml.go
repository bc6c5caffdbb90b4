package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Outline is a source in an OPML list.
type Outline struct{ Title, URL string }

// opmlNode is an outline as OPML 1.0 to 2.0 write it; folders hold others.
type opmlNode struct {
	Text     string     `xml:"text,attr"`
	Title    string     `xml:"title,attr,omitempty"`
	Type     string     `xml:"type,attr,omitempty"`
	XMLURL   string     `xml:"xmlUrl,attr,omitempty"`
	Outlines []opmlNode `xml:"outline"`
}

type opmlFile struct {
	XMLName xml.Name   `xml:"opml"`
	Version string     `xml:"version,attr"`
	Title   string     `xml:"head>title"`
	Body    []opmlNode `xml:"body>outline"`
}

// ParseOPML reads the sources of an OPML list, those in folders too, in their
// order.
func ParseOPML(r io.Reader) ([]Outline, error) {
	b, err := readWhole(r, maxInput)
	if err != nil {
		return nil, err
	}
	text, _ := decode(b, "")
	dec := xml.NewDecoder(strings.NewReader(text))
	dec.Strict = false // lists written by hand have bare ampersands
	dec.Entity = xml.HTMLEntity
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded already
	var file opmlFile
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("not an OPML list (%w); export one from a feed reader", err)
	}
	var list []Outline
	var walk func(nodes []opmlNode)
	walk = func(nodes []opmlNode) {
		for _, n := range nodes {
			if n.XMLURL != "" {
				list = append(list, Outline{Title: firstOf(n.Title, n.Text), URL: strings.TrimSpace(n.XMLURL)})
			}
			walk(n.Outlines)
		}
	}
	walk(file.Body)
	if len(list) == 0 {
		return nil, errors.New("the list names no feed (no outline has an xmlUrl); export one from a feed reader")
	}
	return list, nil
}

// WriteOPML writes sources as an OPML 2.0 list.
func WriteOPML(w io.Writer, title string, list []Outline) error {
	file := opmlFile{Version: "2.0", Title: title}
	for _, o := range list {
		name := firstOf(o.Title, o.URL)
		file.Body = append(file.Body, opmlNode{Text: name, Title: o.Title, Type: "rss", XMLURL: o.URL})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(file); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
