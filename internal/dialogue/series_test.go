package dialogue

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"detente"
	"detente/data"
)

func load(t testing.TB) *Rules {
	t.Helper()
	rules, err := Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// invent makes n tellings of one dyad over some days: acts, claims, denials and
// affirmations of both sides and of an outsider, copies and superseded versions.
func invent(random *rand.Rand, n, days int) []Telling {
	day := func(k int) detente.Date { return detente.DateOf(time.Date(2019, 1, 1+k, 0, 0, 0, 0, time.UTC)) }
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	var out []Telling
	for i := range n {
		k := random.IntN(days)
		t := Telling{Article: fmt.Sprintf("n%03d", i), Known: day(k)}
		if i > 0 && random.IntN(5) == 0 {
			first := out[random.IntN(i)]
			t.Origin = cmp.Or(first.Origin, first.Article)
		}
		if random.IntN(8) == 0 {
			t.Until = day(k + 1 + random.IntN(20))
		}
		rec := &detente.Record{Article: detente.Article{ID: t.Article, Published: t.Known, Outlet: pick("Post", "Courier")}}
		for s := range 1 + random.IntN(4) {
			party := detente.Party(pick("RUS", "USA", "FIN"))
			st := detente.Statement{ID: detente.StatementID(detente.Numbered("s", s+1)), Speaker: detente.Speaker{Name: "speaker of " + string(party), Party: party}, SaidOn: day(k - random.IntN(3))}
			channel := detente.Channel(pick("all", "leaders", "embassies", "military", "mediated"))
			when := day(k - random.IntN(40))
			if random.IntN(6) == 0 {
				when = when[:7]
			}
			act := detente.Act{ID: detente.ActID(detente.Numbered("a", s+1)), Kind: detente.ActKind(pick("contact", "freeze", "thaw")), Dyad: rusUSA, Channel: channel,
				Mode: pick("", "phone", "meeting"), Date: when, Factuality: detente.Factuality(pick("happened", "happened", "alleged", "denied")), Sentence: s, Reported: random.IntN(9) == 0}
			switch random.IntN(3) {
			case 0:
				rec.Acts = append(rec.Acts, act)
			case 1:
				act.Statement = st.ID
				rec.Acts = append(rec.Acts, act)
				rec.Claims = append(rec.Claims, detente.Claim{ID: detente.ClaimID(detente.Numbered("c", s+1)), Statement: st.ID, Dyad: rusUSA, Channel: channel,
					Act: act.ID, Denies: act.Factuality == detente.DeniedHappened, State: detente.Unknown, Sentence: s})
			default:
				rec.Claims = append(rec.Claims, detente.Claim{ID: detente.ClaimID(detente.Numbered("c", s+1)), Statement: st.ID, Dyad: rusUSA, Channel: channel,
					State: detente.State(pick("open", "frozen", "minimal", "severed")), Sentence: s})
			}
			rec.Statements = append(rec.Statements, st)
		}
		t.Items = Items(rec, t.Article+"#")
		out = append(out, t)
	}
	return out
}

var rusUSA = detente.NewDyad("RUS", "USA")

// knownItems are the items known on a day: of each origin those of the article
// known earliest.
func knownItems(tellings []Telling, day detente.Date) []Item {
	sorted := slices.Clone(tellings)
	slices.SortFunc(sorted, func(a, b Telling) int {
		return cmp.Or(cmp.Compare(a.Known, b.Known), cmp.Compare(a.Article, b.Article))
	})
	seen := map[string]bool{}
	var items []Item
	for _, t := range sorted {
		origin := cmp.Or(t.Origin, t.Article)
		if t.Known > day || t.Until != "" && t.Until <= day || seen[origin] {
			continue
		}
		seen[origin] = true
		items = append(items, t.Items...)
	}
	return items
}

// TestSeriesIsTheFoldOfEachDay compares what a series says of each day with a
// fold of what was known then.
func TestSeriesIsTheFoldOfEachDay(t *testing.T) {
	rules := load(t)
	disputes := 0
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 7))
		tellings := invent(random, 60, 150)
		series := rules.Series(rusUSA, tellings, "")
		for k := range 180 {
			day := detente.DateOf(time.Date(2018, 12, 30+k, 0, 0, 0, 0, time.UTC))
			board := rules.Fold(rusUSA, knownItems(tellings, day), "")
			for i, ch := range detente.Channels {
				if got := spellOn(series, ch, day); !sameState(got, board.Channels[i]) {
					t.Fatalf("seed %d, %s on %s: the series says\n%+v\nthe fold\n%+v", seed, ch, day, got, board.Channels[i])
				}
			}
			got, want := disputesOn(series, day), []string{}
			for _, d := range board.Disputes {
				want = append(want, asJSON(t, d))
			}
			slices.Sort(want)
			want = slices.Compact(want)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d on %s: the series has the disputes\n%v\nthe fold\n%v", seed, day, got, want)
			}
			disputes += len(want)
		}
	}
	if disputes < 10_000 {
		t.Errorf("only %d disputes; the histories are too peaceful to test with", disputes)
	}
}

