package parquetfile

import (
	"math/big"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// TestTextOf writes values of each logical type, at the limits of their units.
func TestTextOf(t *testing.T) {
	bytes := func(text string) parquet.Value { return parquet.FixedLenByteArrayValue([]byte(text)) }
	for _, tt := range []struct {
		column parquet.Node
		value  parquet.Value
		want   string
	}{
		{parquet.Date(), parquet.Int32Value(0), "1970-01-01"},
		{parquet.Date(), parquet.Int32Value(-1), "1969-12-31"},
		{parquet.Date(), parquet.Int32Value(19_782), "2024-02-29"},
		{parquet.Timestamp(parquet.Millisecond), parquet.Int64Value(1), "1970-01-01T00:00:00.001Z"},
		{parquet.Timestamp(parquet.Microsecond), parquet.Int64Value(-1), "1969-12-31T23:59:59.999999Z"},
		{parquet.Timestamp(parquet.Nanosecond), parquet.Int64Value(1_000_000_001), "1970-01-01T00:00:01.000000001Z"},
		{parquet.TimestampAdjusted(parquet.Millisecond, false), parquet.Int64Value(60_500), "1970-01-01T00:01:00.5"},
		{parquet.Time(parquet.Millisecond), parquet.Int32Value(3_600_001), "01:00:00.001"},
		{parquet.Time(parquet.Microsecond), parquet.Int64Value(1), "00:00:00.000001"},
		{parquet.Time(parquet.Nanosecond), parquet.Int64Value(86_399_999_999_999), "23:59:59.999999999"},
		{parquet.UUID(), bytes("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"), "00010203-0405-0607-0809-0a0b0c0d0e0f"},
		{parquet.UUID(), bytes("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e"), ""},
		{parquet.Decimal(2, 9, parquet.Int32Type), parquet.Int32Value(-5), "-0.05"},
		{parquet.Decimal(3, 18, parquet.Int64Type), parquet.Int64Value(1234), "1.234"},
		{parquet.Decimal(0, 4, parquet.FixedLenByteArrayType(2)), bytes("\x7f\xff"), "32767"},
		{parquet.Decimal(1, 4, parquet.FixedLenByteArrayType(2)), bytes("\x80\x00"), "-3276.8"},
		{parquet.Decimal(1, 4, parquet.FixedLenByteArrayType(2)), bytes("\xff\xff"), "-0.1"},
		{parquet.Decimal(1, 4, parquet.FixedLenByteArrayType(1)), bytes(""), "0.0"},
		{parquet.String(), parquet.ByteArrayValue([]byte("text")), "text"},
		{parquet.Int(64), parquet.Int64Value(-7), "-7"},
		{parquet.Leaf(parquet.BooleanType), parquet.BooleanValue(true), "true"},
	} {
		if got := textOf(tt.column.Type())(tt.value); got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.column, tt.value, got, tt.want)
		}
	}
}

// TestDecimal has as many digits after the point as there may be, and one more, which is
// damage.
func TestDecimal(t *testing.T) {
	for scale, want := range map[int]string{
		-1: "123", 0: "123", 1: "12.3", 2: "1.23", 3: "0.123", 4: "0.0123",
		1000: "0." + strings.Repeat("0", 997) + "123", 1001: "123",
	} {
		if got := decimal(big.NewInt(123), scale); got != want {
			t.Errorf("%d digits after the point: %s", scale, got)
		}
	}
}
