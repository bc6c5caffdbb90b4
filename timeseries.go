package detente

// TimeSeries is an indicator that a user imported: an index, a rate, a price.
// Values stand on days in order, each day once; days without one are gaps.
type TimeSeries struct {
	Name   string  `json:"name"`
	Unit   string  `json:"unit"`
	Source string  `json:"source"` // where the values are from
	Values []Value `json:"values"`
}

// Value is what a series was on a day.
type Value struct {
	Date  Date    `json:"date"`
	Value float64 `json:"value"`
}
