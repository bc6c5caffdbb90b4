package actor

import (
	"strings"
	"testing"
	"testing/fstest"

	"detente"
)

// tables is a directory of tables written in a test.
func tables(files ...string) fstest.MapFS {
	dir := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		dir[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return dir
}

func TestLoadSaysWhereATableIsWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "mine.tsv:1:1: no line of column names"},
		{"nation\tname\n", `mine.tsv:1:1: first column "nation" is none of`},
		{"# note\nstate\tname\tking\n", `mine.tsv:2:12: unknown column "king"`},
		{"state\tname\tname\n", `mine.tsv:1:12: column "name" stands twice`},
		{"state\tname\nXYZ\tSyldavia\tred\n", "mine.tsv:2:14: 3 cells in a table of 2 columns"},
		{"state\tname\n\tSyldavia\n", "mine.tsv:2:1: the first cell, state, is empty"},
		{"state\tname\nXyz\tSyldavia\n", `mine.tsv:2:1: "Xyz" is no code`},
		{"state\tname\nXYZ\n", "state XYZ has no name"},
		{"state\tname\tfrom\nXYZ\tÉlbonia\t1.2.2003\n", `mine.tsv:2:13: "1.2.2003" is no date`},
		{"state\tname\tfrom\nXYZ\tElbonia\t2003-13\n", "is no date"},
		{"state\tname\tfrom\tto\nXYZ\tElbonia\t2003\t1999\n", "mine.tsv:2:18: ends on 1999, before it begins on 2003"},
		{"organisation\tkind\nGuild\tclub\n", `"club": write org, group, several or place`},
		{"organisation\tkind\tsectors\nGuild\torg\tgov\n", `"gov" is no sector`},
		{"office\tkind\nvizier\trank\n", `"rank": write role, body`},
		{"office\tkind\tclass\nvizier\trole\tboss\n", `unknown office "boss"`},
		{"person\tgender\nAn Other\tx\n", `"x": write m, f or nothing`},
		{"state\tname\nXYZ\t\xff\n", "not UTF-8"},
	} {
		_, err := Load(tables("mine.tsv", c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("table %q: error %v, want it to say %q", c.text, err, c.want)
		}
	}
}

func TestUsersTablesAddAndOverride(t *testing.T) {
	ours := tables("people.tsv", "person\tparty\trole\toffice\tfrom\nAda Lind\tSWE\tForeign Minister\tforeign-minister\t2010\n",
		"states.tsv", "state\tname\nSWE\tSweden\n")
	theirs := tables("a.tsv", "person\tparty\trole\toffice\nAda Lind\tXSY\tKing's envoy\tenvoy\n",
		"b.tsv", "state\tname\tnames\tadjectives\tcapitals\nXSY\tSyldavia\tKingdom of Syldavia\tSyldavian\tKlow\n")
	b, err := Load(ours, theirs)
	if err != nil {
		t.Fatal(err)
	}
	found := b.Find("Ada Lind", "2015-01-01")
	if len(found) != 1 || found[0].Party != "XSY" || found[0].Role != "King's envoy" || len(found[0].Terms) != 1 {
		t.Errorf("Ada Lind is %+v, want the envoy of XSY alone", found)
	}
	for _, name := range []string{"Syldavia", "Kingdom of Syldavia", "SYLDAVIA", "Klow"} {
		if e := b.Find(name, ""); len(e) != 1 || e[0].Party != "XSY" {
			t.Errorf("%s is %+v, want XSY", name, e)
		}
	}
	if got := b.PartyName("XSY"); got != "Syldavia" {
		t.Errorf("XSY is called %q", got)
	}
}

func TestOfficesChangeOnTheirDates(t *testing.T) {
	b := embedded(t)
	for _, c := range []struct {
		name, on, role string
		party          detente.Party
	}{
		{"Sergei Lavrov", "2016-12-20", "Foreign Minister", "RUS"},
		{"Sergei Lavrov", "2001-05-05", "Ambassador to the United Nations", "RUS"},
		{"John Kerry", "2013-01-31", "", ""},
		{"John Kerry", "2013-02-01", "Secretary of State", "USA"},
		{"John Kerry", "2018-06-01", "former Secretary of State", ""},
		{"Vladimir Putin", "2010-03-01", "Prime Minister", "RUS"},
		{"Donald Trump", "2016-12-22", "President-elect", "USA"},
		{"Mark Rutte", "2024-12-01", "Secretary-General", "NATO"},
		{"Mikhail Gorbachev", "1989-12-03", "Soviet leader", "RUS"},
	} {
		found := b.Find(c.name, detente.Date(c.on))
		if len(found) == 0 || found[0].Role != c.role || found[0].Party != c.party {
			t.Errorf("%s on %s is %+v, want %q of %q", c.name, c.on, found, c.role, c.party)
		}
	}
}

func TestFindKnowsWhatANameMayMean(t *testing.T) {
	b := embedded(t)
	for _, c := range []struct {
		name  string
		kind  Kind
		party detente.Party
	}{
		{"Kremlin", KindBody, "RUS"}, {"Foggy Bottom", KindBody, "USA"}, {"Élysée", KindBody, "FRA"}, {"Elysee", KindBody, "FRA"},
		{"Kiev", KindState, "UKR"}, {"Kyiv", KindState, "UKR"}, {"U.A.E.", KindState, "ARE"}, {"DPRK", KindState, "PRK"},
		{"IAEA", KindOrg, "IAEA"}, {"Pentagon", KindBody, "USA"}, {"Quai d'Orsay", KindBody, "FRA"}, {"Côte d'Ivoire", KindState, "CIV"},
		{"Soviet Union", KindState, "RUS"}, {"TASS", KindMedia, ""}, {"Sochi", KindPlace, ""}, {"Kosovo", KindState, "XKX"},
	} {
		if e := b.Find(c.name, ""); len(e) == 0 || e[0].Kind != c.kind || e[0].Party != c.party {
			t.Errorf("%s is %+v, want %s of %q", c.name, e, c.kind, c.party)
		}
	}
	if e := b.Find("us", ""); len(e) != 0 && e[0].Kind == KindState {
		// Find is not particular about capitals; the text of an article is.
		t.Logf("us finds %s", e[0].Name)
	}
}

func TestPlurals(t *testing.T) {
	for one, many := range map[string]string{"spokesman": "spokesmen", "chief of staff": "chiefs of staff", "secretary of state": "secretaries of state",
		"embassy": "embassies", "attorney general": "attorneys general", "king": "kings", "forces": "forces", "press secretary": "press secretaries",
		"spokesperson": "spokespeople", "ex-wife": "ex-wifes"} {
		if got := plural(one); got != many {
			t.Errorf("plural(%q) is %q, want %q", one, got, many)
		}
	}
}

// FuzzLoad: any bytes give a Book or an error that names file and place.
func FuzzLoad(f *testing.F) {
	f.Add("state\tname\nXYZ\tSyldavia\n")
	f.Add("person\tnames\tparty\tfrom\tto\nA B\tC D; E\tXYZ\t2001\t2002-03\n")
	f.Add("office\tnames\tkind\nforeign\tx; y\tdomain\n")
	f.Add("organisation\tkind\tparty\nBoth\tseveral\tAAA; BBB\n# note\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Load(tables("t.tsv", text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "t.tsv") {
				t.Errorf("error without its place: %v", err)
			}
			return
		}
		for key, forms := range b.forms {
			if len(forms) == 0 || strings.Count(key, " ")+1 != len(forms[0].caps) {
				t.Errorf("name %q has %d forms, capitals of %d pieces", key, len(forms), len(forms[0].caps))
			}
		}
	})
}
