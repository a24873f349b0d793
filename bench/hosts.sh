#!/usr/bin/env bash
# hosts.sh times grab beside wget2, curl -Z and aria2c on a list of many hosts, part of
# which are dead, in interleaved rounds. It prints Markdown for docs/BENCHMARKS.md on
# standard output, and each measurement on standard error.
#
#   bench/hosts.sh                       50,000 URLs of 3,000 hosts, 60 % of them alive
#   ALIVE=70 bench/hosts.sh              30 % dead, as lists of data sets have them
#   ROUNDS=1 TOOLS="grab wget2" URLS=5000 HOSTS=300 bench/hosts.sh
#   TMPDIR=/dev/shm bench/hosts.sh       in memory, without the disk
#
# The hosts are addresses of 127.1.0.0/16. One nginx serves all that are alive; nobody
# listens at the port of the others. One in twenty URLs of a live host is missing (404).
# A run counts only if it left every good image; otherwise its row says how many.
set -euo pipefail
export GRAB_NO_CONFIG=true # the settings of whoever runs this are not for it
export LC_ALL=C PATH="$PATH:/usr/sbin"

URLS=${URLS:-50000} HOSTS=${HOSTS:-3000} ALIVE=${ALIVE:-60} PARALLEL=${PARALLEL:-64}
ROUNDS=${ROUNDS:-3} BYTES=${BYTES:-10000} LIMIT=${LIMIT:-600}
TOOLS=${TOOLS:-grab wget2 curl aria2c}

say() { echo "hosts.sh: $*" >&2; }

tmp=$(mktemp -d)
cleanup() {
  [[ -s $tmp/nginx.pid ]] && kill "$(<"$tmp/nginx.pid")" 2>/dev/null
  [[ ${KEEP:-} ]] && cp "$tmp/log" "$KEEP"; rm -rf "$tmp"
}
trap cleanup EXIT

# free_port: sets port to one that nothing listens on.
free_port() {
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
}

start_nginx() {
  cat >"$tmp/nginx.conf" <<CONF
user $(id -un) $(id -gn); worker_processes 2; pid $tmp/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; keepalive_timeout 300s; keepalive_requests 1000000000;
  open_file_cache max=1000 inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path $tmp/n; proxy_temp_path $tmp/n; fastcgi_temp_path $tmp/n; uwsgi_temp_path $tmp/n; scgi_temp_path $tmp/n;
  types { image/png png; }
  server { listen 0.0.0.0:$live reuseport; root $tmp/www; location ~ ^/missing/ { return 404; } location / { try_files /image.png =404; } }
}
CONF
  nginx -e "$tmp/nginx.log" -c "$tmp/nginx.conf"
}

# make_lists: the same URLs, in the forms of the tools. Prints how many are good.
make_lists() {
  awk -v urls="$URLS" -v hosts="$HOSTS" -v alive="$ALIVE" -v live="$live" -v dead="$dead" -v tmp="$tmp" 'BEGIN {
    srand(1)
    for (i = 0; i < urls; i++) {
      h = int(rand() * hosts)
      up = h % 100 < alive
      missing = up && rand() < 0.05
      good += up && !missing
      url = sprintf("http://127.1.%d.%d:%d/%s/%d.png", h / 250, h % 250 + 1, up ? live : dead, missing ? "missing" : "image", i)
      print url > (tmp "/list.txt")
      printf "url = \"%s\"\noutput = \"%d.png\"\n", url, i > (tmp "/list.curl")
      printf "%s\n  out=%d.png\n", url, i > (tmp "/list.aria2")
    }
    print good
  }'
}

command_of() {
  case $1 in
    grab)   cmd=("$tmp/grab" -progress plain -n "$PARALLEL" -out "$out" "$tmp/list.txt") ;;
    grab-*) cmd=("$tmp/grab" -progress plain -mode "${1#grab-}" -n "$PARALLEL" -out "$out" "$tmp/list.txt") ;;
    wget2)  cmd=(wget2 --no-config -q --progress=none --no-robots --max-threads="$PARALLEL" -x -i "$tmp/list.txt") ;;
    curl)   cmd=(curl -q -Z --parallel-max "$PARALLEL" --no-progress-meter --fail -K "$tmp/list.curl") ;;
    aria2c) cmd=(aria2c --no-conf -q -j"$PARALLEL" -x1 -s1 --file-allocation=none --auto-save-interval=0
              --deferred-input=true --max-download-result=0 -d "$out" -i "$tmp/list.aria2") ;;
    *)      say "no such tool: $1"; return 2 ;;
  esac
}

# run TOOL: one run; prints its seconds, CPU seconds and number of images.
run() {
  out=$tmp/out
  mkdir "$out"
  command_of "$1"
  (cd "$out" && TIMEFORMAT='%R %U %S' && time timeout "$LIMIT" "${cmd[@]}" >"$tmp/log" 2>&1) 2>"$tmp/time" || true
  local images
  images=$(find "$out" -name '*.png' -size "+$((BYTES - 1))c" | wc -l)
  rm -rf "$out"
  awk -v images="$images" 'END { print $1, $2 + $3, images }' "$tmp/time"
}

cd "$(dirname "$0")/.."
go build -o "$tmp/grab" .
free_port; live=$port
while free_port; [[ $port == "$live" ]]; do :; done; dead=$port
mkdir "$tmp/www" "$tmp/n"
python3 - "$tmp/www/image.png" "$BYTES" <<'PY'
import struct, sys, zlib
chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 6, 8, 0, 0, 0, 0))
tail = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * 8) * 6)) + chunk(b"IEND", b"")
text = b"x" * (int(sys.argv[2]) - len(head) - len(tail) - 12)
open(sys.argv[1], "wb").write(head + chunk(b"teXt", text) + tail)
PY
good=$(make_lists)
start_nginx
say "$URLS URLs of $HOSTS hosts, $ALIVE % alive: $good good images"
for round in $(seq "$ROUNDS"); do
  for tool in $TOOLS; do
    read -r wall cpu images < <(run "$tool")
    say "round $round: $tool: $wall s, $cpu s of CPU, $images of $good images"
    echo "$tool $wall $cpu $images" >>"$tmp/runs"
  done
done
echo "| tool | wall, s | against wget2 | CPU, s | images of $good |"
echo "| --- | --- | --- | --- | --- |"
median() { awk -v tool="$1" -v field="$2" '$1 == tool { print $field }' "$tmp/runs" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
base=$(median wget2 2)
for tool in $TOOLS; do
  wall=$(median "$tool" 2)
  ratio=$(awk -v a="$wall" -v b="${base:-0}" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }')
  echo "| $tool | $wall | $ratio | $(median "$tool" 3) | $(median "$tool" 4) |"
done
