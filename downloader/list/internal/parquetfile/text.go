package parquetfile

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// textOf returns how the values of a column are written as text: as CSV would have them, and
// not as the numbers or bytes that stand for them in the file.
func textOf(column parquet.Type) func(parquet.Value) string {
	logical := column.LogicalType()
	if logical == nil {
		return parquet.Value.String
	}
	switch as := logical.Value.(type) {
	case *format.DateType:
		return func(v parquet.Value) string {
			return time.Unix(0, 0).UTC().AddDate(0, 0, int(v.Int32())).Format(time.DateOnly)
		}
	case *format.TimestampType:
		layout := "2006-01-02T15:04:05.999999999" // of no zone
		if as.IsAdjustedToUTC {
			layout = time.RFC3339Nano
		}
		of := func(n int64) time.Time { return time.Unix(0, n) }
		switch as.Unit.Value.(type) {
		case *format.MilliSeconds:
			of = time.UnixMilli
		case *format.MicroSeconds:
			of = time.UnixMicro
		}
		return func(v parquet.Value) string { return of(v.Int64()).UTC().Format(layout) }
	case *format.TimeType:
		unit := time.Nanosecond
		switch as.Unit.Value.(type) {
		case *format.MilliSeconds:
			unit = time.Millisecond
		case *format.MicroSeconds:
			unit = time.Microsecond
		}
		return func(v parquet.Value) string {
			n := v.Int64()
			if v.Kind() == parquet.Int32 {
				n = int64(v.Int32())
			}
			return time.Unix(0, 0).UTC().Add(time.Duration(n) * unit).Format("15:04:05.999999999")
		}
	case *format.UUIDType:
		return func(v parquet.Value) string {
			id := v.ByteArray()
			if len(id) != 16 {
				return ""
			}
			return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
		}
	case *format.DecimalType:
		return func(v parquet.Value) string { return decimal(unscaled(v), int(as.Scale)) }
	}
	return parquet.Value.String
}

// unscaled returns the digits of a decimal as a number. Bytes are in two's complement, the
// highest first.
func unscaled(v parquet.Value) *big.Int {
	switch v.Kind() {
	case parquet.Int32:
		return big.NewInt(int64(v.Int32()))
	case parquet.Int64:
		return big.NewInt(v.Int64())
	}
	bytes := v.ByteArray()
	n := new(big.Int).SetBytes(bytes)
	if len(bytes) > 0 && bytes[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(bytes))))
	}
	return n
}

// maxScale is how many digits a decimal may have after its point. Other programs allow 76.
const maxScale = 1000

// decimal writes a number with scale digits after the point.
func decimal(n *big.Int, scale int) string {
	if n.Sign() < 0 {
		return "-" + decimal(new(big.Int).Neg(n), scale)
	}
	digits := n.String()
	if scale <= 0 || scale > maxScale {
		return digits
	}
	if short := scale + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - scale
	return digits[:point] + "." + digits[point:]
}
