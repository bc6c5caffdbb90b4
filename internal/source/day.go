package source

import (
	"bufio"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"detente"
	"detente/data"
)

// Dates as pages write them. A day is read as it stands: the publisher's own
// calendar day, whatever the zone. 3/4/2016 is read only where it is known
// which number is the day.

// dayOrder says which number of 3/4/2016 is the day.
type dayOrder int

const (
	orderUnknown dayOrder = iota
	dayFirst
	monthFirst
)

// datePattern is a form of date. Its groups name the numbers; needs are signs of
// which a text with that form holds one, and month says that it holds the name
// of a month, so that most texts need not be searched.
type datePattern struct {
	*regexp.Regexp
	needs string
	month bool
}

var datePatterns = sync.OnceValues(func() ([]datePattern, error) {
	const month = `(?P<name>\p{L}{3,15})` // looked up in the table afterwards
	ps := []datePattern{
		{needs: "-/.", Regexp: regexp.MustCompile(`\b(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:\D|$)`)},
		{month: true, Regexp: regexp.MustCompile(`(?i)(?:^|[^\p{L}\d.,])(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?(?: of| de| d’| d')?[ -]` + month + `\.?,?(?: de| del)?[ -](?P<year>(?:19|20)\d\d)(?:\D|$)`)},
		{month: true, Regexp: regexp.MustCompile(`(?i)(?:^|[^\p{L}])` + month + `\.?[ -](?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)(?:\D|$)`)},
		{month: true, Regexp: regexp.MustCompile(`(?i)(?P<year>(?:19|20)\d\d)\.? ` + month + ` (?P<day>\d{1,2})(?:\D|$)`)},
		{needs: "年년", Regexp: regexp.MustCompile(`(?P<year>(?:19|20)\d\d) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]`)},
		{needs: ".", Regexp: regexp.MustCompile(`(?:^|[^\d.])(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>(?:19|20)\d\d|\d\d)(?:\D|$)`)},
		{needs: "/-", Regexp: regexp.MustCompile(`(?:^|\D)(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<year>(?:19|20)\d\d)(?:\D|$)`)},
		{Regexp: regexp.MustCompile(`\b(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:\b|T)`)},
	}
	_, err := monthNames()
	return ps, err
})

// holdsMonth reports whether a word of a text is the name of a month.
func holdsMonth(text string) bool {
	months, err := monthNames()
	if err != nil {
		panic(err) // embedded tables are checked by the tests
	}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if months[strings.ToLower(w)] > 0 {
			return true
		}
	}
	return false
}

// monthNames is data/lang/months.tsv: every form of a name and its number.
var monthNames = sync.OnceValues(func() (map[string]int, error) {
	months := map[string]int{}
	err := eachRow("lang/months.tsv", func(cells []string) error {
		if len(cells) != 13 {
			return fmt.Errorf("%d columns; give a language and twelve months", len(cells))
		}
		for i, cell := range cells[1:] {
			for _, name := range strings.Split(cell, "|") {
				months[name] = i + 1
			}
		}
		return nil
	})
	return months, err
})

// eachRow calls f with the cells of each row of an embedded table.
func eachRow(name string, f func(cells []string) error) error {
	file, err := data.FS.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, "#") {
			if err := f(strings.Split(line, "\t")); err != nil {
				return fmt.Errorf("%s: line %d: %w", name, n, err)
			}
		}
	}
	return lines.Err()
}

// findDay finds the first date of a text that can be read without doubt, and
// where in the text, in bytes, it stands.
func findDay(text string) (day detente.Date, at [2]int, ok bool) {
	return findDayIn(text, orderUnknown)
}

// findDayIn is findDay where the order of numbers may be known.
func findDayIn(text string, order dayOrder) (day detente.Date, at [2]int, ok bool) {
	patterns, err := datePatterns()
	if err != nil {
		panic(err) // embedded tables are checked by the tests
	}
	if !mayHoldDay(text) {
		return "", at, false
	}
	named := holdsMonth(text)
	for _, p := range patterns {
		if p.month && !named || p.needs != "" && !strings.ContainsAny(text, p.needs) {
			continue
		}
		for _, m := range p.FindAllStringSubmatchIndex(text, maxTries) {
			if ok && m[0] >= at[0] {
				break
			}
			if d, valid := p.day(text, m, order); valid {
				day, at, ok = d, [2]int{m[0], m[1]}, true
				break
			}
		}
	}
	return day, at, ok
}

// maxTries is how many places of a text that look like one form of date are
// tried.
const maxTries = 8

// mayHoldDay is a quick look before the patterns: a date has a year of four
// digits, or two numbers with a full stop after each.
func mayHoldDay(text string) bool {
	run, stops := 0, 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= '0' && c <= '9' {
			if run++; run == 4 && (text[i-3] == '1' && text[i-2] == '9' || text[i-3] == '2' && text[i-2] == '0') {
				return true
			}
			continue
		} else if c == '.' && run > 0 && run <= 2 {
			if stops++; stops == 2 {
				return true
			}
		} else if c != ' ' {
			stops = 0
		}
		run = 0
	}
	return false
}

// day makes the date of a match.
func (p datePattern) day(text string, m []int, order dayOrder) (detente.Date, bool) {
	value := func(name string) string {
		i := p.SubexpIndex(name)
		if i < 0 || m[2*i] < 0 {
			return ""
		}
		return text[m[2*i]:m[2*i+1]]
	}
	number := func(name string) int {
		n, _ := strconv.Atoi(value(name))
		return n
	}
	y, mo, d := number("year"), number("month"), number("day")
	if name := value("name"); name != "" {
		months, err := monthNames()
		if err != nil {
			panic(err) // embedded tables are checked by the tests
		}
		mo = months[strings.ToLower(name)]
	}
	if first, second := number("first"), number("second"); first > 0 {
		switch {
		case first > 12 || first == second || order == dayFirst:
			d, mo = first, second
		case second > 12 || order == monthFirst:
			d, mo = second, first
		default:
			return "", false
		}
	}
	if y < 100 {
		if isNumbered(text[:m[0]]) {
			return "", false
		}
		y += 2000
	}
	return validDay(y, mo, d)
}

// isNumbered reports whether a text ends in a word that three numbers may count
// the version of: "WordPress 4.8.12".
func isNumbered(before string) bool {
	before = strings.TrimSpace(before)
	word := before[strings.LastIndexByte(before, ' ')+1:]
	last, _ := utf8.DecodeLastRuneInString(word)
	lower := strings.ToLower(word)
	return unicode.IsLetter(last) && opensUpper(word) && !isStampWord(lower) && !isKindOfWord(lower, "nobody")
}

func validDay(y, m, d int) (detente.Date, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if m < 1 || m > 12 || d < 1 || t.Day() != d || y < 1900 {
		return "", false
	}
	return detente.DateOf(t), true
}

// isDateWord reports a weekday or month that stands alone.
func isDateWord(word string) bool {
	months, err := monthNames()
	if err != nil {
		panic(err) // embedded tables are checked by the tests
	}
	return months[word] > 0 || isKindOfWord(word, "weekday")
}