func asJSON(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func spellOn(s detente.Series, ch detente.Channel, day detente.Date) detente.ChannelState {
	state := detente.ChannelState{Channel: ch, State: detente.Unknown, Rule: nothingReported}
	for _, c := range s.Channels {
		if c.Channel == ch && c.First <= day {
			state = c.ChannelState
		}
	}
	return state
}

func disputesOn(s detente.Series, day detente.Date) []string {
	out := []string{}
	for _, d := range s.Disputes {
		if d.First <= day && (d.Until == "" || d.Until > day) {
			b, _ := json.Marshal(d.Dispute)
			out = append(out, string(b))
		}
	}
	slices.Sort(out)
	return out
}

// TestSeriesFromADay says that a fold from some day on gives the same spells as
// one from the first.
func TestSeriesFromADay(t *testing.T) {
	rules := load(t)
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 8))
		tellings := invent(random, 60, 150)
		whole := rules.Series(rusUSA, tellings, "")
		from := tellings[random.IntN(len(tellings))].Known
		part := rules.Series(rusUSA, tellings, from)
		var channels []detente.ChannelSpell
		for _, c := range whole.Channels {
			if c.First >= from {
				channels = append(channels, c)
			}
		}
		var disputes []detente.DisputeSpell
		ended := map[string]detente.Date{}
		for _, d := range whole.Disputes {
			switch {
			case d.First >= from:
				disputes = append(disputes, d)
			case d.Until >= from:
				ended[asJSON(t, d.Dispute)] = d.Until
			}
		}
		if a, b := asJSON(t, channels), asJSON(t, part.Channels); a != b && len(channels) > 0 {
			t.Errorf("seed %d from %s: channels\n%s\nwant\n%s", seed, from, b, a)
		}
		if a, b := asJSON(t, disputes), asJSON(t, part.Disputes); a != b && len(disputes) > 0 {
			t.Errorf("seed %d from %s: disputes\n%s\nwant\n%s", seed, from, b, a)
		}
		if len(part.Ended) != len(ended) {
			t.Errorf("seed %d from %s: %d disputes ended, want %d", seed, from, len(part.Ended), len(ended))
		}
		for _, d := range part.Ended {
			if ended[asJSON(t, d.Dispute)] != d.Until {
				t.Errorf("seed %d from %s: %v ended %s", seed, from, d.Dispute, d.Until)
			}
		}
	}
}

func BenchmarkSeries(b *testing.B) {
	rules := load(b)
	for _, n := range []int{100, 1000, 3000} {
		tellings := invent(rand.New(rand.NewPCG(1, 1)), n, n)
		b.Run(fmt.Sprintf("%d-reports", n), func(b *testing.B) {
			for b.Loop() {
				rules.Series(rusUSA, tellings, "")
			}
		})
		b.Run(fmt.Sprintf("%d-reports-last-day", n), func(b *testing.B) {
			last := slices.MaxFunc(tellings, func(x, y Telling) int { return cmp.Compare(x.Known, y.Known) }).Known
			for b.Loop() {
				rules.Series(rusUSA, tellings, last)
			}
		})
	}
}
