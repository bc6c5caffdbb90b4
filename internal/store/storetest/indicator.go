package storetest

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"

	"detente"
	"detente/internal/store"
)

// indicators: what was imported comes back to the last digit, replaces what was
// there whole, outlives an article's end, and can be removed.
func indicators(t *testing.T, open Open) {
	dir, ctx := t.TempDir(), context.Background()
	s := open(t, dir)
	if list, err := s.Indicators(ctx); err != nil || len(list) != 0 {
		t.Errorf("an empty store has %v, %v", list, err)
	}
	index := detente.TimeSeries{Name: "Fjord index – 50", Unit: "points", Source: "https://bourse.example/fjord", Values: []detente.Value{
		{Date: "2020-05-01", Value: 0.1 + 0.2}, {Date: "2020-05-04", Value: -1e-300}, {Date: "2020-05-05", Value: 12345678.901234567}}}
	rate := detente.TimeSeries{Name: "A rate", Values: []detente.Value{{Date: "2020-05-02", Value: 7}}}
	for _, series := range []detente.TimeSeries{index, rate} {
		if err := s.SaveIndicator(ctx, series); err != nil {
			t.Fatal(err)
		}
	}
	for name, spoil := range map[string]func(*detente.TimeSeries){
		"no name":      func(x *detente.TimeSeries) { x.Name = "" },
		"no values":    func(x *detente.TimeSeries) { x.Values = nil },
		"a day twice":  func(x *detente.TimeSeries) { x.Values[1].Date = "2020-05-01" },
		"out of order": func(x *detente.TimeSeries) { x.Values[1].Date = "2020-04-01" },
		"a month":      func(x *detente.TimeSeries) { x.Values[0].Date = "2020-05" },
		"no number":    func(x *detente.TimeSeries) { x.Values[2].Value = math.NaN() },
	} {
		bad := index
		bad.Values = append([]detente.Value{}, index.Values...)
		spoil(&bad)
		if err := s.SaveIndicator(ctx, bad); err == nil {
			t.Errorf("%s: was stored", name)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	if got, err := s.Indicator(ctx, index.Name); err != nil || !reflect.DeepEqual(got, index) {
		t.Errorf("read back %+v, %v", got, err)
	}
	want := []store.IndicatorSummary{{Name: "A rate", Values: 1, First: "2020-05-02", Last: "2020-05-02"},
		{Name: index.Name, Unit: "points", Source: index.Source, Values: 3, First: "2020-05-01", Last: "2020-05-05"}}
	if list, err := s.Indicators(ctx); err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("listed %+v, %v", list, err)
	}
	index.Unit, index.Values = "", index.Values[2:]
	if err := s.SaveIndicator(ctx, index); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Indicator(ctx, index.Name); err != nil || !reflect.DeepEqual(got, index) {
		t.Errorf("replaced by %+v, %v", got, err)
	}
	if err := s.RemoveIndicator(ctx, index.Name); err != nil {
		t.Error(err)
	}
	_, err1 := s.Indicator(ctx, index.Name)
	err2 := s.RemoveIndicator(ctx, index.Name)
	if !errors.Is(err1, store.ErrNotFound) || !errors.Is(err2, store.ErrNotFound) {
		t.Errorf("after its end: %v, %v; want ErrNotFound", err1, err2)
	}
	if got, err := s.Indicator(ctx, "A rate"); err != nil || len(got.Values) != 1 {
		t.Errorf("the other one is %+v, %v", got, err)
	}
}
