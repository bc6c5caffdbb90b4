package export

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"detente"
	"detente/data"
	"detente/internal/actor"
	"detente/internal/dialogue"
	"detente/internal/series"
	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// unit makes a unit of a title and one sentence: a minister of Norway does
// something to the Netherlands, as a rule or a speaker tells it.
func unit(id string, published detente.Date, sentence string, change func(*detente.Record)) store.Unit {
	title := "Envoys on the move"
	text := title + "\n\n" + sentence
	start, end := len([]rune(title))+2, len([]rune(text))
	rec := detente.Record{
		Codebook: detente.CodebookVersion, Text: text,
		Article: detente.Article{ID: id, URL: "https://www." + id + ".example/story", Outlet: "The Fjord Post", Title: title, Published: published,
			Language: "en", Text: text, Read: time.Date(2021, 3, 9, 8, 7, 6, 0, time.UTC)},
		Sentences: []detente.Span{{Start: 0, End: len([]rune(title))}, {Start: start, End: end}},
		Versions:  detente.Versions{Program: "p1", Model: "m1", Rules: "r1"},
	}
	if change != nil {
		change(&rec)
	}
	return store.Unit{Record: rec}
}

var (
	norNld = detente.NewDyad("NOR", "NLD")
	nor    = detente.Participant{Name: "Norway", Party: "NOR", Sectors: []string{"GOV"}, Office: "government"}
	nld    = detente.Participant{Name: "Netherlands", Party: "NLD"}
	biden  = detente.Participant{Name: "Joe Biden", Party: "USA", Sectors: []string{"GOV", "LEG"}, Office: "leader"}
)

// event adds an event with its act, if kind is one.
func event(rec *detente.Record, typ detente.EventType, quad int, intensity float64, on detente.Date, f detente.Factuality,
	source, target []detente.Participant, kind detente.ActKind, ch detente.Channel) {
	id := detente.EventID(detente.Numbered("e", len(rec.Events)+1))
	words := detente.Span{Start: rec.Sentences[1].Start, End: rec.Sentences[1].Start + 4}
	for _, side := range [][]detente.Participant{source, target} {
		for i := range side {
			side[i].Span = words
		}
	}
	rec.Events = append(rec.Events, detente.Event{ID: id, Type: typ, Mode: "m", CAMEO: "040", Contexts: []string{"diplomatic", "legal"}, Quad: quad, Intensity: intensity,
		Source: source, Target: target, Date: on, Factuality: f, Trigger: []detente.Span{words}, Sentence: 1, Rule: "a-rule", By: detente.ByRule})
	if kind != "" {
		rec.Acts = append(rec.Acts, detente.Act{ID: detente.ActID(detente.Numbered("a", len(rec.Acts)+1)), Kind: kind, Dyad: norNld, Channel: ch,
			Date: on, Factuality: f, Event: id, Sentence: 1, Span: words})
	}
}

func one(p detente.Participant) []detente.Participant { return []detente.Participant{p} }

