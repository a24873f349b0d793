package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"html/template"
	"slices"

	"grab/downloader/report"
	"grab/downloader/report/saved"
	"grab/downloader/report/text"
)

// maxData is the largest size of the raw data in a page, compressed.
const maxData = 200 << 10

// rawData are links whose URLs contain the data themselves. A link that would be too large is
// empty.
type rawData struct {
	All     template.URL // all experiments, as JSON lines
	Runs    template.URL // all runs, as CSV
	Omitted string       // what All leaves out
}

func newRawData(experiments []report.Experiment) (rawData, error) {
	var d rawData
	var runs bytes.Buffer
	if err := text.WriteCSV(&runs, experiments); err != nil {
		return d, err
	}
	if runs.Len() <= maxData/2 {
		d.Runs = dataURL("text/csv", runs.Bytes())
	}
	all, err := compressed(experiments)
	if err != nil {
		return d, err
	}
	if len(all) > maxData {
		d.Omitted = "without the single images, which are too many for a page"
		if all, err = compressed(withoutImages(experiments)); err != nil {
			return d, err
		}
	}
	if len(all) <= maxData {
		d.All = dataURL("application/gzip", all)
	}
	return d, nil
}

func dataURL(kind string, data []byte) template.URL {
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data))
}

func compressed(experiments []report.Experiment) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for i := range experiments {
		if err := saved.Write(z, &experiments[i]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func withoutImages(experiments []report.Experiment) []report.Experiment {
	bare := slices.Clone(experiments)
	for i := range bare {
		bare[i].Runs = slices.Clone(bare[i].Runs)
		for j := range bare[i].Runs {
			bare[i].Runs[j].Images = nil
		}
	}
	return bare
}
