package main

import (
	"fmt"
	"io"
	"runtime"

	"detente"
	"detente/internal/ingest"
)

// version is the program's own; it is part of every record, so it changes with
// a release and never with the machine that built it.
const version = "0.1.0"

func versionCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("version", "usage: detente version\n\nPrints the versions that every record carries.", stdout, stderr)
	if _, exit, ok := cmd.parse(args); !ok {
		return exit
	}
	v, err := ingest.VersionsOf(ingest.Options{Program: version})
	if err != nil {
		return cmd.failed(err)
	}
	fmt.Fprintf(stdout, "detente %s\nmodel %s\nrules %s\ncodebook %d\nbuilt with %s for %s/%s\n",
		v.Program, v.Model, v.Rules, detente.CodebookVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitOK
}
