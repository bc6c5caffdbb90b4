// Package ingest is the straight line from an article to its record: text is
// analysed, its people and bodies are resolved, statements are found, events
// coded, and acts, disputes and channel states derived.
//
// Line.Read is that line as one function. It is pure: the same article, model
// and rules give the same Record, on any machine and in any order, so that
// Line.Each may read many articles on many cores and still hand the records
// back in the order of the input, byte for byte the same.
package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"detente"
	"detente/data"
	"detente/internal/actor"
	"detente/internal/dialogue"
	"detente/internal/event"
	"detente/internal/nlp"
	"detente/internal/quote"
)

// MaxText is the most evidence text, in bytes, that one article may have: some
// 60,000 words. The analysis of a text takes up to three hundred times its size
// in memory, and no input may make the program use more than 300 MB.
const MaxText = 384 << 10

// Line is the loaded model and rules; read-only, for any number of goroutines.
type Line struct {
	model    *nlp.Model
	book     *actor.Book
	quotes   *quote.Model
	events   *event.Coder
	series   *event.Indicators
	dialogue *dialogue.Rules
	versions detente.Versions
}

// Options are what a Line is made of beside the embedded data.
type Options struct {
	// Actors are directories of *.tsv with actors of the user's own; later ones
	// add to and override earlier ones and the embedded facts.
	Actors []fs.FS
	// Program is the version of the program, for Record.Versions.
	Program string
}

// NewLine loads the embedded model and rules, and the user's actors.
func NewLine(opt Options) (*Line, error) {
	model, err := nlp.Default()
	if err != nil {
		return nil, fmt.Errorf("loading the language model: %w", err)
	}
	quotes, err := quote.Default()
	if err != nil {
		return nil, fmt.Errorf("loading the model of statements: %w", err)
	}
	actors, err := fs.Sub(data.FS, "actors")
	if err != nil {
		return nil, fmt.Errorf("opening the embedded actors: %w", err)
	}
	book, err := actor.Load(append([]fs.FS{actors}, opt.Actors...)...)
	if err != nil {
		return nil, fmt.Errorf("loading actors: %w", err)
	}
	events, err := event.Load(data.FS, model)
	if err != nil {
		return nil, fmt.Errorf("loading event rules: %w", err)
	}
	series, err := event.LoadIndicators(data.FS)
	if err != nil {
		return nil, fmt.Errorf("loading the words of indicators: %w", err)
	}
	fold, err := dialogue.Load(data.FS)
	if err != nil {
		return nil, fmt.Errorf("loading dialogue rules: %w", err)
	}
	versions, err := VersionsOf(opt)
	if err != nil {
		return nil, err
	}
	return &Line{
		model:    model,
		book:     book,
		quotes:   quotes,
		events:   events,
		series:   series,
		dialogue: fold,
		versions: versions,
	}, nil
}

// VersionsOf names what a line with these options makes records with. It loads
// no model, for those who only show them.
func VersionsOf(opt Options) (detente.Versions, error) {
	versions := detente.Versions{Program: opt.Program}
	var err error
	if versions.Model, err = hashOf(models, data.FS); err != nil {
		return versions, err
	}
	versions.Rules, err = hashOf(rules, append([]fs.FS{data.FS}, opt.Actors...)...)
	return versions, err
}

// Versions names what makes this line's records.
func (l *Line) Versions() detente.Versions { return l.versions }

// Dialogue gives the rules of the fold.
func (l *Line) Dialogue() *dialogue.Rules { return l.dialogue }

// english is the language that the model and rules read.
const english = "en"

// reads reports whether an article's language is read.
func reads(a *detente.Article) bool { return a.Language == "" || a.Language == english }

// Read takes an article through the whole line. Of an article in a language
// that is not read the record holds the article alone.
func (l *Line) Read(a *detente.Article) detente.Record {
	if !reads(a) {
		rec := detente.Record{Codebook: detente.CodebookVersion, Article: *a, Text: a.Text, Versions: l.versions}
		fillEmpty(&rec)
		return rec
	}
	doc := l.model.Analyze(a.Text, nlp.Options{Published: a.Published, Blocks: blocks(a)})
	cast := l.book.Cast(doc, a.Published)
	statements := l.quotes.Find(doc, cast, a.Published)
	events, claims := l.events.Code(doc, cast, statements, a.Published)

	rec := detente.Record{
		Codebook:   detente.CodebookVersion,
		Article:    *a,
		Text:       a.Text,
		Sentences:  sentences(doc),
		Statements: statements,
		Events:     events,
		Claims:     claims,
		Indicators: l.series.Find(doc, statements, a.Published),
		Versions:   l.versions,
	}
	l.dialogue.Derive(&rec)
	fillEmpty(&rec)
	return rec
}

