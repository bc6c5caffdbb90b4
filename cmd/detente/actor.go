package main

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"detente"
	"detente/data"
	"detente/internal/actor"
	"detente/internal/nlp"
	"detente/internal/source"
)

const actorUsage = `
usage: detente actor [--on DATE] [--actors DIR] NAME …
       detente actor --review [--on DATE] [--actors DIR] FILE|FOLDER|- …

Says who a name is on a date, and for whom they speak: a person, a state, a
seat of government, an organisation, a news outlet. A name that no table has is
read as the words of an article would be: "Moscow's envoy to Washington".

With --review it reads articles, and prints the roles that they give to people
whom no table has, or has otherwise, as a table: strike out what is wrong, and
keep the rest in a folder for --actors. A row holds from the day of the first
article that gives the role.

exit status: 0, 1 where nobody is known by the name, 2 for wrong usage`

// actorCmd prints whom names name.
func actorCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("actor", actorUsage, stdout, stderr)
	on := cmd.String("on", "", "`date`, YYYY-MM-DD: who it was then; without it, as last known")
	review := cmd.Bool("review", false, "print the roles that articles give beyond the tables, for review")
	var dirs many
	cmd.Var(&dirs, "actors", "`directory` of *.tsv with actors of your own; may be repeated")
	names, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(names) == 0 {
		return cmd.misused("no name; with --review, no file")
	}
	var date detente.Date
	if *on != "" {
		var err error
		if date, err = detente.ParseDate(*on); err != nil {
			return cmd.misused("--on %v", err)
		}
	}
	if *review {
		return reviewRoles(cmd, &inputs{names: names, hint: source.Hint{Published: date}, stdin: stdin}, dirs)
	}
	book, err := loadBook(dirs)
	if err != nil {
		return cmd.failed(err)
	}
	for i, name := range names {
		if i > 0 {
			fmt.Fprintln(stdout)
		}
		if err := printActor(stdout, book, name, date); err != nil {
			exit = cmd.failed(err)
		}
	}
	return exit
}

// loadBook loads the embedded tables and the user's.
func loadBook(dirs []string) (*actor.Book, error) {
	embedded, err := fs.Sub(data.FS, "actors")
	if err != nil {
		return nil, fmt.Errorf("opening the embedded actors: %w", err)
	}
	all := []fs.FS{embedded}
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--actors %s: no such directory", dir)
		}
		all = append(all, os.DirFS(dir))
	}
	return actor.Load(all...)
}

// printActor prints all that a name may name, else what its words say.
func printActor(w io.Writer, book *actor.Book, name string, on detente.Date) error {
	found := book.Find(name, on)
	if len(found) == 0 {
		a, err := readActor(book, name, on)
		if err != nil {
			return err
		}
		if a.Party == "" && a.Country == "" && a.Role == "" {
			return fmt.Errorf("nobody is known as %q; name them in a table of --actors DIR", name)
		}
		found = []actor.Entry{{Actor: a}}
	}
	for _, e := range found {
		printEntry(w, book, e)
	}
	return nil
}

// readActor reads a name as an article's words.
func readActor(book *actor.Book, words string, on detente.Date) (*actor.Actor, error) {
	model, err := nlp.Default()
	if err != nil {
		return nil, fmt.Errorf("loading the language model: %w", err)
	}
	doc := model.Analyze(words, nlp.Options{Published: on})
	return book.Cast(doc, on).Describe(doc, 0, len(doc.Words)), nil
}

func printEntry(w io.Writer, book *actor.Book, e actor.Entry) {
	fmt.Fprintf(w, "%s\n", e.Name)
	line := func(what, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-10s %s\n", what, value)
		}
	}
	line("kind", string(e.Kind))
	line("role", e.Role)
	line("party", partyLabel(book, e.Party))
	if e.Country != e.Party {
		line("country", partyLabel(book, e.Country))
	}
	line("office", string(e.Office))
	line("of", string(e.BodyOffice))
	line("sent to", partyLabel(book, e.To))
	line("sectors", strings.Join(e.Sectors, " "))
	line("outlet", e.Link)
	for _, m := range e.Members {
		line("member", m.Name+" "+string(m.Party))
	}
	line("id", e.ID)
	for _, t := range e.Terms {
		line("held", fmt.Sprintf("%-10s – %-10s  %s %s", t.From, t.To, cmp.Or(t.Role, "member of government"), t.Party))
	}
}
