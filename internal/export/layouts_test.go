package export

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lines reads a tab-separated file.
func lines(t *testing.T, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		out = append(out, strings.Split(line, "\t"))
	}
	return out
}

// polecatColumns are POLECAT's, in its order.
const polecatColumns = `Event ID, Event Date, Event Type, Event Mode, Intensity, Quad Code, Contexts, Actor Name, Actor Country, Actor COW,
Primary Actor Sector, Actor Sectors, Actor Title, Actor Name Raw, Wikipedia Actor ID, Recipient Name, Recipient Country, Recipient COW,
Primary Recipient Sector, Recipient Sectors, Recipient Title, Recipient Name Raw, Wikipedia Recipient ID, Placename, City, District, Province, Country,
Latitude, Longitude, GeoNames ID, Raw Placename, Feature Type, Source, Publication Date, Story People, Story Organizations, Story Locations, Language, Version`

func TestPOLECAT(t *testing.T) {
	o := options(t)
	o.Layouts = []Layout{POLECAT}
	rows := lines(t, filepath.Join(released(t, o), "polecat.tsv"))
	if want := strings.Split(strings.ReplaceAll(polecatColumns, ",\n", ", "), ", "); len(want) != 40 || !slices.Equal(rows[0], want) {
		t.Fatalf("columns %q", rows[0])
	}
	byID := map[string]map[string]string{}
	for _, row := range rows[1:] {
		byID[row[0]] = map[string]string{}
		for i, cell := range row {
			byID[row[0]][rows[0][i]] = cell
		}
	}
	if len(byID) != len(rows)-1 || len(byID) != 6 || byID["claim#e1.1"] != nil {
		t.Errorf("%d rows, %d ids; want 6 of events that happened, two of the accusation", len(rows)-1, len(byID))
	}
	for id, want := range map[string]map[string]string{
		"claim#e2.1": {"Event Date": "2021-03-03", "Event Type": "ACCUSE", "Quad Code": "VERBAL CONFLICT", "Contexts": "diplomatic;legal", "Actor Country": "NOR", "Actor COW": "385",
			"Wikipedia Actor ID": "Q20", "Recipient COW": "210", "Wikipedia Recipient ID": "Q29999", "Source": "''-Post", "Actor Name Raw": "“=SU", "Language": "en", "Publication Date": "2021-03-04"},
		"claim#e2.2": {"Actor Name": "Joe Biden", "Actor COW": "2", "Wikipedia Actor ID": "Q6279", "Primary Actor Sector": "GOV", "Actor Sectors": "GOV;LEG", "Actor Title": "leader"},
		"other#e1.1": {"Recipient Country": "SYR", "Recipient COW": "652", "Wikipedia Recipient ID": ""},
		"thaw#e1.1":  {"Event Date": "2021-03-08", "Intensity": "4.5"},
	} {
		for column, value := range want {
			if byID[id][column] != value {
				t.Errorf("%s: %s is %q, want %q", id, column, byID[id][column], value)
			}
		}
	}
}

func TestGDELT(t *testing.T) {
	o := options(t)
	o.Layouts = []Layout{GDELT, Tables}
	dir := released(t, o)
	rows := lines(t, filepath.Join(dir, "gdelt-mentions.tsv"))
	if len(rows) != 5 {
		t.Fatalf("%d rows, want 5 events that happened", len(rows))
	}
	numbers := map[string]string{}
	_, events := readCSV(t, filepath.Join(dir, "events.csv"))
	for _, ev := range events {
		numbers[ev["id"]] = ev["number"]
	}
	for _, row := range rows {
		if len(row) != 16 || row[0] == "" || row[0] != numbers[row[15]] {
			t.Errorf("%d columns of 16, number %s of %q", len(row), row[0], row[15])
		}
	}
	want := []string{numbers["claim#e2"], "20210304000000", "20210304000000", "1", "claim.example", "https://www.claim.example/story", "2", "20", "20", "20", "1", "88", "60", "", "", "claim#e2"}
	if i := slices.IndexFunc(rows, func(r []string) bool { return r[15] == "claim#e2" }); i < 0 || !slices.Equal(rows[i], want) {
		t.Errorf("mentions %q\nwant one %q", rows, want)
	}
}

func TestPLOVER(t *testing.T) {
	o := options(t)
	o.Layouts = []Layout{PLOVER}
	b, err := os.ReadFile(filepath.Join(released(t, o), "plover.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(rows) != 6 {
		t.Fatalf("%d events, want 6", len(rows))
	}
	var planned struct {
		ploverEvent
		Needed map[string]json.RawMessage `json:"-"`
	}
	if err := json.Unmarshal([]byte(rows[2]), &planned.ploverEvent); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(rows[2]), &planned.Needed); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"id", "date", "actor", "event"} {
		if planned.Needed[key] == nil {
			t.Errorf("no %s in %s", key, rows[2])
		}
	}
	if planned.ID != "claim#e1" || planned.Factuality != "planned" || planned.Actor[0].Code != "NLD" || planned.Recipient[0].COW != "385" ||
		planned.TextInfo != (ploverText{2, 20, 60}) || planned.Cite.Version != "2021" || planned.Quad != "VERBAL COOPERATION" || planned.Date != "2021-03-04" {
		t.Errorf("%+v", planned.ploverEvent)
	}
	var secondary ploverEvent
	if err := json.Unmarshal([]byte(rows[3]), &secondary); err != nil || secondary.Actor[1].Item != "Q6279" || secondary.Actor[1].Office != "leader" {
		t.Errorf("%+v, %v", secondary, err)
	}
}
