package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files are what the archives of these tests hold.
var files = []struct{ name, text string }{
	{"a/one.txt", "The envoys met on Monday, an aide said."},
	{"a/.hidden", "Nobody reads this text, not even once."},
	{"b/two.jsonl", `{"id": "two", "text": "They spoke by telephone."}` + "\n" + `{"id": "three"}`},
	{"c/picture.png", "\x89PNG\r\n\x1a\n"},
}

func tarOf(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o600, Size: int64(len(f.text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		e, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// checkFiles holds what came out of the files to what is in them.
func checkFiles(t *testing.T, prefix string, articles int, errs []error) {
	t.Helper()
	if articles != 2 || len(errs) != 2 {
		t.Fatalf("%d articles, errors %v", articles, errs)
	}
	for i, want := range []string{prefix + "b/two.jsonl: line 2: it has neither", prefix + "c/picture.png: it is binary"} {
		if !strings.HasPrefix(errs[i].Error(), want) {
			t.Errorf("error %q, want %q", errs[i], want)
		}
	}
}

func TestArchives(t *testing.T) {
	for name, b := range map[string][]byte{"x.tar": tarOf(t), "x.tar.gz": gzipped(t, tarOf(t)), "x.zip": zipOf(t)} {
		articles, errs := all(bytes.NewReader(b), Hint{Name: name})
		checkFiles(t, name+"/", len(articles), errs)
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	var errs []error
	for _, err := range ReadFile(dir, Hint{}) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s", filepath.ToSlash(err.Error())))
			continue
		}
		n++
	}
	checkFiles(t, filepath.ToSlash(dir)+"/", n, errs)
	for _, err := range ReadFile(filepath.Join(dir, "nothing"), Hint{}) {
		if err == nil || !strings.Contains(err.Error(), "check the name") {
			t.Errorf("a missing file gives %v", err)
		}
	}
}

// warcOf makes an archive of pages, each a record.
func warcOf(version string, pages ...string) []string {
	var records []string
	for i, page := range pages {
		answer := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
		records = append(records, fmt.Sprintf("WARC/%s\r\nWARC-Type: response\r\nWARC-Target-URI: https://w.example/%d\r\nWARC-Date: 2019-01-02T03:04:05Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
			version, i+1, len(answer), answer))
	}
	return records
}

func pageOf(sentence string) string {
	return "<html><body><p>" + sentence + " It was the first time since the winter, an aide said.</p></body></html>"
}

// urls are the addresses of the articles of an archive.
func urls(t *testing.T, b []byte) (found string, errs []error) {
	t.Helper()
	articles, errs := all(bytes.NewReader(b), Hint{Name: "w"})
	for _, a := range articles {
		found += strings.TrimPrefix(a.URL, "https://w.example/") + " "
	}
	return found, errs
}

func TestWARC(t *testing.T) {
	pages := []string{pageOf("They met."), pageOf("They spoke."), pageOf("They wrote.")}
	for _, version := range []string{"1.0", "1.1"} {
		records := warcOf(version, pages...)
		plain := []byte(strings.Join(records, ""))
		perRecord := bytes.Join([][]byte{gzipped(t, []byte(records[0])), gzipped(t, []byte(records[1])), gzipped(t, []byte(records[2]))}, nil)
		for name, b := range map[string][]byte{"plain": plain, "gzip whole": gzipped(t, plain), "gzip per record": perRecord} {
			if found, errs := urls(t, b); found != "1 2 3 " || len(errs) > 0 {
				t.Errorf("%s %s: found %q, errors %v", version, name, found, errs)
			}
		}
	}
}

func TestWARCGoesOnBehindDamage(t *testing.T) {
	records := warcOf("1.0", pageOf("They met."), pageOf("They spoke."), pageOf("They wrote."))
	bad := strings.Replace(records[1], "Content-Length", "Content-Width", 1)
	if found, errs := urls(t, []byte(records[0]+bad+records[2])); found != "1 3 " || len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), "w: byte ") {
		t.Errorf("without a length: found %q, errors %v", found, errs)
	}
	if found, errs := urls(t, []byte(records[0]+"some bytes between\r\n"+records[2])); found != "1 3 " || len(errs) != 1 {
		t.Errorf("bytes between: found %q, errors %v", found, errs)
	}
	if found, errs := urls(t, []byte(records[0]+records[1][:len(records[1])-40])); !strings.HasPrefix(found, "1 ") || len(errs) == 0 {
		t.Errorf("cut off: found %q, errors %v", found, errs)
	}
	long := strings.Replace(records[0], "Content-Length: ", "Content-Length: 1", 1)
	if found, errs := urls(t, []byte(long+records[1]+records[2])); found != "1 2 3 " || len(errs) != 1 || !strings.Contains(errs[0].Error(), "its length is wrong") {
		t.Errorf("a length that is too long: found %q, errors %v", found, errs)
	}
	short := strings.Replace(records[0], "Content-Length: ", "Content-Length: 0x", 1)
	if found, errs := urls(t, []byte(short+records[1]+records[2])); found != "2 3 " || len(errs) != 1 {
		t.Errorf("a length that is none: found %q, errors %v", found, errs)
	}
	middle := gzipped(t, []byte(records[1]))
	for i := len(middle) / 2; i < len(middle)/2+12; i++ {
		middle[i] ^= 0x55
	}
	broken := bytes.Join([][]byte{gzipped(t, []byte(records[0])), middle, gzipped(t, []byte(records[2]))}, nil)
	if found, errs := urls(t, broken); !strings.HasPrefix(found, "1 ") || !strings.HasSuffix(found, "3 ") || len(errs) == 0 {
		t.Errorf("a damaged member: found %q, errors %v", found, errs)
	}
}

