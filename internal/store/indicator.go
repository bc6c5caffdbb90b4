package store

import (
	"errors"
	"fmt"
	"math"

	"detente"
)

// IndicatorSummary is a time series without its values.
type IndicatorSummary struct {
	Name        string
	Unit        string
	Source      string
	Values      int
	First, Last detente.Date // days that have a value
}

// CheckIndicator says why a time series cannot be stored, or nil. Engines call
// it first.
func CheckIndicator(s detente.TimeSeries) error {
	if s.Name == "" {
		return errors.New("an indicator without a name cannot be stored")
	}
	if len(s.Values) == 0 {
		return fmt.Errorf("indicator %q has no values", s.Name)
	}
	for i, v := range s.Values {
		if _, err := detente.ParseDate(string(v.Date)); err != nil {
			return fmt.Errorf("indicator %q: %w", s.Name, err)
		}
		if i > 0 && v.Date <= s.Values[i-1].Date {
			return fmt.Errorf("indicator %q: %s does not come after %s", s.Name, v.Date, s.Values[i-1].Date)
		}
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
			return fmt.Errorf("indicator %q: the value of %s is no number", s.Name, v.Date)
		}
	}
	return nil
}
