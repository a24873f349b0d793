#!/usr/bin/env bash
# peers.sh times grab beside wget2, curl -Z and aria2c: many small images from
# servers on this machine, in interleaved rounds. It prints Markdown for
# docs/BENCHMARKS.md on standard output and what it is doing on standard error.
#
#   bench/peers.sh                                        all of it, about 15 minutes
#   ROUNDS=3 CONDITIONS="http https" bench/peers.sh       less of it
#   TOOLS="wget2 curl" CONDITIONS=http bench/peers.sh     for work on this script
#
# A run counts only if the files have the right hashes, each of them once;
# otherwise the row says FAILED. Nothing is installed, and nothing outside a
# directory of its own under $TMPDIR is written.
set -euo pipefail
export LC_ALL=C PATH="$PATH:/usr/sbin"

ROUNDS=${ROUNDS:-5}                               # counted rounds; one more goes before as a warm-up
IMAGES=${IMAGES:-10000}                           # images in a run
BYTES=${BYTES:-36000}                             # size of an image
PARALLEL=${PARALLEL:-16}                          # downloads at a time, over http and https
LATENCY_PARALLEL=${LATENCY_PARALLEL:-256}         # the same, with the slow server
LATENCY=${LATENCY:-50ms}                          # time to the first byte of the slow server
CONDITIONS=${CONDITIONS:-http https latency}
NGINX_WORKERS=${NGINX_WORKERS:-2}
TOOLS=${TOOLS:-}                                  # rows; by default those of tools_of
RAW=${RAW:-}                                      # a file to keep every single measurement in

# tools_of CONDITION: its rows. Over TLS the default of grab, wget2 and curl is
# HTTP/2, which is not the fastest for all of them: each has a row with HTTP/1.1.
# grab-process-cpus is the default of -mode process, one child for each CPU; it
# would wait for minutes on the slow server.
tools_of() {
  if [[ $TOOLS ]]; then echo "$TOOLS"; return; fi
  case $1 in
    http)    echo grab-pool grab-process grab-process-cpus wget2 curl aria2c ;;
    https)   echo grab-pool grab-pool-http1 grab-process grab-process-cpus wget2 wget2-http1 curl curl-http1 aria2c ;;
    latency) echo grab-pool grab-process wget2 curl aria2c ;;
    *)       echo "peers.sh: no such condition: $1" >&2; return 2 ;;
  esac
}

# command_of TOOL PARALLEL: sets cmd, the command of one run into $out.
command_of() {
  # -progress plain: with hashes, type check, manifest and progress, as users run it.
  local grab=("$tmp/grab" -progress plain -out "$out")
  # No cookies, HSTS, HPKP, OCSP: no state to look up. --no-xattr: three system
  # calls a file less. --cut-file-get-vars: 7.jpg, not "7.jpg?bytes=36000".
  # --ca-directory: not the 140 authorities of the system, which nobody else loads.
  local wget2=(wget2 --no-config -q --progress=none --max-threads="$2" --no-robots --no-cookies
    --no-hsts --no-hpkp --no-ocsp --no-ocsp-stapling --no-xattr --no-directories --cut-file-get-vars
    --ca-directory="$tmp/ca" --ca-certificate="$tmp/ca/ca.pem" -P "$out" -i "$tmp/list.txt")
  # -q, first: no ~/.curlrc. curl wants a "url" and an "output" line for each file.
  local curl=(curl -q -Z --parallel-max "$2" --no-progress-meter --fail
    --cacert "$tmp/ca/ca.pem" --output-dir "$out" --create-dirs -K "$tmp/list.curl")
  # -x1 -s1: whole files. --auto-save-interval=0: otherwise a control file is
  # written and synced for each image, which takes three times as long.
  # --deferred-input, --max-download-result: do not keep the list and its results
  # in memory (130 MB). aria2c syncs each file all the same; no option stops it.
  local aria2c=(aria2c --no-conf -q -j"$2" -x1 -s1 --file-allocation=none --auto-file-renaming=false
    --allow-overwrite=true --enable-http-keep-alive=true --auto-save-interval=0 --deferred-input=true
    --max-download-result=0 --ca-certificate="$tmp/ca/ca.pem" -d "$out" -i "$tmp/list.txt")
  case $1 in
    grab-pool)         cmd=("${grab[@]}" -mode pool -n "$2" "$tmp/list.txt") ;;
    grab-pool-http1)   cmd=("${grab[@]}" -mode pool -n "$2" -http1 "$tmp/list.txt") ;;
    grab-process)      cmd=("${grab[@]}" -mode process -n "$2" "$tmp/list.txt") ;;
    grab-process-cpus) cmd=("${grab[@]}" -mode process "$tmp/list.txt") ;;
    wget2)             cmd=("${wget2[@]}") ;;
    wget2-http1)       cmd=("${wget2[@]}" --no-http2) ;;
    curl)              cmd=("${curl[@]}") ;;
    curl-http1)        cmd=("${curl[@]}" --http1.1) ;;
    aria2c)            cmd=("${aria2c[@]}") ;;
    *)                 echo "peers.sh: no such tool: $1" >&2; return 2 ;;
  esac
}

