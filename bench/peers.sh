#!/usr/bin/env bash
# peers.sh times grab beside wget2, curl -Z and aria2c: many small images from
# servers on this machine, in interleaved rounds. It prints Markdown for
# docs/BENCHMARKS.md on standard output, and each measurement on standard error.
#
#   bench/peers.sh                                        http, https and latency: about 10 minutes
#   bench/peers.sh -quick                                 the same, 3,000 images: 2 minutes
#   ROUNDS=3 CONDITIONS="http https" bench/peers.sh       less of it
#   CONDITIONS="latency-1000 latency-5000" bench/peers.sh with so many downloads at a time
#   TOOLS="grab-pool wget2" bench/peers.sh                rows of your choice
#   TMPDIR=/dev/shm bench/peers.sh                        in memory, without the disk
#   TMPDIR=/dev/shm DISK=/var/tmp CONDITIONS="http disk"  http again, with the images on a disk
#   NETEM="delay 10ms loss 1%" CONDITIONS=https           over a network that delays and loses packets:
#                                                         as root, and Linux needs its module sch_netem
#
# A run counts only if it left the right bytes, every image once; otherwise its
# row says FAILED. Nothing is installed, nothing is written outside a directory
# of its own under $TMPDIR, and the network is not used.
set -euo pipefail
export GRAB_NO_CONFIG=true # the settings of whoever runs this are not for it
export LC_ALL=C PATH="$PATH:/usr/sbin"

if [[ ${1:-} == -quick ]]; then
  ROUNDS=${ROUNDS:-3} IMAGES=${IMAGES:-3000}
elif (( $# )); then
  sed -n '2,/^set /s/^# \?//p' "$0" >&2
  exit 2
fi
CONDITIONS=${CONDITIONS:-http https latency}      # disk is http with the images in $DISK
TOOLS=${TOOLS:-}                                  # rows; by default those of tools_of
ROUNDS=${ROUNDS:-5}                               # after one more, the warm-up, that does not count
IMAGES=${IMAGES:-10000}                           # in each run
BYTES=${BYTES:-36000}                             # of each image
PARALLEL=${PARALLEL:-16}                          # downloads at a time, over http and https
LATENCY_PARALLEL=${LATENCY_PARALLEL:-256}         # the same, from the slow server
LATENCY=${LATENCY:-50ms}                          # its time to the first byte
DISK=${DISK:-/var/tmp}                            # a directory on a disk
NETEM=${NETEM:-}                                  # how tc-netem(8) spoils a network of this script's own
NGINX_WORKERS=${NGINX_WORKERS:-2}
SHARED_SESSION=${SHARED_SESSION:-}                # not empty: servers and clients in one session; see servers.sh
RAW=${RAW:-}                                      # a file to keep the measurements in

say() { echo "peers.sh: $*" >&2; }

# A network of this script's own has one interface, on which both directions are spoiled.
if [[ $NETEM && -z ${PEERS_NETWORK:-} ]]; then PEERS_NETWORK=own exec unshare --net "$0" "$@"; fi
if [[ $NETEM ]]; then
  ip link set lo up
  # shellcheck disable=SC2086  # several words
  tc qdisc add dev lo root netem limit 100000 $NETEM || { say "this Linux cannot: $NETEM"; exit 2; }
fi

# tools_of CONDITION: its rows. Over TLS the default of wget2 and curl is HTTP/2, and
# that of grab HTTP/1.1: each has a row with the other as well.
# grab-process-cpus is the default of -mode process, one child for each CPU; it
# would wait for minutes on the slow server.
tools_of() {
  if [[ $TOOLS ]]; then echo "$TOOLS"; return; fi
  case $1 in
    http|disk) echo grab-pool grab-process grab-process-cpus wget2 wget2-lean curl aria2c ;;
    https)     echo grab-pool grab-pool-http2 grab-process grab-process-cpus wget2 wget2-lean wget2-http1 curl curl-http1 aria2c ;;
    latency)   echo grab-pool grab-process wget2 wget2-lean curl aria2c ;;
    latency-1000|latency-5000) echo grab-pool wget2 curl aria2c ;;
    *)         say "no such condition: $1"; return 2 ;;
  esac
}

