package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"detente"
)

// meter counts what the server does, and what is in the store when it is asked.
type meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
}

// secondsOf are the bounds of times of requests: pages should take less than
// 0.05, and none more than a minute.
var secondsOf = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10, 60}

func newMeter(d *desk, v detente.Versions) *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "detente_requests_total", Help: "Requests answered, by the route that answered them."}, []string{"route", "method", "status"}),
		seconds:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "detente_request_seconds", Help: "Time that answers took, by route.", Buckets: secondsOf}, []string{"route"}),
		refused:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "detente_refused_total", Help: "Requests refused before a page was asked, by reason."}, []string{"reason"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "detente_build_info", Help: "1, with the versions that serve.",
		ConstLabels: prometheus.Labels{"program": v.Program, "codebook": strconv.Itoa(detente.CodebookVersion), "go": runtime.Version()}})
	build.Set(1)
	for _, reason := range []string{"token", "rate", "origin", "body"} {
		m.refused.WithLabelValues(reason)
	}
	m.registry.MustRegister(m.requests, m.seconds, m.refused, build, &holdings{desk: d},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *meter) answered(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, methodName(method), strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// methodName keeps what clients make up out of labels.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// handler answers Prometheus. Where the store cannot be asked, the rest is told.
func (m *meter) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, DisableCompression: true})
}

// holdings counts what is in the store and beside it, whichever process put it
// there.
type holdings struct {
	desk  *desk
	lines lineCount
}

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	articlesDesc    = gauge("detente_store_articles", "Articles in the store, each version counted.")
	bytesDesc       = gauge("detente_store_bytes", "Size of the store on disk.")
	lastReadDesc    = gauge("detente_last_read_timestamp_seconds", "When an article was read last.")
	lagDesc         = gauge("detente_reading_lag_seconds", "How long the source or page that has waited longest has been due.")
	sourcesDesc     = gauge("detente_sources", "Sources that are polled, by how their last try went.", "state")
	pagesDesc       = gauge("detente_pages_waiting", "Pages that are to be fetched.")
	changesDesc     = gauge("detente_changes_total", "Lines of the log of changes.")
	quarantinedDesc = gauge("detente_quarantined", "Inputs that could not be read: lines of the quarantine file.")
	messagesDesc    = gauge("detente_webhook_messages_total", "Messages that a webhook has taken, or that were given up.", "webhook", "end")
	waitingDesc     = gauge("detente_webhook_waiting", "Messages that a webhook has yet to take.", "webhook")
	failuresDesc    = gauge("detente_webhook_failures", "Tries in a row at a webhook that failed.", "webhook")
)

// Describe implements prometheus.Collector.
func (s *holdings) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{articlesDesc, bytesDesc, lastReadDesc, lagDesc, sourcesDesc, pagesDesc, changesDesc,
		quarantinedDesc, messagesDesc, waitingDesc, failuresDesc} {
		out <- d
	}
}

// collectTime is how long the store may take to count.
const collectTime = 5 * time.Second

// Collect implements prometheus.Collector.
func (s *holdings) Collect(out chan<- prometheus.Metric) {
	ctx, done := context.WithTimeout(context.Background(), collectTime)
	defer done()
	err := errors.Join(s.figures(ctx, out), s.hooks(ctx, out), s.quarantine(out))
	if err != nil {
		s.desk.log.Error("what is stored cannot be counted", "error", err)
	}
}

func sample(desc *prometheus.Desc, kind prometheus.ValueType, n float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, kind, n, labels...)
}

func (s *holdings) figures(ctx context.Context, out chan<- prometheus.Metric) error {
	f, err := s.desk.store.Figures(ctx)
	if err != nil {
		return err
	}
	lag := 0.0
	if !f.Due.IsZero() {
		lag = max(0, s.desk.Now().Sub(f.Due).Seconds())
	}
	out <- sample(articlesDesc, prometheus.GaugeValue, float64(f.Articles))
	out <- sample(bytesDesc, prometheus.GaugeValue, float64(f.Bytes))
	if !f.Latest.IsZero() {
		out <- sample(lastReadDesc, prometheus.GaugeValue, float64(f.Latest.Unix()))
	}
	out <- sample(lagDesc, prometheus.GaugeValue, lag)
	out <- sample(sourcesDesc, prometheus.GaugeValue, float64(f.Sources-f.Failing), "ok")
	out <- sample(sourcesDesc, prometheus.GaugeValue, float64(f.Failing), "failing")
	out <- sample(pagesDesc, prometheus.GaugeValue, float64(f.Pages))
	out <- sample(changesDesc, prometheus.CounterValue, float64(f.Changes))
	return nil
}

func (s *holdings) hooks(ctx context.Context, out chan<- prometheus.Metric) error {
	list, err := s.desk.store.Hooks(ctx)
	for _, h := range list {
		id := strconv.FormatInt(h.ID, 10) // never the address, which may hold a secret
		out <- sample(messagesDesc, prometheus.CounterValue, float64(h.Sent), id, "taken")
		out <- sample(messagesDesc, prometheus.CounterValue, float64(h.Lost), id, "given up")
		out <- sample(waitingDesc, prometheus.GaugeValue, float64(h.Waiting), id)
		out <- sample(failuresDesc, prometheus.GaugeValue, float64(h.Failures), id)
	}
	return err
}

func (s *holdings) quarantine(out chan<- prometheus.Metric) error {
	if s.desk.Quarantine == "" {
		return nil
	}
	n, err := s.lines.of(s.desk.Quarantine)
	out <- sample(quarantinedDesc, prometheus.GaugeValue, float64(n))
	return err
}

// lineCount counts the lines of a file that grows, each once.
type lineCount struct {
	mu    sync.Mutex
	at    int64
	lines int
}

func (c *lineCount) of(path string) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		c.at, c.lines = 0, 0
		return 0, nil
	}
	if err != nil {
		return c.lines, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return c.lines, err
	}
	if info.Size() < c.at { // another file stands there
		c.at, c.lines = 0, 0
	}
	if _, err := f.Seek(c.at, io.SeekStart); err != nil {
		return c.lines, err
	}
	block := make([]byte, 64<<10)
	for {
		n, err := f.Read(block)
		c.at += int64(n)
		c.lines += bytes.Count(block[:n], []byte{'\n'})
		if err == io.EOF {
			return c.lines, nil
		}
		if err != nil {
			return c.lines, err
		}
	}
}