say() { echo "peers.sh: $*" >&2; }

# need COMMAND PACKAGE ...: ends the script if a command is missing.
need() {
  local missing=()
  for (( ; $#; )); do
    type -P "$1" >/dev/null || missing+=("$1 (Debian package $2)")
    shift 2
  done
  if (( ${#missing[@]} )); then printf 'peers.sh: missing: %s\n' "${missing[@]}" >&2; exit 2; fi
}

need go golang-go nginx nginx openssl openssl curl curl wget2 wget2 aria2c aria2
gnu_time=()                                       # it alone knows the peak memory; the column is empty without
if type -P time >/dev/null; then gnu_time=("$(type -P time)" -q -f %M -o); fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/peers.XXXXXX")
pids=()
cleanup() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# make_authority: an authority in $tmp/ca/ca.pem and a certificate for this machine.
make_authority() {
  mkdir "$tmp/ca"
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
  openssl req -x509 "${key[@]}" -days 2 -subj "/CN=peers.sh" -keyout "$tmp/ca.key" -out "$tmp/ca/ca.pem"
  openssl req "${key[@]}" -subj /CN=localhost -keyout "$tmp/server.key" -out "$tmp/server.csr"
  openssl x509 -req -in "$tmp/server.csr" -CA "$tmp/ca/ca.pem" -CAkey "$tmp/ca.key" -CAcreateserial -days 2 \
    -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost") -out "$tmp/server.pem"
} 2>>"$tmp/openssl.log"

# free_port: sets port to one that nothing listens on.
free_port() {
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
}

# start_nginx: sets http and https, the addresses of the images. With one worker
# nginx is the limit over TLS; with two, and a listening socket for each, it can
# use both CPUs of this machine as its clients do.
start_nginx() {
  local port
  free_port; http=http://127.0.0.1:$port
  free_port; https=https://127.0.0.1:$port
  cat >"$tmp/nginx.conf" <<CONF
daemon off; user $(id -un) $(id -gn); worker_processes $NGINX_WORKERS; pid $tmp/nginx.pid; error_log $tmp/nginx.log;
events { worker_connections 2048; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_timeout 300s; keepalive_requests 1000000000;
  open_file_cache max=$((IMAGES + 100)) inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path $tmp/nginx; proxy_temp_path $tmp/nginx; fastcgi_temp_path $tmp/nginx;
  uwsgi_temp_path $tmp/nginx; scgi_temp_path $tmp/nginx;
  types { image/jpeg jpg; }
  root $tmp/www;
  server { listen ${http#*//} reuseport; }
  server {
    listen ${https#*//} ssl http2 reuseport;
    ssl_certificate $tmp/server.pem; ssl_certificate_key $tmp/server.key;
  }
}
CONF
  nginx -e "$tmp/nginx.log" -c "$tmp/nginx.conf" 2>>"$tmp/nginx.log" &
  pids+=($!)
  curl -q -sf --retry 50 --retry-delay 1 --retry-all-errors --retry-connrefused --cacert "$tmp/ca/ca.pem" -o /dev/null \
    "$http/image/0.jpg" "$https/image/0.jpg" -o /dev/null || { cat "$tmp/nginx.log" >&2; exit 1; }
}

# start_slow: sets latency, the address of the server with latency.
start_slow() {
  "$tmp/grab" serve -json -latency "$LATENCY" -addr 127.0.0.1:0 >"$tmp/serve.json" &
  pids+=($!)
  local addr=
  for (( try = 0; try < 100; try++ )); do
    addr=$(sed -n 's/.*"addr":"\([^"]*\)".*/\1/p' "$tmp/serve.json")
    [[ $addr ]] && break
    sleep 0.1
  done
  [[ $addr ]] || { say "grab serve did not start"; exit 1; }
  latency=http://$addr
}

# hash_of DIR: one hash of the contents of all images in DIR, whatever their names.
hash_of() {
  find "$1" -type f -name '*.jpg' -print0 | xargs -0r sha256sum | cut -c1-64 | sort | sha256sum
}

# run CONDITION ROUND TOOL PARALLEL: one timed run, and a line of $tmp/results.
run() {
  local out=$tmp/out/$1-$2-$3 status=0 cmd wall user sys rss=0 verdict=ok
  mkdir -p "$out"
  command_of "$3" "$4"
  sync -f "$tmp"                                  # nobody pays for the writes of the run before
  local TIMEFORMAT='%3R %3U %3S'                  # bash counts all children that were waited for
  { time "${gnu_time[@]}" ${gnu_time:+"$tmp/rss"} "${cmd[@]}" >"$tmp/stdout" 2>"$tmp/stderr"; } 2>"$tmp/time" || status=$?
  read -r wall user sys <"$tmp/time"
  if [[ $gnu_time ]]; then rss=$(tail -n 1 "$tmp/rss"); fi
  if (( status )) || [[ $(hash_of "$out") != "$expected" ]]; then
    verdict=FAILED
    say "$3: exit code $status, $(find "$out" -name '*.jpg' | wc -l) images: $(tail -n 2 "$tmp/stderr")"
  fi
  echo "$1 $2 $3 $wall $user $sys $rss $verdict" | tee -a "$tmp/results" >&2
  # Emptied now, deleted at the end: ext4 without a journal looks for inodes that
  # were not deleted lately, so that after rm -rf every tool takes 3 times as long.
  find "$out" -type f -exec truncate -s 0 {} +
}

# measure CONDITION PARALLEL: all rounds. Each round starts with another tool.
measure() {
  local base=${!1} tools round i
  read -ra tools <<<"$(tools_of "$1")"
  for (( i = 0; i < IMAGES; i++ )); do
    echo "$base/image/$i.jpg?bytes=$BYTES"
  done >"$tmp/list.txt"
  sed 's|.*/\(.*\)?.*|url = "&"\noutput = "\1"|' "$tmp/list.txt" >"$tmp/list.curl"
  for (( round = 0; round <= ROUNDS; round++ )); do
    for (( i = 0; i < ${#tools[@]}; i++ )); do
      run "$1" "$round" "${tools[(i + round) % ${#tools[@]}]}" "$2"
    done
  done
}

versions() {
  { "$tmp/grab" --version; go version; wget2 --version; curl --version; aria2c --version; nginx -v; } 2>&1 |
    sed -nE 's/^(grab|go|GNU Wget2|curl|aria2) (version )?(go)?[V]?([0-9.]+).*/\1 \4/p; s|^nginx version: nginx/|nginx |p' | paste -sd, | sed 's/,/, /g'
}

report() {
  echo "- machine: $(sed -n '/^model name/{s/.*: //p;q}' /proc/cpuinfo), $(nproc) CPUs, Linux $(uname -r), files on $(df --output=fstype "$tmp" | tail -n 1)"
  echo "- versions: $(versions)"
  echo "- $(date -u +%F): $ROUNDS rounds after a warm-up, $IMAGES images of $BYTES bytes in a run, server and clients on the same CPUs;"
  echo "  load average before: $load"
  echo "- wall: median [least–most] of the rounds. CPU: user + system of the client and its children, median."
  echo "  Memory: peak of the largest process, which in process mode is one of several."
  echo "- pool ÷ tool, process ÷ tool: wall of grab -mode pool and of -mode process, by the tool's;"
  echo "  ratio of the medians, then median of the rounds' own ratios. Less than 1: grab is faster."
  for condition in $CONDITIONS; do
    awk -v condition="$condition" -v title="$(title_of "$condition")" -v images="$IMAGES" -v rounds="$ROUNDS" -f "$here/peers.awk" "$tmp/results"
  done
}

title_of() {
  case $1 in
    http) echo "HTTP, $PARALLEL at a time" ;;
    https) echo "HTTPS, $PARALLEL at a time" ;;
    latency) echo "HTTP with $LATENCY of latency, $LATENCY_PARALLEL at a time" ;;
  esac
}

for condition in $CONDITIONS; do tools_of "$condition" >/dev/null; done
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
load=$(cut -d' ' -f1-3 /proc/loadavg)
say "building grab, making $IMAGES images in $tmp"
cd "$here/.."
CGO_ENABLED=0 go build -o "$tmp/grab" .
go run ./bench/images -n "$IMAGES" -bytes "$BYTES" -out "$tmp/www/image"
expected=$(hash_of "$tmp/www")
make_authority
export SSL_CERT_FILE=$tmp/ca/ca.pem SSL_CERT_DIR=$tmp/ca   # how Go programs are told an authority
start_nginx
start_slow
for condition in $CONDITIONS; do
  if [[ $condition == latency ]]; then measure latency "$LATENCY_PARALLEL"; else measure "$condition" "$PARALLEL"; fi
done
if [[ $RAW ]]; then cp "$tmp/results" "$RAW"; fi
report