# command_of TOOL PARALLEL: sets cmd, the command of one run into $out, which is
# the working directory as well: with -P, wget2 would try to make it for each file.
command_of() {
  # With hashes, type check, manifest and progress, as users run it.
  local grab=("$tmp/grab" -progress plain -out "$out")
  # As users run it.
  local wget2=(wget2 --no-config -q --progress=none --max-threads="$2" --ca-certificate="$tmp/ca/ca.pem" -i "$tmp/list.txt")
  # Without all that can be left out. No cookies, HSTS, HPKP or OCSP: no state to
  # look up. --no-xattr: three system calls a file less. The names are like "7.jpg?bytes=36000"; --cut-file-get-vars
  # would make them 7.jpg, but in a directory "image" in spite of --no-directories.
  # --ca-directory: not the 140 authorities of the system, which no one else loads here.
  local lean=(wget2 --no-config -q --progress=none --max-threads="$2" --no-robots --no-cookies
    --no-hsts --no-hpkp --no-ocsp --no-ocsp-stapling --no-xattr --no-directories
    --ca-directory="$tmp/ca" --ca-certificate="$tmp/ca/ca.pem" -i "$tmp/list.txt")
  # -q, first: no ~/.curlrc. curl wants a "url" and an "output" line for each file.
  local curl=(curl -q -Z --parallel-max "$2" --no-progress-meter --fail
    --cacert "$tmp/ca/ca.pem" -K "$tmp/list.curl")
  # -x1 -s1: whole files. --auto-save-interval=0: otherwise it writes and syncs a
  # control file for each image, and takes three times as long. --deferred-input,
  # --max-download-result: the list and the results are not kept in memory. It
  # still syncs each image; there is no option against that.
  local aria2c=(aria2c --no-conf -q -j"$2" -x1 -s1 --file-allocation=none --auto-file-renaming=false
    --allow-overwrite=true --enable-http-keep-alive=true --auto-save-interval=0 --deferred-input=true
    --max-download-result=0 --ca-certificate="$tmp/ca/ca.pem" -d "$out" -i "$tmp/list.txt")
  case $1 in
    grab-pool)         cmd=("${grab[@]}" -mode pool -n "$2" "$tmp/list.txt") ;;
    grab-pool-http2)   cmd=("${grab[@]}" -mode pool -n "$2" -http2 "$tmp/list.txt") ;;
    grab-process)      cmd=("${grab[@]}" -mode process -n "$2" "$tmp/list.txt") ;;
    grab-process-cpus) cmd=("${grab[@]}" -mode process "$tmp/list.txt") ;;
    wget2)             cmd=("${wget2[@]}") ;;
    wget2-lean)        cmd=("${lean[@]}") ;;
    wget2-http1)       cmd=("${lean[@]}" --no-http2) ;;
    curl)              cmd=("${curl[@]}") ;;
    curl-http1)        cmd=("${curl[@]}" --http1.1) ;;
    aria2c)            cmd=("${aria2c[@]}") ;;
    *)                 say "no such tool: $1"; return 2 ;;
  esac
}

# run CONDITION ROUND TOOL PARALLEL: one timed run, and its line of $tmp/results.
run() {
  local out=${place[$1]:-$tmp}/out/$1-$2-$3 cmd wall user sys rss=0 status=0 verdict=ok
  mkdir -p "$out"
  cd "$out"
  command_of "$3" "$4"
  if [[ $gnu_time ]]; then cmd=("$gnu_time" -q -f %M -o "$tmp/rss" "${cmd[@]}"); fi
  sync -f "$out"                                  # nobody pays for the writes of the run before
  local TIMEFORMAT='%3R %3U %3S'                  # of the command and all its descendants
  { time "${cmd[@]}" >"$tmp/stdout" 2>"$tmp/stderr"; } 2>"$tmp/time" || status=$?
  read -r wall user sys <"$tmp/time"
  if [[ $gnu_time ]]; then rss=$(<"$tmp/rss"); fi
  if (( status )) || [[ $(hash_of "$out") != "$expected" ]]; then
    verdict=FAILED
    say "$3: exit code $status, $(find "$out" -name '*.jpg*' | wc -l) images: $(tail -n 2 "$tmp/stderr")"
  fi
  echo "$1 $2 $3 $wall $user $sys $rss $verdict" | tee -a "$tmp/results" >&2
  # Emptied here and deleted at the end: an ext4 without a journal looks for
  # inodes that were not deleted lately, and for minutes after rm -rf every tool
  # takes up to five times as long. So wait a while before the next peers.sh, too.
  find "$out" -type f -exec truncate -s 0 {} +
}

# hash_of DIR: one hash of the contents of all images in DIR, whatever their names.
hash_of() { find "$1" -type f -name '*.jpg*' -print0 | xargs -0r sha256sum | cut -c1-64 | sort | sha256sum; }

