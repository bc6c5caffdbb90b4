package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"detente"
	"detente/internal/source"
)

const evalPagesUsage = `
usage: detente eval pages [flags] GOLD

Reads the pages of GOLD (a folder or a .tar.gz with evaldata.json and the pages
in cache/ or eval/) as detente read does, and counts: "with" strings found in
the body, "without" strings not found in it, readers' comments found in it;
titles, dates and authors that are exactly those of the gold file, white space
and, for authors, order and letter case aside. F1 is over the strings.`

// goldPage is one entry of evaldata.json.
type goldPage struct {
	File     string      `json:"file"`
	With     []string    `json:"with"`
	Without  []string    `json:"without"`
	Comments []string    `json:"comments"`
	Title    string      `json:"title"`
	Date     string      `json:"date"`
	Author   goldAuthors `json:"author"`
}

// goldAuthors is one string or a list.
type goldAuthors []string

func (a *goldAuthors) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(a))
	}
	var one string
	if err := json.Unmarshal(b, &one); err != nil || one == "" {
		return err
	}
	*a = []string{one}
	return nil
}

// pageScore counts over the pages.
type pageScore struct {
	Pages         int `json:"pages"`
	Found         int `json:"with_found"`
	Missed        int `json:"with_missed"`
	Leaked        int `json:"without_found"`
	Kept          int `json:"without_absent"`
	Comments      int `json:"comments"`
	CommentsFound int `json:"comments_found"`
	Titles        int `json:"titles"`
	TitlesRight   int `json:"titles_right"`
	Dates         int `json:"dates"`
	DatesRight    int `json:"dates_right"`
	Authors       int `json:"authors"`
	AuthorsRight  int `json:"authors_right"`
}

func evalPagesCmd(args []string, stdout, stderr io.Writer) int {
	cmd := newCommand("eval pages", evalPagesUsage, stdout, stderr)
	misses := cmd.Bool("misses", false, "name each string, title, date and author that went wrong")
	asJSON := cmd.Bool("json", false, "print the figures as one JSON object")
	part := cmd.String("half", "", "score only the pages of one half: a or b, by a hash of their addresses")
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(files) != 1 {
		return cmd.misused("give one gold folder or archive")
	}
	if *part != "" && *part != "a" && *part != "b" {
		return cmd.misused("--half is a or b")
	}
	gold, err := openGoldPages(files[0])
	if err != nil {
		return cmd.failed(err)
	}
	report := io.Discard
	if *misses {
		report = stderr
	}
	start := time.Now()
	score, err := scorePages(gold, *part, report)
	if err != nil {
		return cmd.failed(err)
	}
	took := time.Since(start)
	if *asJSON {
		err = json.NewEncoder(stdout).Encode(score)
	} else {
		err = printPageScore(stdout, score)
	}
	if err != nil {
		return cmd.failed(err)
	}
	fmt.Fprintf(stderr, "%.0f pages a second\n", float64(score.Pages)/took.Seconds())
	return exitOK
}

// goldFiles reads a file of the gold folder or archive.
type goldFiles func(name string) ([]byte, error)

// openGoldPages opens a folder, or unpacks an archive into memory.
func openGoldPages(name string) (goldFiles, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, openError(name, err)
	}
	if info.IsDir() {
		return func(file string) ([]byte, error) { return os.ReadFile(filepath.Join(name, file)) }, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, openError(name, err)
	}
	defer f.Close()
	files, err := unpack(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; give a folder or a whole .tar.gz", name, err)
	}
	return func(file string) ([]byte, error) {
		b, ok := files[file]
		if !ok {
			return nil, fmt.Errorf("%s: no file %s in it", name, file)
		}
		return b, nil
	}, nil
}

// unpack reads the files of a .tar.gz.
func unpack(r io.Reader) (map[string][]byte, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for t := tar.NewReader(z); ; {
		entry, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if files[path.Clean(entry.Name)], err = io.ReadAll(t); err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name, err)
		}
	}
}

