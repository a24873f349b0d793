package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"html/template"
	"slices"

	"grab/downloader/report"
	"grab/downloader/report/text"
)

// maxData is how much of the raw data a page has at most, compressed.
const maxData = 200 << 10

// embed puts the raw data into the page, as links that hold what they lead to.
func (v *view) embed(experiments []report.Experiment) error {
	var runs bytes.Buffer
	if err := text.WriteCSV(&runs, experiments); err != nil {
		return err
	}
	if runs.Len() <= maxData/2 {
		v.Runs = dataURL("text/csv", runs.Bytes())
	}
	all, err := compressed(experiments)
	if err != nil {
		return err
	}
	if len(all) > maxData {
		v.Left = "without the single images: they are too many for a page"
		if all, err = compressed(withoutImages(experiments)); err != nil {
			return err
		}
	}
	if len(all) <= maxData {
		v.All = dataURL("application/gzip", all)
	}
	return nil
}

func dataURL(kind string, data []byte) template.URL {
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data))
}

func compressed(experiments []report.Experiment) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for i := range experiments {
		if err := report.WriteExperimentJSON(z, &experiments[i]); err != nil {
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
