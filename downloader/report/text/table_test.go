package text

import (
	"bytes"
	"testing"

	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

func TestTable(t *testing.T) {
	var b bytes.Buffer
	if err := WriteTable(&b, &report.Experiment{Comparison: report.Compare(reporttest.Conditions(2), reporttest.Runs())}); err != nil {
		t.Fatal(err)
	}
	want := `5 images, 2 rounds of each mode, after a warm-up; times in seconds

        mode  n   ok  median  low  high    min    max  ideal  efficiency  speed-up
  sequential  1  5/5   9.250    -     -  9.250  9.250  9.250     100.0 %     1.00x
        pool  3  5/5   3.700    -     -  3.700  3.700  3.700     100.0 %     2.50x
     process  3  5/5   3.700    -     -  3.700  3.700  3.700     100.0 %     2.50x

        mode  n  images/s  bytes/s    CPU  children  waiting  MiB  switches  connections  peak  start
  sequential  1       0.5    540 B  0.050     0.000     99 %  8.0         0            -     -  0.020
        pool  3       1.4   1.4 kB  0.050     0.000    100 %  8.0         0            -     -  0.020
     process  3       1.4   1.4 kB  0.050     0.000    100 %  8.0         0            -     -  0.020

        mode  n    p50    p90    p99    max  queue  dns  connect  tls  first byte  body  verify  commit
  sequential  1  1.85s  1.85s  1.85s  1.85s      0    0        0    0           0     0       0       0
        pool  3  1.85s  1.85s  1.85s  1.85s      0    0        0    0           0     0       0       0
     process  3  1.85s  1.85s  1.85s  1.85s      0    0        0    0           0     0       0       0

All modes fetched the same bytes.

Differences in time (Mann-Whitney U test with Holm's correction):
  too few rounds to tell any two apart

Warnings:
  With 2 rounds there is no interval of 95 % confidence: it takes 6.
  With 2 rounds and 3 pairs to compare no difference can be significant: it takes 5 rounds.

Too few rounds to tell the times apart: it takes -rounds 5. 100 % of the workers' time was waiting: more workers can help.
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", &b, want)
	}
}
