package web

import (
	"cmp"
	"fmt"
	"strings"

	"detente"
)

// reference is a statement's citation, ready to be pasted.
type reference struct {
	Permalink string // of the statement, without an as-of day
	Plain     string
	BibTeX    string
}

// referTo words the citation of a statement found at an address.
func referTo(v *Statement, permalink string, versions detente.Versions) reference {
	st, art := v.Statement, v.Article
	who := cmp.Or(st.Speaker.Name, "Unnamed source")
	if st.Speaker.Role != "" && st.Speaker.Role != who {
		who += " (" + st.Speaker.Role + ")"
	}
	var b strings.Builder
	b.WriteString(who)
	if st.SaidOn != "" {
		b.WriteString(", " + longDate(st.SaidOn))
	}
	for i, l := range st.Via {
		b.WriteString([]string{", via ", " and "}[min(i, 1)] + l.Name)
		if l.As != "" {
			b.WriteString(" (" + l.As + ")")
		}
	}
	fmt.Fprintf(&b, ", in “%s”, %s", cmp.Or(art.Title, "untitled"), cmp.Or(art.Outlet, "outlet unknown"))
	for _, part := range []string{longDate(art.Published), art.URL} {
		if part != "" {
			b.WriteString(", " + part)
		}
	}
	fmt.Fprintf(&b, ". %s. Coded by Detente, %s: %s", place(v), coded(versions), permalink)
	return reference{Permalink: permalink, Plain: oneLine(b.String()), BibTeX: bibTeX(v, permalink, versions)}
}

// place is where in the article's text the content stands.
func place(v *Statement) string {
	if len(v.Statement.Content) == 0 {
		return "Text with SHA-256 " + v.TextHash
	}
	var spans []string
	for _, sp := range v.Statement.Content {
		spans = append(spans, fmt.Sprintf("%d–%d", sp.Start, sp.End))
	}
	return "Characters " + strings.Join(spans, ", ") + " of the text with SHA-256 " + v.TextHash
}

// coded names what coded a record.
func coded(v detente.Versions) string {
	out := fmt.Sprintf("codebook %d", detente.CodebookVersion)
	for _, part := range []struct{ what, version string }{{"program", v.Program}, {"model", v.Model}, {"rules", v.Rules}} {
		if part.version != "" {
			out += ", " + part.what + " " + part.version
		}
	}
	return out
}

// bibTeX writes an entry as biblatex reads it: the speaker as author, the article as title.
func bibTeX(v *Statement, permalink string, versions detente.Versions) string {
	st, art := v.Statement, v.Article
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{detente-%s-%s,\n", v.TextHash[:12], plainKey(string(st.ID)))
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-12s = {%s},\n", name, value)
		}
	}
	field("author", "{"+texText(cmp.Or(st.Speaker.Name, "Unnamed source"))+"}")
	field("title", "{"+texText(cmp.Or(art.Title, "untitled"))+"}")
	field("howpublished", texText(art.Outlet))
	field("date", texText(string(cmp.Or(st.SaidOn, art.Published))))
	if webLink(art.URL) != "" {
		field("url", texURL(art.URL))
	}
	note := place(v) + ". Coded by Detente, " + coded(versions)
	if art.Published != "" {
		note = "Published " + longDate(art.Published) + ". " + note
	}
	field("note", texText(note)+": \\url{"+texURL(permalink)+"}")
	b.WriteString("}")
	return b.String()
}

// plainKey leaves of an id what may stand in a BibTeX key.
func plainKey(id string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, id)
}

var tex = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "$", `\$`, "#", `\#`,
	"_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`)

// texText writes text so that TeX reads nothing into it.
func texText(s string) string { return tex.Replace(oneLine(s)) }

// texURL keeps an address from ending the field that it stands in.
func texURL(s string) string {
	return strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C", " ", "%20").Replace(oneLine(s))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
