package source

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"detente"
)

// jsonArticle is one line of JSON lines.
type jsonArticle struct {
	ID        jsonID      `json:"id"`
	URL       string      `json:"url"`
	Outlet    string      `json:"outlet"`
	Title     string      `json:"title"`
	Byline    jsonStrings `json:"byline"`
	Published string      `json:"published"`
	Modified  string      `json:"modified"`
	Language  string      `json:"language"`
	Text      *string     `json:"text"`
	HTML      string      `json:"html"`
}

// jsonID is a string, or a number as it is written.
type jsonID string

func (id *jsonID) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(id))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return errors.New("id is neither a string nor a number")
	}
	*id = jsonID(n)
	return nil
}

// jsonStrings is a list of strings, or one string.
type jsonStrings []string

func (s *jsonStrings) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var one string
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		if one = clean(one); one != "" {
			*s = splitBylines(one)
		}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(s))
}

// splitBylines reads a byline that is known to be one; a form that is not
// names stays whole.
func splitBylines(text string) []string {
	if names := bareByline(text); names != nil {
		return names
	}
	if names := splitNames(text); names != nil {
		return names
	}
	return []string{text}
}

// readJSONLines reads one article a line; a line that is none gets an error and
// the next is read.
func readJSONLines(br *bufio.Reader, h Hint, in *input, y yield) bool {
	for n := 1; ; n++ {
		line, err := readLine(br, maxInput)
		if err == io.EOF {
			return true
		}
		place := fmt.Sprintf("line %d", n)
		if err != nil {
			if !y(nil, &Error{Name: h.Name, Place: place, Err: err}) {
				return false
			}
			continue
		}
		line = bytes.TrimSpace(trimBOM(line))
		if len(line) == 0 {
			continue
		}
		if in.err != nil && !json.Valid(line) {
			return true // the piece of a line before the input broke off
		}
		a, err := articleOfLine(line, h)
		if err != nil {
			a, err = nil, &Error{Name: h.Name, Place: place, Err: err}
		}
		if !y(a, err) {
			return false
		}
	}
}

// readJSON reads one article written over several lines.
func readJSON(br *bufio.Reader, h Hint, y yield) bool {
	b, err := readWhole(br, maxInput)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	a, err := articleOfLine(b, h)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	return y(a, nil)
}

// articleOfLine reads one object.
func articleOfLine(line []byte, h Hint) (*detente.Article, error) {
	text, warning := decode(line, "")
	var w jsonArticle
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return nil, fmt.Errorf("not the JSON of an article: %w; write one object a line with id, title, published, text or html", err)
	}
	if w.Text == nil && w.HTML == "" {
		return nil, errors.New(`it has neither "text" nor "html"; give one of them`)
	}
	d := &draft{id: string(w.ID), url: w.URL, outlet: w.Outlet, title: clean(w.Title), byline: w.Byline, language: languageCode(w.Language)}
	d.warn(warning)
	for _, s := range []struct {
		name, value string
		to          *stamped
	}{{"published", w.Published, &d.published}, {"modified", w.Modified, &d.modified}} {
		if *s.to = readStamp(s.value); s.value != "" && s.to.day == "" {
			return nil, fmt.Errorf("%s %q: %w", s.name, s.value, detente.ErrDate)
		}
	}
	if w.URL != "" {
		h.URL = w.URL
	}
	if w.Text == nil {
		return d.fromPage(w.HTML, h)
	}
	return d.fromText(*w.Text, h)
}

// readLine reads a line of at most limit bytes, without its end. A longer line
// is skipped whole and gives an error; io.EOF comes after the last line.
func readLine(br *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	skipped := 0
	for {
		part, err := br.ReadSlice('\n')
		if len(line)+len(part) > limit || skipped > 0 {
			skipped += len(line) + len(part)
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && len(line) == 0 && skipped == 0:
			return nil, err
		case skipped > 0:
			return nil, tooBig("the line", limit)
		}
		return line, nil
	}
}