// shelf is a history of one channel: a recall, a copy of the news of it, a
// return; talk of a meeting; another dyad; and words that want to be formulas.
func shelf() []store.Unit {
	recall := func(rec *detente.Record) {
		event(rec, detente.Sanction, 4, -6.5, "2021-03-01", detente.Happened, one(nor), one(nld), detente.Freeze, detente.Embassies)
	}
	reprint := unit("reprint", "2021-03-02", "Norway called its envoy home.", recall)
	reprint.Origin = "recall"
	claim := unit("claim", "2021-03-04", "“=SUM(A1)”, she said: nothing\tis 'open'.", func(rec *detente.Record) {
		rec.Article.Title, rec.Article.Outlet = "=HYPERLINK(\"x\")", "'-Post"
		rec.Article.Byline = []string{"@anna", "B. \"Bo\" Lund"}
		rec.Statements = []detente.Statement{
			{ID: "s1", Kind: detente.Mixed, Speaker: detente.Speaker{ID: "Q1", Name: "+Anna\r\nLund", Party: "NOR", Sectors: []string{"GOV", "MIL"}}, SaidOn: "2021-03",
				Source: []detente.Span{{Start: 32, End: 35}}, Cue: []detente.Span{{Start: 36, End: 40}}, Content: []detente.Span{{Start: 20, End: 31}, {Start: 42, End: 49}},
				Modality: detente.Asserted, About: []detente.Party{"NLD", "NOR"}, Within: "s2", Sentence: 1, Via: []detente.Link{{Name: "Radio A", As: "interview"}, {Name: "Wire"}}},
			{ID: "s2", Kind: detente.Indirect, Speaker: detente.Speaker{Name: "A wire"}, Sentence: 1, Negated: true},
			{ID: "s3", Kind: detente.Indirect, Speaker: detente.Speaker{Name: "Somebody", Party: "SWE"}, Sentence: 0},
		}
		rec.Claims = []detente.Claim{{ID: "c1", Statement: "s1", Dyad: norNld, Channel: detente.Embassies, State: detente.Frozen, Scope: "every", Sentence: 1, Rule: "claim-x"}}
		event(rec, detente.Agree, 1, 3, "2021-04", detente.Planned, one(nld), one(nor), "", "")
		event(rec, detente.Accuse, 3, -2, "2021-03-03", detente.Happened, []detente.Participant{nor, biden}, one(nld), "", "")
		rec.Events[1].By, rec.Events[1].Rule, rec.Events[1].Probability = detente.ByClassifier, "", 0.875
	})
	thaw := unit("thaw", "2021-03-08", "The envoy went back to The Hague.", func(rec *detente.Record) {
		event(rec, detente.Consult, 1, 4.5, "", detente.Happened, one(nor), one(nld), detente.Thaw, detente.Embassies)
		rec.Acts = append(rec.Acts, detente.Act{ID: "a9", Kind: detente.Freeze, Dyad: detente.Dyad{"", "NOR"}, Channel: detente.Leaders}) // of nobody
	})
	other := unit("other", "2021-03-05", "They met.", func(rec *detente.Record) {
		event(rec, detente.Consult, 1, 5, "2021-03-05", detente.Happened, one(biden), one(detente.Participant{Name: "somebody", Code: "SYR"}), "", "")
	})
	return []store.Unit{unit("recall", "2021-03-01", "Norway called its envoy home.", recall), reprint, claim, thaw, other}
}

func stock(t *testing.T, units []store.Unit) store.Store {
	t.Helper()
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	for _, u := range units {
		if _, err := st.Commit(context.Background(), u); err != nil {
			t.Fatal(err)
		}
	}
	rules, err := dialogue.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := series.Refold(context.Background(), st, rules); err != nil {
		t.Fatal(err)
	}
	return st
}

// bookOnce loads the embedded actors once for all tests.
var bookOnce = sync.OnceValues(func() (*actor.Book, error) {
	actors, err := fs.Sub(data.FS, "actors")
	if err != nil {
		return nil, err
	}
	return actor.Load(actors)
})

// options are those of a release into a new directory.
func options(t *testing.T) Options {
	t.Helper()
	book, err := bookOnce()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Dir: filepath.Join(t.TempDir(), "release"), Book: book, Text: true,
		Versions: detente.Versions{Program: "dev", Model: "m2", Rules: "r2"}}
}

func released(t *testing.T, o Options) string {
	t.Helper()
	if _, err := Write(context.Background(), stock(t, shelf()), o); err != nil {
		t.Fatal(err)
	}
	return o.Dir
}

// readCSV reads a delimited table back as one map a row, without the
// apostrophes that guard against formulas.
func readCSV(t *testing.T, name string) (header []string, rows []map[string]string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			if rest := strings.TrimLeft(cell, "'"); rest != cell && rest != "" && strings.ContainsAny(rest[:1], "=+-@") {
				cell = cell[1:]
			}
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return lines[0], rows
}

// readParquet reads a file with the library's own reader, cells as CSV has them.
func readParquet(t *testing.T, name string) (header []string, rows []map[string]string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	fields := file.Schema().Fields()
	for _, fl := range fields {
		header = append(header, fl.Name())
	}
	for _, group := range file.RowGroups() {
		reader := group.Rows()
		buf := make([]parquet.Row, 1)
		for {
			n, err := reader.ReadRows(buf)
			if n == 0 {
				break
			}
			row := map[string]string{}
			for i, v := range buf[0] {
				row[header[i]] = asText(fields[i], v)
			}
			rows = append(rows, row)
			if err != nil {
				break
			}
		}
		reader.Close()
	}
	return header, rows
}

func asText(f parquet.Field, v parquet.Value) string {
	if v.IsNull() {
		return ""
	}
	switch f.Type().String() {
	case "DATE":
		return time.Unix(int64(v.Int32())*24*60*60, 0).UTC().Format(time.DateOnly)
	case "TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)":
		return time.UnixMilli(v.Int64()).UTC().Format(time.RFC3339)
	}
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(v.Boolean())
	case parquet.Int64:
		return strconv.FormatInt(v.Int64(), 10)
	case parquet.Double:
		return strconv.FormatFloat(v.Double(), 'g', -1, 64)
	}
	return string(v.ByteArray())
}

func readJSONLines(t *testing.T, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row map[string]json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cells := map[string]string{}
		for k, v := range row {
			s := string(v)
			if s == "null" {
				s = ""
			} else if s[0] == '"' {
				if err := json.Unmarshal(v, &s); err != nil {
					t.Fatal(err)
				}
			}
			cells[k] = s
		}
		rows = append(rows, cells)
	}
	return rows
}

// tableNames are the tables of a release.
var tableNames = []string{"articles", "statements", "events", "participants", "acts", "claims", "states", "evidence", "panel"}

// TestReadBack reads the three formats back: the same columns, rows and cells;
// in CSV, control characters are spaces.
func TestReadBack(t *testing.T) {
	o := options(t)
	o.Formats = Formats
	dir := released(t, o)
	for _, name := range tableNames {
		header, fromCSV := readCSV(t, filepath.Join(dir, name+".csv"))
		columns, fromParquet := readParquet(t, filepath.Join(dir, name+".parquet"))
		fromJSON := readJSONLines(t, filepath.Join(dir, name+".jsonl"))
		if len(fromCSV) == 0 || len(fromCSV) != len(fromParquet) || len(fromCSV) != len(fromJSON) || !slices.Equal(header, columns) {
			t.Fatalf("%s: %d, %d, %d rows; columns %v, %v", name, len(fromCSV), len(fromParquet), len(fromJSON), header, columns)
		}
		for i, row := range fromCSV {
			for _, column := range header {
				exact := fromParquet[i][column]
				if want := strings.NewReplacer("\t", " ", "\r", " ").Replace(exact); row[column] != want {
					t.Errorf("%s, row %d, %s: CSV %q, Parquet %q", name, i+1, column, row[column], exact)
				}
				if fromJSON[i][column] != exact {
					t.Errorf("%s, row %d, %s: JSON %q, Parquet %q", name, i+1, column, fromJSON[i][column], exact)
				}
			}
			if len(fromJSON[i]) != len(header) {
				t.Errorf("%s, row %d: JSON has %d columns of %d", name, i+1, len(fromJSON[i]), len(header))
			}
		}
	}
	_, articles := readParquet(t, filepath.Join(dir, "articles.parquet"))
	if a := articles[2]; a["title"] != "=HYPERLINK(\"x\")" || a["outlet"] != "'-Post" || a["byline"] != "@anna; B. \"Bo\" Lund" || a["read"] != "2021-03-09T08:07:06Z" {
		t.Errorf("an article reads %v", a)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "articles.csv"))
	if err != nil || !bytes.Contains(raw, []byte(`"'=HYPERLINK(""x"")"`)) || !bytes.Contains(raw, []byte(`,''-Post,`)) || !bytes.Contains(raw, []byte(`'@anna`)) {
		t.Errorf("formulas are not guarded in %s, %v", raw, err)
	}
	_, sts := readParquet(t, filepath.Join(dir, "statements.parquet"))
	want := map[string]string{"id": "claim#s1", "article": "claim", "url": "https://www.claim.example/story", "known": "2021-03-04", "sentence": "1", "sentence_start": "20",
		"start": "20", "end": "49", "speaker": "+Anna\r\nLund", "party": "NOR", "cow": "385", "sectors": "GOV;MIL", "via": "Radio A (interview) > Wire", "said_on": "2021-03",
		"about": "NLD;NOR", "within": "claim#s2", "content_spans": "20-31;42-49", "cue_text": "said", "source_text": "she", "content_text": "“=SUM(A1)”, … nothing", "negated": "false"}
	for column, value := range want {
		if sts[0][column] != value {
			t.Errorf("statement: %s is %q, want %q", column, sts[0][column], value)
		}
	}
}

