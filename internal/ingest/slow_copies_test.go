//go:build slow

package ingest

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"detente"
	"detente/internal/store"
)

// agencyStories reads the load set of agency stories, those of a hundred words
// or more; nil where it is not there.
func agencyStories(t *testing.T, most int) []*detente.Article {
	t.Helper()
	f, err := os.Open("../../../shared/data/load/reuters-1987.jsonl.gz")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	var list []*detente.Article
	for lines.Scan() && len(list) < most {
		var w struct {
			ID, Title, Text string
			Published       detente.Date
		}
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		if len(strings.Fields(w.Text)) >= 100 && strings.Contains(w.Text, "\n\n") {
			list = append(list, &detente.Article{ID: w.ID, Title: w.Title, Text: w.Text, Published: w.Published})
		}
	}
	return list
}

// ownStories are the dispatches that the project wrote itself, joined to texts of
// some length.
func ownStories(t *testing.T) []*detente.Article {
	t.Helper()
	files, err := filepath.Glob("testdata/dialogue-*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dispatches: %v", err)
	}
	var list []*detente.Article
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			var w struct {
				ID, Text string
			}
			if err := json.Unmarshal([]byte(line), &w); err != nil {
				t.Fatal(err)
			}
			if sentences := strings.SplitAfter(w.Text, ". "); len(sentences) >= 3 {
				list = append(list, &detente.Article{ID: w.ID, Text: strings.Join(sentences, "\n\n"), Published: "2019-05-08"})
			}
		}
	}
	return list
}

// edit makes a copy as another outlet prints it; material is text of others.
type edit struct {
	name string
	do   func(paragraphs []string, material []string, chance *rand.Rand) []string
}

var edits = []edit{
	{"the same", func(ps, _ []string, _ *rand.Rand) []string { return ps }},
	{"another headline", func(ps, m []string, _ *rand.Rand) []string { return append([]string{headline(m[0])}, ps...) }},
	{"the last third cut", func(ps, _ []string, _ *rand.Rand) []string { return ps[:max(1, len(ps)*2/3)] }},
	{"another first paragraph", func(ps, m []string, _ *rand.Rand) []string { return append([]string{m[0]}, ps[1:]...) }},
	{"two paragraphs added", func(ps, m []string, r *rand.Rand) []string {
		at := r.IntN(len(ps) + 1)
		return append(append(slices.Clone(ps[:at]), m[0], m[1]), ps[at:]...)
	}},
	{"one word in twenty changed", func(ps, m []string, r *rand.Rand) []string {
		words := strings.Fields(m[0])
		var out []string
		for _, p := range ps {
			of := strings.Fields(p)
			for i := range of {
				if r.IntN(20) == 0 {
					of[i] = words[r.IntN(len(words))]
				}
			}
			out = append(out, strings.Join(of, " "))
		}
		return out
	}},
	{"half cut, another lead on top", func(ps, m []string, _ *rand.Rand) []string {
		return append([]string{m[0]}, ps[:(len(ps)+1)/2]...)
	}},
	{"the same with the agency named", func(ps, m []string, _ *rand.Rand) []string {
		return append([]string{m[0]}, append(slices.Clone(ps[:(len(ps)+1)/2]), "(Reuters)")...)
	}},
	{"a third left, among twice as much", func(ps, m []string, _ *rand.Rand) []string {
		return append(slices.Clone(m[:2]), ps[:(len(ps)+2)/3]...)
	}},
}

func headline(paragraph string) string {
	words := strings.Fields(paragraph)
	return strings.Join(words[:min(len(words), 9)], " ")
}

// TestSlowCopies keeps stories and copies of them, edited by program, and counts
// how many copies are found and how many finds are wrong.
func TestSlowCopies(t *testing.T) {
	for name, set := range map[string]struct {
		all         []*detente.Article
		base, every int // stories kept first; each edit is made of every so-manieth
		recall      float64
	}{
		"agency": {agencyStories(t, 4000), 3000, 12, 0.93},
		"own":    {ownStories(t), 60, 1, 0.80},
	} {
		t.Run(name, func(t *testing.T) {
			if set.all == nil {
				t.Skip("the shared folder with the stories is not there")
			}
			base := min(set.base, len(set.all)*2/3)
			measureCopies(t, set.all[:base], paragraphsOf(set.all[base:]), set.every, set.recall)
		})
	}
}