# measure CONDITION: all rounds. Each round starts with the next tool.
measure() {
  local tools round i
  read -ra tools <<<"$(tools_of "$1")"
  for (( i = 0; i < IMAGES; i++ )); do
    echo "${server[${1%-*}]}/image/$i.jpg?bytes=$BYTES" # nginx does not look at the query
  done >"$tmp/list.txt"
  sed 's|.*/\(.*\)?.*|url = "&"\noutput = "\1"|' "$tmp/list.txt" >"$tmp/list.curl"
  for (( round = 0; round <= ROUNDS; round++ )); do
    for (( i = 0; i < ${#tools[@]}; i++ )); do
      run "$1" "$round" "${tools[(i + round) % ${#tools[@]}]}" "${parallel[$1]}"
    done
  done
}

report() {
  local condition versions
  versions=$({ "$tmp/grab" --version; go version; wget2 --version; curl --version; aria2c --version; nginx -v; } 2>&1 |
    sed -nE 's/^(grab|go|GNU Wget2|curl|aria2|nginx)( version)?:? (go|V|nginx\/)?([0-9.]+).*/\1 \4/p' | paste -sd, | sed 's/,/, /g')
  cat <<TEXT
- $(date -u +%F), $(sed -n '/^model name/{s/.*: //p;q}' /proc/cpuinfo), $(nproc) CPUs for clients and servers, Linux $(uname -r),
  files on $(df --output=fstype "$tmp" | tail -n 1)${place[disk]:+, of the disk on $(df --output=fstype "$DISK" | tail -n 1)}; load average before: $load, after: $(cut -d' ' -f1-3 /proc/loadavg)
- $versions
${NETEM:+- network: $NETEM, each way
}- $ROUNDS rounds after a warm-up, $IMAGES images of $BYTES bytes in a run, each checked by its SHA-256
- wall: median [least–most]. CPU: user and system time of the client and its children, median.
  Memory: peak of the largest process; in process mode there are several.
- pool ÷ tool, process ÷ tool: wall time of grab-pool and of grab-process by the tool's, as the
  ratio of the medians and the median of the rounds' ratios. Below 1, grab is faster.
TEXT
  for condition in $CONDITIONS; do
    awk -v condition="$condition" -v rounds="$ROUNDS" -v images="$IMAGES" -v title="${title[$condition]}" \
      -f "$here/peers.awk" "$tmp/results"
  done
}

declare -A parallel=([http]=$PARALLEL [https]=$PARALLEL [disk]=$PARALLEL
  [latency]=$LATENCY_PARALLEL [latency-1000]=1000 [latency-5000]=5000)
slow="HTTP with $LATENCY of latency"
declare -A title=([http]="HTTP, $PARALLEL at a time" [https]="HTTPS, $PARALLEL at a time"
  [disk]="HTTP to a disk, $PARALLEL at a time" [latency]="$slow, $LATENCY_PARALLEL at a time"
  [latency-1000]="$slow, 1,000 at a time" [latency-5000]="$slow, 5,000 at a time")
declare -A place                                  # where images go that do not go to $tmp

cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$tmp" "${place[@]}"
}

missing=()
for entry in go:golang-go nginx:nginx openssl:openssl curl:curl wget2:wget2 aria2c:aria2; do
  type -P "${entry%:*}" >/dev/null || missing+=("${entry%:*} (Debian package ${entry#*:})")
done
if (( ${#missing[@]} )); then printf 'peers.sh: missing: %s\n' "${missing[@]}" >&2; exit 2; fi
gnu_time=$(type -P time) || say "no memory column without the Debian package time"
for condition in $CONDITIONS; do tools_of "$condition" >/dev/null; done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
load=$(cut -d' ' -f1-3 /proc/loadavg)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/peers.XXXXXX")
pids=()
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "building grab and $IMAGES images in $tmp"
# shellcheck source=bench/servers.sh
source "$here/servers.sh"
cd "$here/.."
CGO_ENABLED=0 go build -o "$tmp/grab" .
go run ./bench/images -n "$IMAGES" -bytes "$BYTES" -out "$tmp/www/image"
expected=$(hash_of "$tmp/www")
make_authority
export SSL_CERT_FILE=$tmp/ca/ca.pem SSL_CERT_DIR=$tmp/ca # how Go programs are told of an authority
start_nginx
start_slow
server[disk]=${server[http]}
if [[ " $CONDITIONS " == *" disk "* ]]; then place[disk]=$(mktemp -d "$DISK/peers.XXXXXX"); fi
for condition in $CONDITIONS; do measure "$condition"; done
if [[ $RAW ]]; then cp "$tmp/results" "$RAW"; fi
report
