package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
	"detente/internal/store"
	"detente/internal/web"
)

const statusUsage = `
usage: detente status [flags] PARTY PARTY

Prints the board of two parties from what is in the store: the state of each
channel, the last contact, who says otherwise, and claim, denial and record
side by side. Parties are codes as in ISO 3166-1: detente status RUS USA.

exit status: 0, or 1 where nothing is stored about the two, 2 for wrong usage`

func statusCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("status", statusUsage, stdout, stderr)
	day := cmd.String("as-of", "", "`date`, YYYY-MM-DD: from articles published by this day alone")
	asJSON := cmd.Bool("json", false, "print as JSON, as /api/v1/dyads/… does")
	db := cmd.String("db", "", "store `file`; by default DETENTE_DB, else in your data directory")
	run := cmd.Int64("run", 0, "`number` of a run (detente runs); by default the active one")
	parties, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	dyad, err := detente.ParseDyad(strings.Join(parties, "-"))
	if err != nil {
		return cmd.misused("name two different parties, as RUS USA")
	}
	var asOf detente.Date
	if *day != "" {
		if asOf, err = detente.ParseDate(*day); err != nil {
			return cmd.misused("--as-of %v", err)
		}
	}
	st, err := openStored(*db)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	ctx := context.Background()
	if *run != 0 {
		if st, err = foldedRun(ctx, st, *run); err != nil {
			return cmd.failed(err)
		}
	}
	d, err := web.ReadDyad(ctx, st, dyad, asOf, store.Place{})
	if err == nil && d.Reports == 0 && asOf == "" {
		err = nothingStored(ctx, st, dyad)
	}
	if err != nil {
		return cmd.failed(err)
	}
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetEscapeHTML(false)
		err = enc.Encode(d)
	} else {
		err = printStatus(stdout, screenOf(stdout), d)
	}
	if err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

// nothingStored says so, and what there is instead.
func nothingStored(ctx context.Context, st store.Store, dyad detente.Dyad) error {
	dyads, err := st.Dyads(ctx, "")
	if err != nil {
		return err
	}
	if len(dyads) == 0 {
		return fmt.Errorf("the store holds no acts or claims yet; fill it with detente read --save")
	}
	const named = 8
	var names []string
	for _, sum := range dyads[:min(len(dyads), named)] {
		names = append(names, sum.Dyad.String())
	}
	if more := len(dyads) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return fmt.Errorf("nothing is stored about %s, but about %s", dyad, strings.Join(names, ", "))
}

// printStatus prints a dyad in the layout of the brief.
func printStatus(w io.Writer, show screen, d *web.Dyad) error {
	book, err := loadBook(nil)
	if err != nil {
		return err
	}
	b := &sheet{screen: show}
	statusHeader(b, book, d)
	var rows []boardRow
	for _, ch := range d.Channels {
		rows = append(rows, boardRow{ch.ChannelState, voices(ch.SaysOtherwise)})
	}
	b.boardTable(rows)
	for _, dis := range d.Disputes {
		b.confront(dis.Channel, dis.Finding, func(width int) [][]string {
			return [][]string{voiceCells(dis.Claims, width), voiceCells(dis.Against, width), recordCells(dis.Record, width)}
		})
	}
	_, err = w.Write(b.Bytes())
	return err
}

func statusHeader(b *sheet, book *actor.Book, d *web.Dyad) {
	b.lines("", b.style(bold, partyLabel(book, d.Dyad[0])+" – "+partyLabel(book, d.Dyad[1])+" ("+d.Dyad.String()+")"))
	about := "nothing reported"
	if d.Reports > 0 {
		about = fmt.Sprintf("%s, %d independent, the latest of %s", plural(d.Reports, "report"), d.Origins, longDate(d.Latest))
	}
	if d.AsOf != "" {
		about += " · as of " + longDate(d.AsOf)
	}
	for _, l := range wrap(about, b.width) {
		b.lines("", b.style(dim, l))
	}
	b.WriteByte('\n')
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

func voices(claims []web.Claim) string {
	var out []string
	for _, c := range claims {
		if voice := c.Voice() + ": " + string(c.State); !slices.Contains(out, voice) {
			out = append(out, voice)
		}
	}
	if len(out) == 0 {
		return "–"
	}
	return strings.Join(out, "; ")
}

func voiceCells(claims []web.Claim, width int) []string {
	var column []string
	for _, c := range claims {
		cell := wrap(c.Voice()+": "+claimed(c.Claim), width)
		cell = append(cell, wrap(quoted(c.Citation.Quote()), width)...)
		cell = append(cell, wrap(chain(&detente.Statement{Via: c.Via}), width)...)
		column = entry(column, append(cell, wrap(cited(c.Citation), width)...))
	}
	return orNone(column)
}

func recordCells(acts []web.Act, width int) []string {
	var column []string
	for _, a := range acts {
		cell := wrap(actLine(a.Act), width)
		cell = append(cell, wrap(a.Who, width)...)
		if len(a.ToldBy) > 0 {
			cell = append(cell, wrap("told by "+strings.Join(a.ToldBy, ", "), width)...)
		}
		for _, c := range a.Citations {
			cell = append(cell, wrap(cited(c), width)...)
		}
		column = entry(column, cell)
	}
	return orNone(column)
}

// shortened cuts a title to what is enough to know it by.
func shortened(title string) string {
	const enough = 40
	if runes := []rune(title); len(runes) > enough {
		return string(runes[:enough]) + "…"
	}
	return title
}

// cited names the article that a citation is from.
func cited(c web.Citation) string {
	text := "in " + c.Outlet
	if c.Outlet == "" {
		text = "in " + quoted(shortened(c.Title))
	}
	if c.Published != "" {
		text += ", " + longDate(c.Published)
	}
	return text
}
