package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"

	"detente"
	"detente/internal/ingest"
	"detente/internal/source"
)

const evalDialogueUsage = `
usage: detente eval dialogue [flags] GOLD

Reads the dispatches of GOLD (JSON lines with id, published, title, text and
expect) as detente read does, and counts which expectations their records meet.`

func evalDialogueCmd(args []string, stdout, stderr io.Writer) int {
	cmd := newCommand("eval dialogue", evalDialogueUsage, stdout, stderr)
	misses := cmd.Bool("misses", false, "name each expectation that was not met")
	asJSON := cmd.Bool("json", false, "print the figures as one JSON object")
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(files) != 1 {
		return cmd.misused("give one gold file")
	}
	score, err := scoreDialogue(files[0], func(err error) { cmd.failed(err) })
	if err != nil {
		return cmd.failed(err)
	}
	if *misses {
		for _, m := range score.Misses {
			want, err := json.Marshal(m.Want)
			if err != nil {
				return cmd.failed(err)
			}
			fmt.Fprintln(stderr, m.ID, m.Kind, string(want))
		}
	}
	if *asJSON {
		err = printScoreJSON(stdout, score)
	} else {
		err = printScore(stdout, score)
	}
	if err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

// scoreDialogue reads a gold file's dispatches through the line. What cannot
// be read is reported and meets nothing.
func scoreDialogue(name string, report func(error)) (*ingest.Score, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, openError(name, err)
	}
	defer f.Close()
	gold, err := ingest.ReadGold(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	line, err := newLine(nil)
	if err != nil {
		return nil, err
	}
	records := map[string]*detente.Record{}
	for rec, err := range line.Each(source.Read(f, source.Hint{Name: name})) {
		if err != nil {
			report(err)
			continue
		}
		records[rec.Article.ID] = &rec
	}
	return ingest.ScoreGold(gold, func(id string) *detente.Record { return records[id] }), nil
}

func printScore(w io.Writer, s *ingest.Score) error {
	for _, kind := range s.Kinds {
		fmt.Fprintf(w, "%-12s %d/%d\n", kind, s.Met[kind], s.N[kind])
	}
	_, err := fmt.Fprintf(w, "%-12s %.2f\n", "met", share(s))
	return err
}

func printScoreJSON(w io.Writer, s *ingest.Score) error {
	figures := map[string]any{"met": share(s)}
	for _, kind := range s.Kinds {
		figures[kind] = fmt.Sprintf("%d/%d", s.Met[kind], s.N[kind])
	}
	return json.NewEncoder(w).Encode(figures)
}

// share is the percentage met, to two digits.
func share(s *ingest.Score) float64 {
	met, n := s.Total()
	return math.Round(10000*float64(met)/float64(max(1, n))) / 100
}