// Bodies are read in chunks where they are in chunks, whatever the header says.
func TestWARCChunks(t *testing.T) {
	page := pageOf("They met.")
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
	half := len(page) / 2
	for name, answer := range map[string]string{
		"chunked":        head + fmt.Sprintf("%x\r\n%s\r\n%X;a=b\r\n%s\r\n0\r\n\r\n", half, page[:half], len(page)-half, page[half:]),
		"not chunked":    head + page,
		"gzip":           head + string(gzipped(t, []byte(page))),
		"said to be not": strings.Replace(head, "Transfer-Encoding: chunked", "Content-Encoding: gzip", 1) + page,
	} {
		record := fmt.Sprintf("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://w.example/c\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(answer), answer)
		articles, errs := all(strings.NewReader(record), Hint{Name: "w"})
		if len(articles) != 1 || len(errs) > 0 || !strings.HasPrefix(articles[0].Text, "They met. It was the first time") {
			t.Errorf("%s: %d articles, errors %v", name, len(articles), errs)
		}
	}
}

func TestARC(t *testing.T) {
	answer := "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + pageOf("They met.")
	arc := "filedesc://x.arc 0.0.0.0 20190102030405 text/plain 9\n1 0 Maker\n\n" +
		fmt.Sprintf("https://w.example/a page 1.2.3.4 20190102030405 text/html %d\n%s\n", len(answer), answer)
	if found, errs := urls(t, []byte(arc)); found != "a page " || len(errs) > 0 {
		t.Errorf("found %q, errors %v", found, errs)
	}
	head, record, _ := strings.Cut(arc, "\n\n")
	none := "https://w.example/none 1.2.3.4 20190102030405 text/html -1\n\n"
	if found, errs := urls(t, []byte(head+"\n\n"+none+"bytes that are no record\n"+record+record)); found != "a page a page " || len(errs) != 1 {
		t.Errorf("behind damage: found %q, errors %v", found, errs)
	}
}

// What a program wrote about its work is no page.
func TestWARCMetadata(t *testing.T) {
	text := "The program fetched one page and then it stopped."
	record := fmt.Sprintf("WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: metadata://w.example/log.txt\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(text), text)
	if found, errs := urls(t, []byte(record)); found != "" || len(errs) > 0 {
		t.Errorf("found %q, errors %v", found, errs)
	}
}

// The web archives that others test their readers with, where they are at hand:
// each gives the pages that it holds, and says what it cannot give.
func TestWARCFixtures(t *testing.T) {
	const name = "../../../shared/data/pages/warc.tar.gz"
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Skip("not at hand:", name)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		articles int
		errors   []string // words of each, in order
	}{
		"bad.arc":                             {0, []string{"byte 0: the record gives no length", "the record gives no length", "it has no status line"}},
		"example-bad-non-chunked.warc.gz":     {1, nil},
		"example-bad.warc.gz.bad":             {1, nil}, // gzip whole; its second answer only redirects
		"example-digest.warc":                 {0, nil}, // requests alone
		"example-iana.org-chunked.warc":       {1, nil},
		"example-resource.warc.gz":            {1, nil},
		"example-space-in-target-uri.warc.gz": {0, nil}, // a picture
		"example-space-in-url.arc":            {1, []string{"breaks off before its end"}},
		"example-trunc.warc":                  {1, []string{"the input ends early", "no record starts here"}},
		"example-wget-bad-target-uri.warc.gz": {1, nil},
		"example-wrong-chunks.warc.gz":        {1, nil},
		"example.arc":                         {1, nil},
		"example.arc.gz":                      {1, nil},
		"example.warc":                        {1, nil},
		"example.warc.gz":                     {1, nil},
		"post-test.warc.gz":                   {0, nil}, // data in JSON
	}
	files := tar.NewReader(z)
	for entry, err := files.Next(); err == nil; entry, err = files.Next() {
		if entry.Typeflag != tar.TypeReg {
			continue
		}
		file := filepath.Base(entry.Name)
		w, known := want[file]
		articles, errs := all(files, Hint{Name: file})
		if !known || len(articles) != w.articles || len(errs) != len(w.errors) {
			t.Errorf("%s: %d articles, errors %v", file, len(articles), errs)
			continue
		}
		for i, words := range w.errors {
			if !strings.Contains(errs[i].Error(), words) {
				t.Errorf("%s: error %q, want %q", file, errs[i], words)
			}
		}
		delete(want, file)
	}
	for file := range want {
		t.Errorf("%s was not read", file)
	}
}
