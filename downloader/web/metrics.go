package web

import (
	"io"
	"log"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"grab/downloader"
)

// maxScrapes is how many requests for the metrics are answered at a time.
const maxScrapes = 4

// metrics returns the handler of /metrics. Counters and histograms are of all runs together,
// since Prometheus expects them to grow; gauges are of the present run.
func metrics(s *state, about About) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newCollector(s, about),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes, ErrorLog: log.New(io.Discard, "", 0)})
}

// collector reads the state when it is asked. It is a [prometheus.Collector].
type collector struct {
	state *state
	about About

	build, images, attempts, bytes, total, first   *prometheus.Desc
	listed, workers, inFlight, held, given, waited *prometheus.Desc
}

func newCollector(s *state, about About) *collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("grab_"+name, help, labels, nil)
	}
	return &collector{
		state: s, about: about,
		build:    desc("build_info", "The version of grab; the value is 1.", "version", "command"),
		images:   desc("images_total", "Images that have ended, by status and class of failure.", "status", "class"),
		attempts: desc("attempts_total", "Attempts at the images that have ended."),
		bytes:    desc("received_bytes_total", "Bytes received in bodies, failed attempts included."),
		total:    desc("image_duration_seconds", "Time of the images that are ok, from a worker to the image's place."),
		first:    desc("first_byte_duration_seconds", "Time of the images that are ok, from the connection to the first byte."),
		listed:   desc("images_listed", "Entries of the list, as far as known."),
		workers:  desc("workers", "Workers of the run.", "mode"),
		inFlight: desc("images_in_flight", "Images that workers have."),
		held:     desc("hosts_held", "Hosts that are left alone for now."),
		given:    desc("hosts_given_up", "Hosts whose images wait for the end of the run."),
		waited:   desc("images_waiting", "Images that wait for hosts that are left alone."),
	}
}

// Describe implements [prometheus.Collector].
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		c.build, c.images, c.attempts, c.bytes, c.total, c.first, c.listed, c.workers, c.inFlight, c.held, c.given, c.waited,
	} {
		to <- desc
	}
}

// Collect implements [prometheus.Collector].
func (c *collector) Collect(to chan<- prometheus.Metric) {
	v := c.state.view()
	count := func(desc *prometheus.Desc, value uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value), labels...)
	}
	gauge := func(desc *prometheus.Desc, value int, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(value), labels...)
	}
	gauge(c.build, 1, c.about.Version, c.about.Command)
	for _, status := range []downloader.Status{downloader.StatusOK, downloader.StatusSkipped, downloader.StatusCanceled} {
		count(c.images, v.all.statuses[status], string(status), "")
	}
	for class, of := range v.all.failures {
		count(c.images, of.count, string(downloader.StatusFailed), string(class))
	}
	count(c.attempts, v.all.attempts)
	count(c.bytes, uint64(v.bytes))
	to <- constHistogram(c.total, &v.all.total)
	to <- constHistogram(c.first, &v.all.first)
	if v.run == nil {
		return
	}
	counters := v.run.Counters
	waiting := 0
	for _, h := range v.held {
		waiting += h.Images
	}
	gauge(c.listed, int(counters.Total.Load()))
	gauge(c.workers, v.run.Workers, string(v.run.Mode))
	gauge(c.inFlight, int(counters.InFlight.Load()))
	gauge(c.held, len(v.held))
	gauge(c.given, v.givenUp)
	gauge(c.waited, waiting)
}

// constHistogram returns h with a bucket for each octave.
func constHistogram(desc *prometheus.Desc, h *histogram) prometheus.Metric {
	upTo, sum := make(map[float64]uint64, octaves), uint64(0)
	for _, o := range h.byOctave() {
		sum += o.count
		upTo[round(o.upTo)] = sum
	}
	return prometheus.MustNewConstHistogram(desc, h.count, h.sum, upTo)
}
