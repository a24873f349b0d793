#!/usr/bin/env bash
# mutants.sh asks whether the tests would notice: each patch in bench/mutants
# plants one bug in a copy of the tree, and the tests that the patch names must
# fail then. It exits with 1 if a bug survives, and if a patch does not apply or
# build any more: a bug that cannot be planted proves nothing.
#
#   bench/mutants.sh                     all of them, about 7 minutes on two processors
#   bench/mutants.sh torn-tail exit-0    some of them
#
# A patch begins with two lines of its own: "Bug: " what the user would suffer,
# and "Test: " the arguments of go test that shall notice. Nothing is written
# outside a directory under $TMPDIR, and the network is not used.
set -euo pipefail
export LC_ALL=C

LIMIT=${LIMIT:-60s}                               # for the tests of one bug; longer is a hang, and noticed

cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
tree=$tmp/tree
mkdir "$tree"
export TMPDIR=$tmp # tests that die leave things behind

say() { printf '%-24s %-10s %s\n' "$@"; }

# told KEY PATCH: what the head of a patch says.
told() { sed -n "s/^$1: //p" "$2" | head -n 1; }

# tests ARGUMENTS: runs go test with them, as a shell reads them.
tests() {
  local arguments=()
  eval "arguments=($1)"
  (cd "$tree" && go test -count=1 -short -failfast -vet=off -timeout "$LIMIT" "${arguments[@]}") >"$tmp/log" 2>&1
}

# plant PATCH and uproot PATCH: exactly where the patch says, or not at all.
plant() { patch -s -p1 -F0 --dry-run -d "$tree" <"$1" >"$tmp/log" 2>&1 && patch -s -p1 -F0 -d "$tree" <"$1"; }
uproot() { patch -s -p1 -F0 -R -d "$tree" <"$1"; }

# judge PATCH: plants a bug, and sets verdict.
judge() {
  if ! plant "$1"; then
    verdict=UNPLANTED
    return
  fi
  if tests "$(told Test "$1")"; then
    verdict=SURVIVED
  elif grep -q '\[\(build\|setup\) failed\]' "$tmp/log"; then
    verdict=UNBUILT
  else
    verdict=caught
  fi
  uproot "$1"
}

type patch go >/dev/null
patches=()
for name in "$@"; do patches+=("bench/mutants/$name.patch"); done
[[ $# -gt 0 ]] || patches=(bench/mutants/*.patch)
go list -f '{{.Dir}}' ./... >/dev/null # a tree that does not load has no tests to trust
tar cf - --exclude=.git --exclude='*.test' . | tar xf - -C "$tree"

# A test that fails anyway would notice everything.
for patch in "${patches[@]}"; do told Test "$patch"; done | sort -u >"$tmp/lines"
while read -r line; do
  if ! tests "$line"; then
    echo "mutants.sh: fails without any bug: go test $line" >&2
    cat "$tmp/log" >&2
    exit 1
  fi
done <"$tmp/lines"

caught=0
for patch in "${patches[@]}"; do
  judge "$patch"
  say "$(basename "$patch" .patch)" "$verdict" "$(told Bug "$patch")"
  if [[ $verdict == caught ]]; then
    caught=$((caught + 1))
  elif [[ $verdict != SURVIVED ]]; then
    cat "$tmp/log"
  fi
done
echo "$caught of ${#patches[@]} caught"
[[ $caught -eq ${#patches[@]} ]]
