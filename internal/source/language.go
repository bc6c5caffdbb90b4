package source

import (
	"strings"
	"sync"
	"unicode"
)

// Bounds of telling a language.
const (
	lookLetters   = 20000 // bytes of text that are looked at
	minKnownWords = 4     // function words that must be seen
)

// functionWords are the words of data/lang/recognise.tsv, each with the
// languages, in the file's order, that have it.
var functionWords = sync.OnceValues(func() (recogniser, error) {
	r := recogniser{words: map[string][]int{}}
	err := eachRow("lang/recognise.tsv", func(cells []string) error {
		for _, w := range strings.Fields(cells[1]) {
			r.words[w] = append(r.words[w], len(r.names))
		}
		r.names = append(r.names, cells[0])
		return nil
	})
	return r, err
})

// recogniser holds languages and their function words.
type recogniser struct {
	names []string
	words map[string][]int
}

// scripts tell a language, or a family of them, by their letters alone.
var scripts = []struct {
	table *unicode.RangeTable
	name  string
}{
	{unicode.Hangul, "ko"}, {unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Han, "zh"},
	{unicode.Cyrillic, "ru"}, {unicode.Arabic, "ar"}, {unicode.Hebrew, "he"}, {unicode.Greek, "el"},
	{unicode.Devanagari, "hi"}, {unicode.Bengali, "bn"}, {unicode.Thai, "th"}, {unicode.Georgian, "ka"}, {unicode.Armenian, "hy"},
}

// language tells the language of a text as an ISO 639-1 code: by its script,
// and in the Latin script by its function words. Empty: too little text to
// tell.
func language(text string) string {
	text = text[:min(len(text), lookLetters)]
	if name := byScript(text); name != "" {
		return name
	}
	known, err := functionWords()
	if err != nil {
		panic(err) // embedded tables are checked by the tests
	}
	counts := make([]int, len(known.names))
	words := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		words++
		for _, l := range known.words[w] {
			counts[l]++
		}
	}
	best := 0
	for l, n := range counts {
		if n > counts[best] {
			best = l
		}
	}
	if counts[best] < minKnownWords || counts[best]*20 < words {
		return ""
	}
	return known.names[best]
}

// byScript names the language of a text that is not in the Latin script.
func byScript(text string) string {
	letters := 0
	counts := make([]int, len(scripts))
	ukrainian, persian := 0, 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if r < 0x250 {
			continue
		}
		switch r {
		case 'і', 'ї', 'є', 'ґ':
			ukrainian++
		case 'پ', 'چ', 'ژ', 'گ', 'ک', 'ی':
			persian++
		}
		for i, s := range scripts {
			if unicode.Is(s.table, r) {
				counts[i]++
				break
			}
		}
	}
	best, most := "", 0
	for i, n := range counts {
		if n > most {
			best, most = scripts[i].name, n
		}
	}
	kana := counts[1] + counts[2]
	switch {
	case most*2 < letters || most == 0:
		return ""
	case best == "zh" && kana*10 > most:
		return "ja"
	case best == "ru" && ukrainian*50 > most:
		return "uk"
	case best == "ar" && persian*20 > most:
		return "fa"
	}
	return best
}

// languageCode makes "en-GB", "EN_us" and "eng" one code.
func languageCode(label string) string {
	label = strings.ToLower(strings.TrimSpace(label))
	label, _, _ = strings.Cut(strings.ReplaceAll(label, "_", "-"), "-")
	if code, ok := threeLetters[label]; ok {
		return code
	}
	if len(label) != 2 {
		return ""
	}
	return label
}

// threeLetters are ISO 639-2 codes that pages use where two letters exist, and
// English names that some write.
var threeLetters = map[string]string{
	"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru",
	"ara": "ar", "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko", "nld": "nl", "pol": "pl", "tur": "tr", "ukr": "uk",
	"fas": "fa", "per": "fa", "heb": "he", "english": "en",
}
