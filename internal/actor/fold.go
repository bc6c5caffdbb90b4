package actor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A name is compared as a line of pieces: runs of letters and digits, folded
// to lower case without accents and divided by one space. "Côte d'Ivoire" is
// "cote d ivoire", "U.S." is "u s", "al-Sisi" is "al sisi", however the
// tokeniser cut them. How a piece is capitalised is kept beside it.

// capital says how the letters of a piece are written.
type capital byte

const (
	anyCase      capital = iota // the name has it in lower case: any writing fits
	initialUpper                // Russia
	allUpper                    // NATO; two letters or more
)

// capitalOf classes one piece as it is written.
func capitalOf(s string) capital {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
		return anyCase
	}
	for _, c := range s[n:] {
		if unicode.IsLower(c) {
			return initialUpper
		}
	}
	if n == len(s) {
		return initialUpper
	}
	return allUpper
}

// fits says whether a written piece may stand for a name's piece. Short
// abbreviations want their capitals ("US" is not "us"); longer ones are also
// written as names ("Nato").
func (written capital) fits(name capital, letters int) bool {
	switch name {
	case anyCase:
		return true
	case initialUpper:
		return written != anyCase
	}
	return written == allUpper || written == initialUpper && letters > 3
}

func isPieceRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// fold appends the folded letters of one piece to b.
func fold(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return foldUnicode(b, s)
		}
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

func foldUnicode(b []byte, s string) []byte {
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		switch r = unicode.ToLower(r); r {
		case 'ø':
			r = 'o'
		case 'ł':
			r = 'l'
		case 'đ', 'ð':
			r = 'd'
		case 'ı':
			r = 'i'
		case 'ß':
			b = append(b, 's')
			r = 's'
		case 'æ':
			b = append(b, 'a')
			r = 'e'
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

// eachPiece calls f with the byte range of every piece of s.
func eachPiece(s string, f func(start, end int)) {
	start := -1
	for i, r := range s {
		if isPieceRune(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			f(start, i)
			start = -1
		}
	}
	if start >= 0 {
		f(start, len(s))
	}
}

// foldName gives a name's key, the capitals of its pieces, and their count.
func foldName(s string) (key string, caps string) {
	b, c := appendName(nil, nil, s)
	return string(b), string(c)
}

// appendName appends a name's key to b and its capitals to c.
func appendName(b, c []byte, s string) (key, caps []byte) {
	eachPiece(s, func(start, end int) {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = fold(b, s[start:end])
		c = append(c, byte(capitalOf(s[start:end])))
	})
	return b, c
}

// slug makes an id of a name.
func slug(s string) string {
	key, _ := foldName(s)
	return strings.ReplaceAll(key, " ", "-")
}