// TestSameBytes: the same store and options give the same files; what is there
// is never touched; what fails leaves nothing.
func TestSameBytes(t *testing.T) {
	o := options(t)
	o.Formats, o.Layouts = Formats, Layouts
	st := stock(t, shelf())
	if _, err := Write(context.Background(), st, o); err != nil {
		t.Fatal(err)
	}
	first := contents(t, o.Dir)
	if _, err := Write(context.Background(), st, o); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second release in its place: %v", err)
	}
	o.Dir += "-again"
	if _, err := Write(context.Background(), st, o); err != nil {
		t.Fatal(err)
	}
	second := contents(t, o.Dir)
	if len(first) != len(tableNames)*3+4 || len(second) != len(first) {
		t.Errorf("%d and %d files", len(first), len(second))
	}
	for name, b := range first {
		if second[name] != b {
			t.Errorf("%s differs", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	o.Dir += "-cancelled"
	if _, err := Write(ctx, st, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(o.Dir), "*cancelled*")); err != nil || len(left) > 0 {
		t.Errorf("a failure left %v, %v", left, err)
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files
}

func describedBy(t *testing.T, dir string) dataPackage {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "datapackage.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p dataPackage
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPackage holds the description to the files: bytes, hashes, rows, columns,
// keys and what they refer to.
func TestPackage(t *testing.T) {
	o := options(t)
	o.Layouts, o.Licence, o.AsOf = Layouts, "CC-BY-4.0", "2021-03-09"
	dir := released(t, o)
	p := describedBy(t, dir)
	if p.Version != "2021-03-09" || p.Licences[0].Name != "CC-BY-4.0" || p.Detente.AsOf != "2021-03-09" || p.Detente.Codebook != detente.CodebookVersion ||
		p.Detente.Model != "m2" || p.Detente.Rules != "r2" || p.Detente.Articles != 5 || p.Detente.Latest != "2021-03-08" ||
		len(p.Detente.Records) != 1 || p.Detente.Records[0] != (recordsBy{1, "p1", "m1", "r1", 5}) {
		t.Errorf("the release says of itself %+v", p)
	}
	rows := map[string][]map[string]string{}
	for _, res := range p.Resources {
		b, err := os.ReadFile(filepath.Join(dir, res.Path))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		if res.Bytes != int64(len(b)) || res.Hash != "sha256:"+hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %d bytes, %s", res.Path, res.Bytes, res.Hash)
		}
		if res.Format != "csv" {
			continue
		}
		header, table := readCSV(t, filepath.Join(dir, res.Path))
		rows[res.Name] = table
		var names []string
		for _, f := range res.Schema.Fields {
			names = append(names, f.Name)
		}
		if *res.Rows != len(table) || !slices.Equal(header, names) {
			t.Errorf("%s: %d rows, want %d; columns %v, want %v", res.Name, len(table), *res.Rows, header, names)
		}
	}
	checked := 0
	for _, res := range p.Resources {
		if res.Format != "csv" {
			continue
		}
		keys := valuesOf(rows[res.Name], res.Schema.Key)
		if len(keys) != len(rows[res.Name]) {
			t.Errorf("%s: %d keys of %d rows", res.Name, len(keys), len(rows[res.Name]))
		}
		for _, ref := range res.Schema.Foreign {
			there := valuesOf(rows[cmpOr(ref.Reference.Resource, res.Name)], ref.Reference.Fields)
			for value := range valuesOf(rows[res.Name], ref.Fields) {
				checked++
				if !there[value] && strings.Trim(value, "\x00") != "" {
					t.Errorf("%s refers by %v to %q, which %s has not", res.Name, ref.Fields, value, ref.Reference.Resource)
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d references were there to check", checked)
	}
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func valuesOf(rows []map[string]string, columns []string) map[string]bool {
	values := map[string]bool{}
	for _, row := range rows {
		var parts []string
		for _, c := range columns {
			parts = append(parts, row[c])
		}
		values[strings.Join(parts, "\x00")] = true
	}
	return values
}

// cellsOf gives a column's cells, each after its row's first ones, in order.
func cellsOf(t *testing.T, dir, table string, names ...string) string {
	t.Helper()
	_, rows := readCSV(t, filepath.Join(dir, table+".csv"))
	var out []string
	for _, row := range rows {
		var cells []string
		for _, n := range names {
			cells = append(cells, row[n])
		}
		out = append(out, strings.Join(cells, " "))
	}
	return strings.Join(out, " | ")
}

// TestStates: a channel is in a state from the day on which that was known; the
// later day ends it.
func TestStates(t *testing.T) {
	dir := released(t, options(t))
	want := "embassies frozen 2021-03-01 2021-03-08 2021-03-01 recall | embassies open 2021-03-08   thaw"
	if got := cellsOf(t, dir, "states", "channel", "state", "from", "to", "since", "article"); got != want {
		t.Errorf("states %s\nwant   %s", got, want)
	}
	want = "2021-03-01 1 act recall#a1 20 49 Norway called its envoy home. | 2021-03-08 1 act thaw#a1 20 53 The envoy went back to The Hague."
	if got := cellsOf(t, dir, "evidence", "from", "position", "what", "ref", "sentence_start", "sentence_end", "sentence_text"); got != want {
		t.Errorf("evidence %s\nwant     %s", got, want)
	}
}

// TestSuperseded: a state that rested on a text that was changed later is
// exported with that text's sentence, though the text itself is not among the
// articles any more.
func TestSuperseded(t *testing.T) {
	units := []store.Unit{shelf()[0], shelf()[3]}
	later := unit("later", "2021-03-06", "Norway did not call anybody home.", nil)
	later.Story = "recall"
	st := stock(t, append(units, later))
	o := options(t)
	if _, err := Write(context.Background(), st, o); err != nil {
		t.Fatal(err)
	}
	if got := cellsOf(t, o.Dir, "articles", "id"); got != "later | thaw" {
		t.Errorf("articles %s", got)
	}
	if got := cellsOf(t, o.Dir, "states", "state", "from", "to"); got != "frozen 2021-03-01 2021-03-06 | unknown 2021-03-06 2021-03-08 | open 2021-03-08 " {
		t.Errorf("states %s", got)
	}
	if got := cellsOf(t, o.Dir, "evidence", "ref", "known", "sentence_text"); got != "recall#a1 2021-03-01 Norway called its envoy home. | thaw#a1 2021-03-08 The envoy went back to The Hague." {
		t.Errorf("evidence %s", got)
	}
}

// TestPanel compares the panel with counts made by hand.
func TestPanel(t *testing.T) {
	dir := released(t, options(t))
	got := cellsOf(t, dir, "panel", "dyad", "day", "reports", "origins", "verbal_cooperation", "verbal_conflict", "material_conflict", "intensity", "not_happened", "freezes", "thaws", "claims", "state_embassies")
	want := strings.Join([]string{
		"NLD-NOR 2021-03-01 1 1 0 0 1 -6.5 0 1 0 0 frozen", // the recall
		"NLD-NOR 2021-03-02 1 0 0 0 0 0 0 0 0 0 frozen",    // its copy counts as a report alone
		"NLD-NOR 2021-03-03 0 0 0 1 0 -2 0 0 0 0 frozen",   // the accusation, told on the next day
		"NLD-NOR 2021-03-04 1 1 0 0 0 0 1 0 0 1 frozen",    // the claim, and a plan for April
		"NLD-NOR 2021-03-08 1 1 1 0 0 4.5 0 0 1 0 open",    // the return, on the day of the article
		"NLD-USA 2021-03-03 0 0 0 1 0 -2 0 0 0 0 unknown",  // the accusation has two sources
		"NLD-USA 2021-03-04 1 1 0 0 0 0 0 0 0 0 unknown",
	}, " | ")
	if got != want {
		t.Errorf("panel %s\nwant  %s", strings.ReplaceAll(got, " | ", "\n      "), strings.ReplaceAll(want, " | ", "\n      "))
	}
	if got := cellsOf(t, dir, "panel", "cow_a", "cow_b"); !strings.HasPrefix(got, "210 385 | ") {
		t.Errorf("COW numbers %s", got)
	}
}

// TestChoice: as of a day nothing later is in a release; days and dyad choose.
func TestChoice(t *testing.T) {
	for _, test := range []struct {
		name                     string
		change                   func(*Options)
		articles, events, states string
	}{
		{"as of", func(o *Options) { o.AsOf = "2021-03-04" }, "recall | reprint | claim", "recall#e1 | reprint#e1 | claim#e1 | claim#e2", "frozen "},
		{"from", func(o *Options) { o.From = "2021-03-05" }, "other | thaw", "other#e1 | thaw#e1", "frozen 2021-03-08 | open "},
		{"to", func(o *Options) { o.To = "2021-03-02" }, "recall | reprint", "recall#e1 | reprint#e1", "frozen 2021-03-08"},
		{"both", func(o *Options) { o.From, o.To = "2021-03-09", "2021-03-10" }, "", "", "open "},
		{"dyad", func(o *Options) { o.Dyad = norNld }, "recall | reprint | claim | thaw", "recall#e1 | reprint#e1 | claim#e1 | claim#e2 | thaw#e1", "frozen 2021-03-08 | open "},
		{"other dyad", func(o *Options) { o.Dyad = detente.NewDyad("USA", "NLD") }, "claim", "claim#e2", ""},
	} {
		o := options(t)
		test.change(&o)
		dir := released(t, o)
		if got := cellsOf(t, dir, "articles", "id"); got != test.articles {
			t.Errorf("%s: articles %s, want %s", test.name, got, test.articles)
		}
		if got := cellsOf(t, dir, "events", "id"); got != test.events {
			t.Errorf("%s: events %s, want %s", test.name, got, test.events)
		}
		if got := cellsOf(t, dir, "states", "state", "to"); got != test.states {
			t.Errorf("%s: states %s, want %s", test.name, got, test.states)
		}
	}
	o := options(t)
	o.Dyad = norNld
	if got := cellsOf(t, released(t, o), "statements", "id"); got != "claim#s1 | claim#s2" {
		t.Errorf("statements of the dyad %s; want that of the claim, and the one around it", got)
	}
	o = options(t)
	o.Text = false
	if header, _ := readCSV(t, filepath.Join(released(t, o), "statements.csv")); slices.ContainsFunc(header, func(n string) bool { return strings.HasSuffix(n, "_text") }) {
		t.Errorf("words of the article without being asked for: %v", header)
	}
}

// TestNoPlace: a place where nothing can be made is an error.
func TestNoPlace(t *testing.T) {
	o := options(t)
	o.Dir = filepath.Join(o.Dir, "a", "b")
	if err := os.WriteFile(filepath.Dir(filepath.Dir(o.Dir)), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(context.Background(), stock(t, nil), o); err == nil {
		t.Error("a release below a file")
	}
}

// TestEmpty: a store without articles gives tables without rows.
func TestEmpty(t *testing.T) {
	o := options(t)
	o.Formats = Formats
	sum, err := Write(context.Background(), stock(t, nil), o)
	if err != nil || sum.Articles != 0 || len(sum.Files) != len(tableNames)*3 {
		t.Errorf("%+v, %v", sum, err)
	}
	if header, rows := readParquet(t, filepath.Join(o.Dir, "panel.parquet")); len(header) != 31 || len(rows) != 0 {
		t.Errorf("%d columns, %d rows", len(header), len(rows))
	}
}

func FuzzGuarded(f *testing.F) {
	for _, s := range []string{"=1", "'=1", "''@", "+", "-", "a=b", "'quoted'", "", "'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g := guarded(s)
		if g != "" && strings.ContainsAny(g[:1], "=+-@") {
			t.Errorf("%q is left as %q", s, g)
		}
		back := g
		if rest := strings.TrimLeft(g, "'"); rest != g && rest != "" && strings.ContainsAny(rest[:1], "=+-@") {
			back = g[1:]
		}
		if back != s {
			t.Errorf("%q became %q and is read as %q", s, g, back)
		}
	})
}

// TestRowsMissing: a row that lacks what it must have is an error, not a hole.
func TestRowsMissing(t *testing.T) {
	res := &resource{}
	err := res.put("x", []field{{name: "id", required: true}}, row{nil})
	if err == nil || !strings.Contains(err.Error(), "table x: a row without id") {
		t.Errorf("%v", err)
	}
	if got := fmt.Sprint(formatsOf([]Format{JSONLines, CSV, CSV})); got != "[csv jsonl]" {
		t.Errorf("formats %s", got)
	}
}
