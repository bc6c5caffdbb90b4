package ingest

import (
	"fmt"
	"strings"
	"testing"

	"detente"
)

// scored is a record as the line could make it: a call between ministers that
// one side denies, and a statement with a chain of two links.
func scored() *detente.Record {
	const text = "The call took place, the ministry said, the Daily Post reported, citing Radio Nord."
	span := func(s string) []detente.Span {
		i := strings.Index(text, s)
		return []detente.Span{{Start: i, End: i + len(s)}}
	}
	dyad := detente.Dyad{"DNK", "NOR"}
	return &detente.Record{
		Text: text,
		Acts: []detente.Act{
			{ID: "a1", Kind: detente.Contact, Dyad: dyad, Channel: detente.ForeignMinisters, Mode: "phone", Date: "2019-05-08", Factuality: detente.Happened},
			{ID: "a2", Kind: detente.Thaw, Dyad: dyad, Channel: detente.Embassies, Date: "2019-06", Factuality: detente.Planned},
			{ID: "a3", Kind: detente.Contact, Dyad: dyad, Channel: detente.Leaders, Factuality: detente.Planned},
		},
		Statements: []detente.Statement{{
			ID: "s1", Speaker: detente.Speaker{Name: "Foreign Ministry", Party: "NOR"},
			Source: span("the ministry"), Content: span("The call took place"),
			Via: []detente.Link{{Name: "Radio Nord"}, {Name: "Daily Post"}, {Name: "The Herald"}},
		}},
		Channels: []detente.ChannelState{{Dyad: dyad, Channel: detente.ForeignMinisters, State: detente.Disputed}},
		Disputes: []detente.Dispute{{Dyad: dyad, Channel: detente.ForeignMinisters, Record: []detente.ActID{"a1"}, Finding: detente.WordAgainstWord}},
	}
}

func TestScoreGold(t *testing.T) {
	cases := []struct {
		expect string
		met    bool
	}{
		{`{"acts":[{"kind":"contact","dyad":["NOR","DNK"],"channel":"foreign-ministers","mode":["call","phone"],"date":"2019-05"}]}`, true},
		{`{"acts":[{"kind":"contact","dyad":["DNK","NOR"],"channel":["leaders","security"]}]}`, false}, // planned is no contact yet
		{`{"acts":[{"kind":"contact","dyad":["DNK","NOR"],"channel":"leaders","factuality":"planned"}]}`, true},
		{`{"acts":[{"kind":"thaw","dyad":["DNK","NOR"]}]}`, true}, // announced is enough
		{`{"acts":[{"dyad":["DNK","NOR"],"date":"2019-05-09"}]}`, false},
		{`{"absent":[{"kind":"contact","dyad":["DNK","NOR"]}]}`, false},
		{`{"absent":[{"kind":"contact","dyad":["DNK","NOR"],"undisputed":true}]}`, true},
		{`{"absent":[{"kind":"contact","any":true,"mode":"phone"}]}`, false},
		{`{"absent":[{"kind":"contact","dyad":["DNK","SWE"]}]}`, true},
		{`{"states":[{"dyad":["DNK","NOR"],"channel":["all","foreign-ministers"],"state":["open","disputed"]}]}`, true},
		{`{"states":[{"dyad":["DNK","NOR"],"channel":"all","state":["disputed"]}]}`, false},
		{`{"statements":[{"speaker":"foreign ministry","party":"NOR","has":"CALL took"}]}`, true},
		{`{"statements":[{"speaker":"the ministry","party":"NOR","has":"call","via":"daily"}]}`, true},
		{`{"statements":[{"speaker":"ministry","party":"DNK","has":"call"}]}`, false},
		{`{"statements":[{"speaker":"ministry","party":"NOR","has":"call","via":["radio nord","post"]}]}`, true},
		{`{"statements":[{"speaker":"ministry","party":"NOR","has":"call","via":["post","radio nord"]}]}`, false},
		{`{"statements":[{"speaker":"ministry","party":"NOR","has":"call","via":["radio nord"]}]}`, false}, // two links more
		{`{"disputes":[{"dyad":["DNK","NOR"]}]}`, true},
		{`{"disputes":[{"dyad":["DNK","NOR"],"finding":"record-contradicts"}]}`, false},
	}
	rec := scored()
	for _, c := range cases {
		gold, err := ReadGold(strings.NewReader(`{"id":"x","expect":` + c.expect + "}\n"))
		if err != nil {
			t.Fatalf("%s: %v", c.expect, err)
		}
		for _, rec := range []*detente.Record{rec, nil} {
			score := ScoreGold(gold, func(string) *detente.Record { return rec })
			met, n := score.Total()
			if n != 1 || (met == 1) != (c.met && rec != nil) || len(score.Misses) != n-met {
				t.Errorf("%s: met %d of %d, record there %v, want met %v", c.expect, met, n, rec != nil, c.met)
			}
		}
	}
}

func TestReadGoldNamesLine(t *testing.T) {
	_, err := ReadGold(strings.NewReader("{}\n\n{\"expect\":[]}\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "line 3: ") {
		t.Errorf("got %v, want an error of line 3", err)
	}
}

func ExampleScore_Total() {
	gold, _ := ReadGold(strings.NewReader(`{"id":"x","expect":{"absent":[{"any":true}],"disputes":[{"dyad":["DNK","NOR"]}]}}`))
	met, n := ScoreGold(gold, func(string) *detente.Record { return &detente.Record{} }).Total()
	fmt.Printf("%d of %d", met, n)
	// Output: 1 of 2
}
