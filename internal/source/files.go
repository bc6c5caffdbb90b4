package source

import (
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"
)

// Files lists a file, or all files of a folder and the folders in it, in the
// order of their names; hidden ones are passed over. A folder that cannot be
// opened is an error in its place.
func Files(path string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			more := true
			if err != nil {
				more = yield(name, &Error{Name: name, Err: fmt.Errorf("it cannot be opened (%w); check the name and who may read it", err)})
			} else if name != path && strings.HasPrefix(entry.Name(), ".") {
				if entry.IsDir() {
					return filepath.SkipDir
				}
			} else if !entry.IsDir() {
				more = yield(name, nil)
			}
			if !more {
				return filepath.SkipAll
			}
			return nil
		})
	}
}
