package actor

// What belongs to a phrase after its head: "of Russia", "for the ministry",
// "to Washington", and appositions on either side of a name.

// after reads the prepositions that belong to a phrase.
func (p *parser) after(ph *phrase, limit int) {
	if !ph.isHead() || ph.end+1 >= limit {
		return
	}
	switch prep := p.lower(ph.end); {
	case prep == "from" && ph.sent() && p.recalled(ph):
		// "recalls envoys from Washington and Canberra": that is where they were
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed {
			ph.to, ph.end, ph.det = q, q.end, "its"
		}
	case prep == "from" && (len(ph.whose) > 0 || ph.det == "its" || ph.det == "his" || ph.det == "her" || ph.det == "their"):
		// "its envoy from Chad" has an owner already: Chad is where he was
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed && !ph.hasName() {
			ph.place, ph.end = q, q.end
		}
	case prep == "of" || prep == "from" || prep == "with" || prep == "at":
		p.ownerAfter(ph, limit, prep)
	case prep == "for" && ph.form != nil && (ph.form.fact.office == OfficeSpokesman || ph.kind == phBody):
		p.ownerAfter(ph, limit, prep)
	case (prep == "to" || prep == "in" || prep == "for") && ph.sent():
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed {
			ph.to = q
			if !ph.hasName() {
				ph.end = q.end
			}
			p.nameAfter(ph, limit)
		}
	case prep == "to" && ph.kind == phRole && ph.form.fact.id == aide:
		p.ownerAfter(ph, limit, prep)
	case prep == "in" && len(ph.whose) == 0 && ph.kind != phName:
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed {
			ph.place = q
		}
	}
}

// recalled says whether a verb of calling home stands before an envoy.
func (p *parser) recalled(ph *phrase) bool {
	for w := ph.first - 1; w >= max(0, ph.first-5) && p.word(w).Sent == p.word(ph.first).Sent; w-- {
		switch p.word(w).Lemma {
		case "recall", "withdraw", "pull", "summon", "call":
			return true
		}
	}
	return false
}

// aide is the role of the office table whose "to" names the owner: "an aide to
// Mahmoud Abbas".
const aide = "aide"

// sent says whether the role is one that is sent to somebody.
func (ph *phrase) sent() bool {
	if ph.form == nil {
		return false
	}
	o := ph.form.fact.office
	return o == OfficeAmbassador || o == OfficeEnvoy
}

// ownerAfter reads "of Russia and Turkey", "for the Foreign Ministry".
func (p *parser) ownerAfter(ph *phrase, limit int, prep string) {
	i := ph.end + 1
	for {
		q := p.nested(i, limit)
		if q == nil || q.kind == phAdjective || q.kind == phMedia && prep == "with" {
			return
		}
		delegation := ph.kind == phBody && prep == "from" && ph.form.fact.office == OfficeEnvoy
		if (prep == "with" || prep == "at" || prep == "from") && (ph.kind != phRole && ph.kind != phGroup && !delegation || q.kind == phName || q.kind == phRole) {
			return
		}
		if ph.kind == phName && q.kind != phNamed {
			return
		}
		if prep == "from" && q.kind != phNamed && q.kind != phBody && q.kind != phGroup {
			return
		}
		if ph.kind == phGroup && (prep != "of" && prep != "from" || q.kind == phGroup && q.plural && len(q.whose) == 0) {
			return
		}
		if q.kind == phBody && ph.kind == phRole && ph.body == nil {
			ph.body = q
		} else {
			ph.whose = append(ph.whose, q)
		}
		named := q.kind == phNamed && (q.form.kind == formOrg || q.form.kind == formParty)
		if ph.kind == phRole && (q.kind == phBody || q.kind == phName || q.kind == phRole || named) && prep != "from" && prep != "at" {
			ph.roleEnd = q.end
		}
		ph.end = q.end
		if !(ph.plural && q.kind == phNamed && q.end+1 < limit && (p.lower(q.end) == "and" || p.lower(q.end) == ",")) {
			break
		}
		i = q.end + 1
		if p.lower(q.end) == "," && p.lower(i) == "and" {
			i++
		}
		if r := p.nested(i, limit); r == nil || r.kind != phNamed {
			break
		}
	}
	p.nameAfter(ph, limit)
}

// nameAfter reads the name after a role that had its body first: "the head of
// the IAEA Yukiya Amano".
func (p *parser) nameAfter(ph *phrase, limit int) {
	if ph.kind != phRole || ph.plural {
		return
	}
	if end := p.nameAt(ph.end, limit, true); end > ph.end {
		ph.kind, ph.nameFirst, ph.nameEnd = phName, ph.end, end
		ph.end, ph.core = end, end-1
	}
}

// nested reads a phrase inside another: without its appositions.
func (p *parser) nested(i, limit int) *phrase {
	if p.depth > maxDepth {
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	ph := p.simple(i, limit)
	if ph == nil {
		return nil
	}
	for p.isPossessive(ph.end, limit) {
		owned := p.headed(ph.end+1, limit, 0)
		if !owned.isHead() {
			break
		}
		owned.whose = append([]*phrase{ph}, owned.whose...)
		owned.first = ph.first
		ph = owned
	}
	if ph.kind == phBody || ph.kind == phRole {
		p.after(ph, limit)
	}
	return ph
}

// apposition joins a name and the role beside it: "Sergei Lavrov, Russia's
// foreign minister," and "the Russian foreign minister, Sergei Lavrov,".
func (p *parser) apposition(ph *phrase, limit int) {
	i := ph.end
	if i+1 >= limit {
		return
	}
	switch p.doc.Words[i].Form {
	case ",", "(", "-", "–", "—", "--":
	default:
		return
	}
	if ph.kind == phName {
		p.titleAfter(ph, i+1, limit)
		return
	}
	if ph.kind != phRole || ph.plural || len(ph.whose) == 0 && ph.det == "" && ph.body == nil {
		return
	}
	end := p.nameAt(i+1, limit, true)
	if end <= i+1 || !p.closes(end, limit) || p.atom(end, limit) != nil {
		return
	}
	ph.kind, ph.nameFirst, ph.nameEnd, ph.end = phName, i+1, end, end
}

// titleAfter reads the role that follows a name and a comma.
func (p *parser) titleAfter(ph *phrase, i, limit int) {
	relative := false
	if w := p.lower(i); w == "who" && i+2 < limit {
		switch p.lower(i + 1) {
		case "is", "was", "serves", "heads", "became":
			relative = true
			i += 2
			if p.lower(i) == "as" {
				i++
			}
		default:
			return
		}
	}
	q := p.nested(i, limit)
	if q == nil || q.kind != phRole || q.plural {
		return
	}
	if !relative {
		if !p.closes(q.end, limit) {
			return
		}
		ph.end = q.end
	}
	ph.title = append(ph.title, q)
}

// closes says whether an apposition may end before word w.
func (p *parser) closes(w, limit int) bool {
	if w >= limit {
		return true
	}
	switch x := p.word(w); {
	case x.Form == ",", x.Form == ".", x.Form == ")", x.Form == ";", x.Form == ":", x.Form == "-", x.Form == "–", x.Form == "—", x.Form == "--", x.Form == "?", x.Form == "!":
		return true
	case x.Form == "\"" || x.Form == "”" || x.Form == "''" || x.Form == "'" || x.Form == "’":
		return true
	case x.UPOS == "VERB", x.UPOS == "AUX", x.UPOS == "ADP", x.UPOS == "SCONJ", x.UPOS == "PRON", x.UPOS == "ADV", x.UPOS == "CCONJ":
		return true
	}
	return false
}
