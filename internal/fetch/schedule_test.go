package fetch

import (
	"testing"
	"time"
)

func TestRhythm(t *testing.T) {
	now := time.Date(2019, 5, 8, 10, 0, 0, 0, time.UTC) // a Wednesday
	allHours := uint32(1<<24 - 1)
	for name, test := range map[string]struct {
		r        Rhythm
		from, to time.Time
	}{
		"as wanted":                    {Rhythm{Every: time.Hour}, now.Add(time.Hour), now.Add(66 * time.Minute)},
		"the publisher wants less":     {Rhythm{Every: time.Hour, TTL: 3 * time.Hour}, now.Add(3 * time.Hour), now.Add(198 * time.Minute)},
		"the publisher would be often": {Rhythm{Every: time.Hour, TTL: time.Minute}, now.Add(time.Hour), now.Add(66 * time.Minute)},
		"a month is not believed":      {Rhythm{Every: time.Hour, TTL: 30 * 24 * time.Hour}, now.Add(24 * time.Hour), now.Add(1584 * time.Minute)},
		"it rests at eleven":           {Rhythm{Every: time.Hour, SkipHours: 1<<11 | 1<<12}, now.Add(3 * time.Hour), now.Add(3 * time.Hour)},
		"it rests on Wednesdays":       {Rhythm{Every: time.Hour, SkipDays: 1 << time.Wednesday}, now.Add(14 * time.Hour), now.Add(14 * time.Hour)},
		"it rests at all hours":        {Rhythm{Every: time.Hour, SkipHours: allHours}, now.Add(time.Hour), now.Add(time.Hour)},
	} {
		got := test.r.Next(now, "https://paper.example/feed")
		if got.Before(test.from) || got.After(test.to) {
			t.Errorf("%s: next at %s, want from %s to %s", name, got, test.from, test.to)
		}
		if again := test.r.Next(now, "https://paper.example/feed"); again != got {
			t.Errorf("%s: %s and then %s", name, got, again)
		}
	}
	spread := map[time.Time]bool{}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		spread[Rhythm{Every: time.Hour}.Next(now, name)] = true
	}
	if len(spread) != 5 {
		t.Errorf("five sources are polled at %d times", len(spread))
	}
}

func TestBackoff(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: 10 * time.Minute, 2: 20 * time.Minute, 5: 160 * time.Minute, 50: 24 * time.Hour} {
		got := Backoff(10*time.Minute, failures, "a")
		if got < want*3/4 || got > want*5/4 {
			t.Errorf("after %d failures %s, want about %s", failures, got, want)
		}
		if got != Backoff(10*time.Minute, failures, "a") || got == Backoff(10*time.Minute, failures, "b") {
			t.Errorf("after %d failures the pause is not told by the name", failures)
		}
	}
}
