#!/usr/bin/env bash
# Makes docs/picture/page.png, README's picture of the page of an experiment, from a real run of
# two minutes, or from the saved run in $1. Needs chromium (in $CHROMIUM) and ImageMagick.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GRAB_NO_CONFIG=true
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
go build -o "$tmp/grab" .
saved=${1:-$tmp/saved.jsonl}
[[ -n ${1:-} ]] || "$tmp/grab" compare -preset picsum -json -out "$tmp/images" >"$saved"
"$tmp/grab" report -html "$tmp/page.html" "$saved" >"$tmp/report"
"${CHROMIUM:-chromium}" --headless=new --no-sandbox --hide-scrollbars --window-size=1000,1380 \
  --screenshot="$tmp/page.png" "file://$tmp/page.html" >"$tmp/log" 2>&1
convert "$tmp/page.png" -strip +dither -colors 48 docs/picture/page.png