// Roles gives what an article says people are beyond the tables, each with the
// words that say so: for a person to confirm. Text is bounded as for Each.
func (l *Line) Roles(a *detente.Article) ([]Role, error) {
	if len(a.Text) > MaxText {
		return nil, fmt.Errorf("article %s: %d bytes of text, the most is %d; split it into its articles", a.ID, len(a.Text), MaxText)
	}
	if !reads(a) {
		return nil, nil
	}
	doc := l.model.Analyze(a.Text, nlp.Options{Published: a.Published, Blocks: blocks(a)})
	var out []Role
	for _, r := range l.book.Cast(doc, a.Published).Learned {
		s := doc.Words[r.First].Start
		out = append(out, Role{Learned: r, Words: a.Text[s:doc.Words[r.End-1].End]})
	}
	return out, nil
}

// Role is what a text says that somebody is, with its words.
type Role struct {
	actor.Learned
	Words string
}

// blocks gives the article's blocks as byte ranges of its text; nil where it
// has none, so that the analysis finds paragraphs by itself.
func blocks(a *detente.Article) []nlp.Range {
	if len(a.Blocks) == 0 {
		return nil
	}
	var out []nlp.Range
	off, point := 0, 0 // byte and code point of the same place
	byteAt := func(p int) int {
		for i := range a.Text[off:] {
			if point == p {
				off += i
				return off
			}
			point++
		}
		off = len(a.Text)
		return off
	}
	for _, b := range a.Blocks {
		start := byteAt(b.Start)
		out = append(out, nlp.Range{Start: start, End: byteAt(b.End)})
	}
	return out
}

func sentences(doc *nlp.Doc) []detente.Span {
	out := make([]detente.Span, 0, len(doc.Sents))
	for _, s := range doc.Sents {
		out = append(out, doc.Span(s.First, s.End))
	}
	return out
}

// fillEmpty makes every list of a record non-nil, so that JSON has [] and
// never null.
func fillEmpty(rec *detente.Record) {
	list(&rec.Article.Byline)
	list(&rec.Article.Highlights)
	list(&rec.Article.Captions)
	list(&rec.Sentences)
	list(&rec.Statements)
	list(&rec.Events)
	list(&rec.Acts)
	list(&rec.Claims)
	list(&rec.Disputes)
	list(&rec.Channels)
	list(&rec.Indicators)
	for i := range rec.Statements {
		st := &rec.Statements[i]
		list(&st.Speaker.Sectors)
		list(&st.Source)
		list(&st.Cue)
		list(&st.Content)
		list(&st.Via)
		list(&st.About)
	}
	for i := range rec.Events {
		ev := &rec.Events[i]
		list(&ev.Contexts)
		list(&ev.Source)
		list(&ev.Target)
		list(&ev.Trigger)
		for _, side := range [][]detente.Participant{ev.Source, ev.Target} {
			for k := range side {
				list(&side[k].Sectors)
			}
		}
	}
	for i := range rec.Disputes {
		list(&rec.Disputes[i].Against)
		list(&rec.Disputes[i].Record)
	}
	for i := range rec.Channels {
		list(&rec.Channels[i].Evidence)
	}
}

func list[T any](s *[]T) {
	if *s == nil {
		*s = []T{}
	}
}

// rules are what people write and read: word lists, actors, event and dialogue
// rules. models are trained.
var (
	rules  = []string{".txt", ".tsv", ".rules"}
	models = []string{".bin", ".model"}
)

// hashOf identifies the files with these extensions in all directories.
func hashOf(extensions []string, dirs ...fs.FS) (string, error) {
	sum := sha256.New()
	for _, dir := range dirs {
		err := fs.WalkDir(dir, ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !slices.Contains(extensions, path.Ext(name)) {
				return err
			}
			fmt.Fprintln(sum, name)
			return addFile(sum, dir, name)
		})
		if err != nil {
			return "", fmt.Errorf("reading rules and models: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// addFile adds a file's bytes and their number to sum, without holding the
// whole of a model in memory.
func addFile(sum io.Writer, dir fs.FS, name string) error {
	f, err := dir.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := io.Copy(sum, f)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(sum, n)
	return err
}