// scorePages reads every page of the gold file, in the order of addresses.
func scorePages(gold goldFiles, half string, report io.Writer) (*pageScore, error) {
	b, err := gold("evaldata.json")
	if err != nil {
		return nil, err
	}
	var pages map[string]goldPage
	if err := json.Unmarshal(b, &pages); err != nil {
		return nil, fmt.Errorf("evaldata.json: %w", err)
	}
	addresses := slices.Sorted(maps.Keys(pages))
	score := &pageScore{}
	for _, address := range addresses {
		if half != "" && half != halfOf(address) {
			continue
		}
		page := pages[address]
		b, err := gold(path.Join("cache", page.File))
		if err != nil {
			if b, err = gold(path.Join("eval", page.File)); err != nil {
				return nil, err
			}
		}
		score.Pages++
		score.add(page, readGoldPage(b, address), func(what, want, got string) {
			fmt.Fprintf(report, "%s\t%s\twant %q\tgot %q\n", page.File, what, want, got)
		})
	}
	return score, nil
}

// halfOf divides the pages in two: rules are made on one half, and what they
// are worth is seen on the other.
func halfOf(address string) string {
	if sha256.Sum256([]byte(address))[0]%2 == 0 {
		return "a"
	}
	return "b"
}

// readGoldPage reads one page; one that cannot be read is an empty article.
func readGoldPage(b []byte, address string) *detente.Article {
	for a, err := range source.Read(bytes.NewReader(b), source.Hint{URL: address}) {
		if err == nil {
			return a
		}
	}
	return &detente.Article{}
}

// add scores one article.
func (s *pageScore) add(gold goldPage, a *detente.Article, miss func(what, want, got string)) {
	body := bodyText(a)
	for _, want := range gold.With {
		count(strings.Contains(body, oneLine(want)), &s.Found, &s.Missed, func() { miss("with", want, "") })
	}
	for _, bad := range gold.Without {
		count(!strings.Contains(body, oneLine(bad)), &s.Kept, &s.Leaked, func() { miss("without", "", bad) })
	}
	for _, bad := range gold.Comments {
		if oneLine(bad) == "" {
			continue
		}
		s.Comments++
		if strings.Contains(body, oneLine(bad)) {
			s.CommentsFound++
			miss("comment", "", bad)
		}
	}
	field(gold.Title, oneLine(gold.Title) == oneLine(a.Title), &s.Titles, &s.TitlesRight, func() { miss("title", gold.Title, a.Title) })
	field(gold.Date, gold.Date == string(a.Published), &s.Dates, &s.DatesRight, func() { miss("date", gold.Date, string(a.Published)) })
	author := strings.Join(gold.Author, ", ")
	field(author, slices.Equal(nameSet(gold.Author), nameSet(a.Byline)), &s.Authors, &s.AuthorsRight,
		func() { miss("author", author, strings.Join(a.Byline, ", ")) })
}

func count(right bool, yes, no *int, miss func()) {
	if right {
		*yes++
		return
	}
	*no++
	miss()
}

// field scores a field that the gold file has.
func field(want string, right bool, all, hits *int, miss func()) {
	if want == "" {
		return
	}
	*all++
	if right {
		*hits++
		return
	}
	miss()
}

// bodyText is what an article's body blocks hold, on one line.
func bodyText(a *detente.Article) string {
	runes := []rune(a.Text)
	var parts []string
	for _, b := range a.Blocks {
		if b.Kind == detente.BlockBody {
			parts = append(parts, string(runes[b.Start:b.End]))
		}
	}
	return oneLine(strings.Join(parts, " "))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// nameSet divides names and puts them in order.
func nameSet(names []string) []string {
	var out []string
	joined := strings.NewReplacer(" und ", ",", " and ", ",", " & ", ",", ";", ",", "/", ",").Replace(strings.Join(names, ","))
	for _, n := range strings.Split(joined, ",") {
		if n = strings.ToLower(oneLine(n)); n != "" {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func printPageScore(w io.Writer, s *pageScore) error {
	precision := ratio(s.Found, s.Found+s.Leaked)
	recall := ratio(s.Found, s.Found+s.Missed)
	f1 := 2 * precision * recall / max(precision+recall, 1e-9)
	_, err := fmt.Fprintf(w, `pages             %d
body F1           %.4f  precision %.4f  recall %.4f
comments leaked   %d of %d
comments kept out %d of %d
title exact       %d of %d
date exact        %d of %d
author exact      %d of %d
`, s.Pages, f1, precision, recall, s.CommentsFound, s.Comments, s.Comments-s.CommentsFound, s.Comments, s.TitlesRight, s.Titles, s.DatesRight, s.Dates, s.AuthorsRight, s.Authors)
	return err
}

func ratio(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
