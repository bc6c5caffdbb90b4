package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// decode turns bytes into UTF-8. The order of belief, from what cannot lie to
// what often does: the whole text is valid UTF-8; a byte-order mark; the
// HTTP header; a declaration in the document; the look of the bytes, which
// tells UTF-8 with a few broken bytes from Windows-1252. The warning says what
// was repaired, and is empty where nothing was.
func decode(b []byte, contentType string) (text, warning string) {
	if utf8.Valid(b) && !bytes.Contains(b, []byte{0}) && !escaped(b, contentType) {
		return string(trimBOM(b)), ""
	}
	if order := utf16Order(b); order != nil {
		return decodeWith(unicode.UTF16(endian(order), unicode.UseBOM), b)
	}
	if len(b) != len(trimBOM(b)) {
		return repair(trimBOM(b))
	}
	if enc := declared(b, contentType); enc != nil {
		return decodeWith(enc, b)
	}
	if looksUTF8(b) {
		return repair(b)
	}
	return decodeWith(charmap.Windows1252, b)
}

// declared is the encoding that the header or the document names, where it is
// another than UTF-8 (a text that reached this point is no valid UTF-8).
func declared(b []byte, contentType string) encoding.Encoding {
	for _, label := range []string{headerCharset(contentType), documentCharset(b)} {
		if label == "" {
			continue
		}
		enc, err := htmlindex.Get(label)
		if err != nil || enc == unicode.UTF8 {
			continue
		}
		if name, _ := htmlindex.Name(enc); strings.HasPrefix(name, "utf-16") || name == "replacement" {
			continue // the declaration itself could be read, so it is false
		}
		return enc
	}
	return nil
}

func headerCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

// documentDeclaration finds charset= in a meta element and encoding= in an XML
// declaration.
var documentDeclaration = regexp.MustCompile(`(?i)<(?:meta\s[^>]*?charset|\?xml\s[^>]*?encoding)\s*=\s*["']?\s*([a-z0-9_:.-]+)`)

func documentCharset(b []byte) string {
	m := documentDeclaration.FindSubmatch(b[:min(len(b), peekSize)])
	if m == nil {
		return ""
	}
	return string(m[1])
}

// escaped reports whether text in plain ASCII bytes declares, and uses, an
// encoding that shifts by escape sequences.
func escaped(b []byte, contentType string) bool {
	if !bytes.Contains(b, []byte("\x1b$")) {
		return false
	}
	label := headerCharset(contentType) + documentCharset(b)
	return strings.Contains(strings.ToLower(label), "2022")
}

// utf16Order tells the byte order of UTF-16, by its mark or, lacking one, by
// zero bytes that stand on one side only; nil where the text is not UTF-16.
func utf16Order(b []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	look := b[:min(len(b), 4096)]
	var zero [2]int
	for i, c := range look {
		if c == 0 {
			zero[i%2]++
		}
	}
	switch half := len(look) / 2; {
	case half < 4:
	case zero[1] > half*4/5 && zero[0] < half/20+1:
		return binary.LittleEndian
	case zero[0] > half*4/5 && zero[1] < half/20+1:
		return binary.BigEndian
	}
	return nil
}

func endian(order binary.ByteOrder) unicode.Endianness {
	if order == binary.BigEndian {
		return unicode.BigEndian
	}
	return unicode.LittleEndian
}

func decodeWith(enc encoding.Encoding, b []byte) (text, warning string) {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return repair(b)
	}
	return countBroken(strings.TrimPrefix(string(out), "\ufeff"))
}

// looksUTF8 reports whether most bytes beyond ASCII stand in valid UTF-8
// sequences.
func looksUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > bad
}

// repair puts U+FFFD where bytes are no UTF-8, one for each run of them.
func repair(b []byte) (text, warning string) {
	return countBroken(string(bytes.ToValidUTF8(b, []byte("\ufffd"))))
}

func countBroken(text string) (string, string) {
	n := strings.Count(text, "\ufffd")
	if n == 0 {
		return text, ""
	}
	return text, fmt.Sprintf("broken characters: %d places could not be decoded and hold U+FFFD", n)
}

func trimBOM(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }
