package source

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"detente"
)

// Archives of files: zip and tar, and folders. What is inside is read like any
// input; its errors name it behind the archive's name.

// ReadFile reads a file, or all files of a folder and the folders in it, in the
// order of their names; hidden ones are passed over. A file that cannot be
// opened gives an error, and the next is read.
func ReadFile(path string, h Hint) iter.Seq2[*detente.Article, error] {
	return func(y func(*detente.Article, error) bool) { readPath(path, h, y) }
}

func readPath(path string, h Hint, y yield) bool {
	for name, err := range Files(path) {
		if err != nil && !y(nil, err) || err == nil && !readOneFile(name, h, y) {
			return false
		}
	}
	return true
}

func readOneFile(name string, h Hint, y yield) bool {
	f, err := os.Open(name)
	if err != nil {
		return y(nil, &Error{Name: name, Err: fmt.Errorf("it cannot be opened (%w); check the name and who may read it", err)})
	}
	defer f.Close()
	h.Name = name
	return read(f, h, 0, y)
}

// readTar reads the files of a tar archive, which may be under gzip, one after
// the other.
func readTar(br *bufio.Reader, h Hint, depth int, in *input, y yield) bool {
	t := tar.NewReader(br)
	for {
		entry, err := t.Next()
		if err == io.EOF || err != nil && in.err != nil {
			return true
		}
		if err != nil {
			return y(nil, &Error{Name: h.Name, Err: fmt.Errorf("the archive is damaged (%w); what stood before has been read", err)})
		}
		if entry.Typeflag == tar.TypeReg && !isHidden(entry.Name) && !readEntry(t, entry.Name, h, depth, y) {
			return false
		}
	}
}

// readZip reads the files of a zip archive. Its list stands at the end, so it
// is put into a file first.
func readZip(br *bufio.Reader, h Hint, depth int, y yield) bool {
	fail := func(err error) bool { return y(nil, &Error{Name: h.Name, Err: err}) }
	f, err := os.CreateTemp("", "detente-*.zip")
	if err != nil {
		return fail(fmt.Errorf("no room to unpack the archive (%w); free some in the folder for temporary files", err))
	}
	defer os.Remove(f.Name())
	defer f.Close()
	size, err := io.Copy(f, io.LimitReader(br, maxZip+1))
	if err != nil {
		return fail(fmt.Errorf("no room to unpack the archive (%w); free some in the folder for temporary files", err))
	}
	if size > maxZip {
		return fail(tooBig("the archive", maxZip))
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return fail(fmt.Errorf("the archive is damaged (%w); get it again", err))
	}
	for _, entry := range z.File {
		if entry.FileInfo().IsDir() || isHidden(entry.Name) {
			continue
		}
		if !readZipEntry(entry, h, depth, y) {
			return false
		}
	}
	return true
}

// maxZip is how large a zip archive may be.
const maxZip = 4 << 30

func readZipEntry(entry *zip.File, h Hint, depth int, y yield) bool {
	r, err := entry.Open()
	if err != nil {
		return y(nil, &Error{Name: h.Name + "/" + entry.Name, Err: fmt.Errorf("it cannot be unpacked (%w); the next file is read", err)})
	}
	defer r.Close()
	return readEntry(r, entry.Name, h, depth, y)
}

// readEntry reads a file inside of an archive.
func readEntry(r io.Reader, name string, h Hint, depth int, y yield) bool {
	h.Name += "/" + name
	return read(r, h, depth+1, y)
}

// isHidden reports files that their system keeps for itself.
func isHidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != "." && part != ".." || part == "__MACOSX" {
			return true
		}
	}
	return false
}