func paragraphsOf(list []*detente.Article) []string {
	var out []string
	for _, a := range list {
		out = append(out, strings.Split(a.Text, "\n\n")...)
	}
	return out
}

func measureCopies(t *testing.T, stories []*detente.Article, material []string, every int, floor float64) {
	st := openStore(t)
	chance := rand.New(rand.NewPCG(2, 3))
	origin := map[string]string{} // of each story: itself, or what it repeats
	repeats := 0
	for _, a := range stories {
		kept := keepText(t, st, *a, "Reuters")
		if origin[a.ID] = cmp.Or(kept.Origin, a.ID); kept.Origin != "" {
			repeats++
		}
	}
	t.Logf("%d stories, of which %d repeat one before them", len(stories), repeats)
	made, found, wrong := 0, 0, 0
	for k, e := range edits {
		n, right := 0, 0
		for i := k % every; i < len(stories); i += every {
			a := stories[i]
			foreign := []string{material[chance.IntN(len(material))], material[chance.IntN(len(material))]}
			copied := *a
			copied.ID, copied.Title = fmt.Sprintf("%s, %s", a.ID, e.name), ""
			copied.Text = strings.Join(e.do(strings.Split(a.Text, "\n\n"), foreign, chance), "\n\n")
			copied.Published = a.Published.AddDays(chance.IntN(3))
			switch kept := keepText(t, st, copied, fmt.Sprint("Paper ", k)); kept.Origin {
			case origin[a.ID]:
				right++
			case "":
			default:
				wrong++
				t.Logf("%s: taken for a copy of %s", copied.ID, kept.Origin)
			}
			n++
		}
		t.Logf("%-36s %4d of %4d found, %.3f", e.name, right, n, float64(right)/float64(n))
		made, found = made+n, found+right
	}
	recall, precision := float64(found)/float64(made), float64(found)/float64(found+wrong)
	t.Logf("recall %.3f, precision %.4f (%d copies)", recall, precision, made)
	if recall < floor || precision < 0.99 {
		t.Errorf("recall %.3f, precision %.4f; the floors are %.2f and 0.99", recall, precision, floor)
	}
}

func keepText(t *testing.T, st store.Store, a detente.Article, outlet string) Kept {
	t.Helper()
	a.Outlet = outlet
	kept, err := Keep(t.Context(), st, detente.Record{Codebook: 1, Article: a, Text: a.Text}, "", readOn)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// TestSlowVersions puts changed texts under the address of their story, and other
// stories under it as a list does.
func TestSlowVersions(t *testing.T) {
	stories := agencyStories(t, 2000)
	if stories == nil {
		t.Skip("the shared folder with the stories is not there")
	}
	st := openStore(t)
	chance := rand.New(rand.NewPCG(4, 5))
	material := paragraphsOf(stories[1000:])
	found, made, taken, lists := 0, 0, 0, 0
	for i, a := range stories[:1000] {
		first := *a
		first.URL = fmt.Sprintf("https://paper.example/news/%d", i)
		keepText(t, st, first, "Paper")
		e := edits[1+i%(len(edits)-1)]
		later := first
		later.ID, later.Title = a.ID+" later", "Another title"
		later.Text = strings.Join(e.do(strings.Split(a.Text, "\n\n"), []string{material[chance.IntN(len(material))], material[chance.IntN(len(material))]}, chance), "\n\n")
		if made++; keepText(t, st, later, "Paper").Story == a.ID {
			found++
		}
		other := stories[1000+i%1000]
		onList := *other
		onList.ID, onList.URL, onList.Published = other.ID+" on the list", first.URL, first.Published
		if lists++; keepText(t, st, onList, "Paper").Story != "" {
			taken++
		}
	}
	t.Logf("versions: %d of %d found; %d of %d other stories at the same address taken for one", found, made, taken, lists)
	if float64(found) < 0.97*float64(made) || float64(taken) > 0.02*float64(lists) {
		t.Error("worse than before")
	}
}
