package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"detente"
)

var mediaTypes = map[Format]string{CSV: "text/csv", Parquet: "application/vnd.apache.parquet", JSONLines: "application/jsonl"}

// nameOf names a table's file: as the table where it is CSV, so that the names
// in foreign keys are those of tables.
func nameOf(table string, f Format) string {
	if f == CSV {
		return table
	}
	return table + "-" + string(f)
}

// The description of a release, as Frictionless Data Package 1 has it; Detente
// holds what is ours.
type dataPackage struct {
	Profile   string         `json:"profile"`
	Name      string         `json:"name"`
	Title     string         `json:"title"`
	About     string         `json:"description"`
	Version   string         `json:"version"`
	Licences  []licence      `json:"licenses"`
	Detente   provenance     `json:"detente"`
	Resources []dataResource `json:"resources"`
}

type licence struct {
	Name string `json:"name"`
}

// provenance says of what and by what a release was made.
type provenance struct {
	AsOf     detente.Date `json:"as_of"`  // asked for; empty: all that was stored
	Latest   detente.Date `json:"latest"` // known-on day of the latest article
	Dyad     string       `json:"dyad"`
	From     detente.Date `json:"from"`
	To       detente.Date `json:"to"`
	Text     bool         `json:"text"`
	Codebook int          `json:"codebook"`
	Program  string       `json:"program"` // that wrote the release and folded the states
	Model    string       `json:"model"`
	Rules    string       `json:"rules"`
	Articles int          `json:"articles"`
	Records  []recordsBy  `json:"records"` // what made the records
}

type recordsBy struct {
	Codebook int    `json:"codebook"`
	Program  string `json:"program"`
	Model    string `json:"model"`
	Rules    string `json:"rules"`
	Articles int    `json:"articles"`
}

type dataResource struct {
	Profile  string         `json:"profile"`
	Type     string         `json:"type"` // table, or file for what a reader of tables is not to open
	Name     string         `json:"name"`
	Path     string         `json:"path"`
	About    string         `json:"description"`
	Format   string         `json:"format"`
	Media    string         `json:"mediatype"`
	Encoding string         `json:"encoding,omitempty"`
	Bytes    int64          `json:"bytes"`
	Hash     string         `json:"hash"`
	Rows     *int           `json:"rows,omitempty"` // of a table
	Dialect  map[string]any `json:"dialect,omitempty"`
	Schema   *schema        `json:"schema,omitempty"`
}

type schema struct {
	Fields  []schemaField `json:"fields"`
	Missing []string      `json:"missingValues"`
	Key     []string      `json:"primaryKey,omitempty"`
	Foreign []foreignKey  `json:"foreignKeys,omitempty"`
}

type schemaField struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Format      string       `json:"format,omitempty"`
	About       string       `json:"description"`
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool     `json:"required,omitempty"`
	Enum     []string `json:"enum,omitempty"`
	Pattern  string   `json:"pattern,omitempty"`
}

type foreignKey struct {
	Fields    []string  `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

// partialDay is what a date of any precision looks like.
const partialDay = `\d{4}(-\d{2}(-\d{2})?)?`

// frictionless are the kinds in the words of Table Schema.
var frictionless = map[kind]schemaField{
	text: {Type: "string"}, whole: {Type: "integer"}, number: {Type: "number"}, truth: {Type: "boolean"},
	day: {Type: "date"}, moment: {Type: "datetime"}, partial: {Type: "string", Constraints: &constraints{Pattern: partialDay}},
}

// describe writes datapackage.json.
func (r *release) describe() error {
	version := cmp.Or(r.AsOf, r.latest, "empty")
	p := dataPackage{Profile: "data-package", Name: "detente-release", Title: "Dialogue between states, from news", Version: string(version),
		About:    "Statements, events, acts of dialogue and the states of its channels, as found in news articles by machine and not reviewed. Each row names the article and the characters of its text that it rests on.",
		Licences: []licence{{cmp.Or(r.Licence, "notspecified")}},
		Detente: provenance{AsOf: r.AsOf, Latest: r.latest, From: r.From, To: r.To, Text: r.Text, Codebook: detente.CodebookVersion,
			Program: r.Versions.Program, Model: r.Versions.Model, Rules: r.Versions.Rules, Articles: r.articles, Records: []recordsBy{}}}
	if r.Dyad != (detente.Dyad{}) {
		p.Detente.Dyad = r.Dyad.String()
	}
	for v, n := range r.versions {
		p.Detente.Records = append(p.Detente.Records, recordsBy{v.codebook, v.Program, v.Model, v.Rules, n})
	}
	slices.SortFunc(p.Detente.Records, func(a, b recordsBy) int {
		return cmp.Or(cmp.Compare(a.Codebook, b.Codebook), cmp.Compare(a.Program, b.Program), cmp.Compare(a.Model, b.Model), cmp.Compare(a.Rules, b.Rules))
	})
	for _, res := range r.done {
		p.Resources = append(p.Resources, res.describe())
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, "datapackage.json"), b.Bytes(), 0o666)
}

func (r *resource) describe() dataResource {
	d := dataResource{Profile: "data-resource", Type: "file", Name: r.name, Path: r.path, About: r.sheet.about, Format: r.format, Media: r.media,
		Bytes: r.bytes, Hash: r.hash(), Dialect: r.dialect}
	if r.media == mediaTypes[Parquet] { // carries its own schema
		return d
	}
	d.Encoding = "utf-8"
	if len(r.sheet.fields) == 0 {
		return d
	}
	d.Rows = &r.rows
	d.Profile, d.Type, d.Schema = "tabular-data-resource", "table", schemaOf(r.sheet, Format(r.format))
	return d
}

func schemaOf(s *sheet, f Format) *schema {
	out := &schema{Missing: []string{""}, Key: s.key}
	for _, fl := range s.fields {
		sf := frictionless[fl.kind]
		sf.Name, sf.About = fl.name, fl.about
		c := constraints{Required: fl.required, Enum: fl.values}
		if sf.Constraints != nil {
			c.Pattern = sf.Constraints.Pattern
		}
		sf.Constraints = &c
		if !c.Required && c.Enum == nil && c.Pattern == "" {
			sf.Constraints = nil
		}
		out.Fields = append(out.Fields, sf)
	}
	for _, ref := range s.refs {
		table := ref.table
		if table != "" { // its own otherwise
			table = nameOf(table, f)
		}
		out.Foreign = append(out.Foreign, foreignKey{ref.columns, reference{table, ref.reference}})
	}
	return out
}
