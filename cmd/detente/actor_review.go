package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"detente"
	"detente/internal/ingest"
)

// role is a row of the table for review: who, and what they are said to be.
type role struct {
	person, party, role, office, sectors string
}

// sighting is where a role was first given, and in how many articles.
type sighting struct {
	on       detente.Date
	article  string
	words    string
	articles int
}

// reviewRoles prints the roles that articles give and no table has.
func reviewRoles(cmd *command, in *inputs, dirs []string) int {
	line, err := newLine(dirs)
	if err != nil {
		return cmd.failed(err)
	}
	seen := map[role]*sighting{}
	exit := exitOK
	for a, err := range in.articles() {
		var roles []ingest.Role
		if err == nil {
			roles, err = line.Roles(a)
		}
		if err != nil {
			exit = cmd.failed(err)
			continue
		}
		see(seen, a, roles)
	}
	if err := printRoles(cmd.stdout, seen); err != nil {
		return cmd.failed(err)
	}
	return exit
}

// see notes the roles of one article, each once.
func see(seen map[role]*sighting, a *detente.Article, roles []ingest.Role) {
	here := map[role]bool{}
	for _, r := range roles {
		key := role{r.Actor.Name, string(r.Actor.Party), r.Actor.Role, string(r.Actor.Office), strings.Join(r.Actor.Sectors, "; ")}
		if here[key] {
			continue
		}
		here[key] = true
		s := seen[key]
		if s == nil {
			s = &sighting{on: r.On, article: a.ID, words: r.Words}
			seen[key] = s
		}
		if r.On < s.on {
			s.on, s.article, s.words = r.On, a.ID, r.Words
		}
		s.articles++
	}
}

// printRoles prints a table of persons (docs/format-actors.md) with the words
// that give each role above its row, in order of name, role and party.
func printRoles(w io.Writer, seen map[role]*sighting) error {
	rows := make([]role, 0, len(seen))
	for r := range seen {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b role) int { return strings.Compare(a.row(""), b.row("")) })
	if _, err := fmt.Fprint(w, "# Roles that articles give and no table has. Strike out what is wrong.\nperson\tparty\trole\toffice\tsectors\tfrom\n"); err != nil {
		return err
	}
	for _, r := range rows {
		s := seen[r]
		if _, err := fmt.Fprintf(w, "# %s, first in %s: %s\n%s\n", plural(s.articles, "article"), s.article, strings.Join(strings.Fields(s.words), " "), r.row(s.on)); err != nil {
			return err
		}
	}
	return nil
}

func (r role) row(from detente.Date) string {
	return strings.Join([]string{r.person, r.party, r.role, r.office, r.sectors, string(from)}, "\t")
}
