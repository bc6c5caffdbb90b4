package web

import "detente"

func daysBetween(a, b detente.Date) int {
	from, _ := a.Time()
	to, _ := b.Time()
	return int(to.Sub(from).Hours() / 24)
}

// timeScale places days between two edges of a drawing. All that stands on one
// page above one another shares one: lanes, ribbons and panels.
type timeScale struct {
	from        detente.Date
	days        int
	left, right int
}

// newTimeScale runs from one day to another.
func newTimeScale(from, to detente.Date, left, right int) timeScale {
	return timeScale{from: from, days: max(1, daysBetween(from, to)), left: left, right: right}
}

// covers says whether a day lies on the scale; at puts others at its ends.
func (s timeScale) covers(d detente.Date) bool {
	n := daysBetween(s.from, d)
	return 0 <= n && n <= s.days
}

func (s timeScale) at(d detente.Date) int {
	n := min(max(0, daysBetween(s.from, d)), s.days)
	return s.left + n*(s.right-s.left)/s.days
}

// ticks gives round days, months or years, at most n of them.
func (s timeScale) ticks(last detente.Date, n int) []tick {
	start, _ := s.from.Time()
	end, _ := last.Time()
	var out []tick
	for _, step := range []struct {
		days, months int
		format       string
	}{
		{1, 0, "2 Jan 2006"}, {2, 0, "2 Jan 2006"}, {7, 0, "2 Jan 2006"}, {14, 0, "2 Jan 2006"}, {0, 1, "Jan 2006"}, {0, 3, "Jan 2006"}, {0, 6, "Jan 2006"},
		{0, 12, "2006"}, {0, 24, "2006"}, {0, 60, "2006"}, {0, 120, "2006"}, {0, 600, "2006"}, {0, 6000, "2006"},
	} {
		day := start
		if step.months > 0 {
			months := start.Year()*12 + int(start.Month()) - 1
			months = (months + step.months) / step.months * step.months
			day = start.AddDate(0, 0, 1-start.Day()).AddDate(0, months-(start.Year()*12+int(start.Month())-1), 0)
		}
		out = out[:0]
		for ; !day.After(end) && len(out) <= n; day = day.AddDate(0, step.months, step.days) {
			out = append(out, tick{s.at(detente.DateOf(day)), day.Format(step.format), "middle"})
		}
		if len(out) <= n {
			break
		}
	}
	return out
}

// apart leaves out ticks whose labels would run into the one before.
func apart(ticks []tick) []tick {
	var out []tick
	ends := 0 // where the label before ends
	for _, tk := range ticks {
		width := letterWidth * len(tk.Label)
		from := tk.X - width/2
		switch tk.Anchor {
		case "start":
			from = tk.X
		case "end":
			from = tk.X - width
		}
		if len(out) > 0 && from < ends {
			continue
		}
		out = append(out, tk)
		ends = from + width
	}
	return out
}
