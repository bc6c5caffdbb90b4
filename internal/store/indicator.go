package store

import (
	"context"
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

// indicators is the part of a Store that keeps time series of a user.
type indicators interface {
	// SaveIndicator puts a time series in the place of one of its name. All of
	// it or none. It belongs to all runs, and no as-of day hides it. One without
	// a name, with a day twice, out of order or not in full is refused.
	SaveIndicator(ctx context.Context, s detente.TimeSeries) error

	// Indicator gives a time series. The error is ErrNotFound where none has
	// this name.
	Indicator(ctx context.Context, name string) (detente.TimeSeries, error)

	// Indicators lists what time series there are, by name.
	Indicators(ctx context.Context) ([]IndicatorSummary, error)

	// RemoveIndicator forgets a time series. The error is ErrNotFound where none
	// has this name.
	RemoveIndicator(ctx context.Context, name string) error
}
