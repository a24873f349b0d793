#!/usr/bin/env bash
# limits.sh fetches 120 images from an nginx that limits its clients, in each mode of grab
# and with other tools, and counts the images and the requests.
#
#   bench/limits.sh                       two connections at a time; 20 requests a second
#   TOOLS="pool" bench/limits.sh          rows of your choice
set -euo pipefail
export GRAB_NO_CONFIG=true # the settings of whoever runs this are not for it
export LC_ALL=C PATH="$PATH:/usr/sbin"
TOOLS=${TOOLS:-sequential pool process wget2 aria2c}
IMAGES=${IMAGES:-120}

tmp=$(mktemp -d)
cleanup() {
  [[ -s $tmp/nginx.pid ]] && kill "$(<"$tmp/nginx.pid")" 2>/dev/null
  rm -rf "$tmp"
}
trap cleanup EXIT

# free_port: sets port to one that nothing listens on.
free_port() {
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
}

cd "$(dirname "$0")/.."
go build -o "$tmp/grab" .
mkdir "$tmp/www" "$tmp/n"
"$tmp/grab" serve -h >/dev/null
python3 - "$tmp/www/image.png" <<'PY'
import os, struct, sys, zlib
chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
rows = b"".join(b"\0" + os.urandom(600) for _ in range(200))
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 200, 200, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PY
declare -A port_of
for limit in conn-503 conn-429 req-503 req-429; do free_port; port_of[$limit]=$port; done
{
  echo "user $(id -un) $(id -gn); worker_processes 1; pid $tmp/nginx.pid; events { worker_connections 1024; }"
  echo "http { access_log $tmp/access.log; keepalive_timeout 300s;"
  echo "client_body_temp_path $tmp/n; proxy_temp_path $tmp/n; fastcgi_temp_path $tmp/n; uwsgi_temp_path $tmp/n; scgi_temp_path $tmp/n;"
  echo "types { image/png png; } root $tmp/www;"
  for limit in "${!port_of[@]}"; do
    if [[ $limit == conn-* ]]; then
      echo "limit_conn_zone \$server_port zone=z${limit/-/}:1m;"
      rule="limit_conn z${limit/-/} 2; limit_conn_status ${limit#*-}; limit_rate 2m;"
    else
      echo "limit_req_zone \$server_port zone=z${limit/-/}:1m rate=20r/s;"
      rule="limit_req zone=z${limit/-/}; limit_req_status ${limit#*-};"
    fi
    echo "server { listen 127.0.0.1:${port_of[$limit]}; $rule location / { try_files /image.png =404; } }"
  done
  echo "}"
} >"$tmp/nginx.conf"
nginx -e "$tmp/nginx.log" -c "$tmp/nginx.conf"

echo "| limit | tool | images of $IMAGES | requests | time, s |"
echo "| --- | --- | --- | --- | --- |"
for limit in conn-503 conn-429 req-503 req-429; do
  for ((i = 0; i < IMAGES; i++)); do echo "http://127.0.0.1:${port_of[$limit]}/$i.png"; done >"$tmp/list.txt"
  for tool in $TOOLS; do
    : >"$tmp/access.log"
    mkdir "$tmp/out"
    case $tool in
      wget2)  cmd=(wget2 --no-config -q --progress=none --no-robots --max-threads=16 -i "$tmp/list.txt") ;;
      aria2c) cmd=(aria2c --no-conf -q -j16 -x1 -s1 -d "$tmp/out" -i "$tmp/list.txt") ;;
      *)      cmd=("$tmp/grab" -q -mode "$tool" -out "$tmp/out" "$tmp/list.txt") ;;
    esac
    began=$(date +%s.%N)
    (cd "$tmp/out" && timeout "${LIMIT:-120}" "${cmd[@]}" >"$tmp/log" 2>&1) || true
    took=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
    echo "| $limit | $tool | $(find "$tmp/out" -name '*.png' -size +50k | wc -l) | $(wc -l <"$tmp/access.log") | $took |"
    rm -rf "$tmp/out"
  done
done
