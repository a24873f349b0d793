# shellcheck shell=bash
# servers.sh is the part of peers.sh that starts the servers. It uses peers.sh's
# tmp (its directory), pids (what to end), say, and its settings.
# shellcheck disable=SC2154  # tmp is its own

declare -A server                                 # the addresses, by condition

# make_authority: an authority, $tmp/ca/ca.pem, and a certificate for this machine.
make_authority() {
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
  mkdir "$tmp/ca"
  openssl req -x509 "${key[@]}" -days 2 -subj "/CN=peers.sh" -keyout "$tmp/ca.key" -out "$tmp/ca/ca.pem"
  openssl req "${key[@]}" -subj /CN=localhost -keyout "$tmp/server.key" -out "$tmp/server.csr"
  openssl x509 -req -in "$tmp/server.csr" -CA "$tmp/ca/ca.pem" -CAkey "$tmp/ca.key" -CAcreateserial -days 2 \
    -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost") -out "$tmp/server.pem"
} 2>"$tmp/openssl.log"

# free_port: sets port to one that nothing listens on.
free_port() {
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
}

# As services do, servers run in a session of their own. In that of the script,
# Linux takes server and client for one program (autogroup, sched(7)), and how
# it shares the CPUs among their threads depends on how often the client sleeps.
session=(setsid)
if [[ $SHARED_SESSION ]]; then session=(); fi

# start_nginx: the server of http and https. One worker would be the limit over
# TLS; two, each with a listening socket of its own, can use both of our CPUs.
start_nginx() {
  local port
  free_port; server[http]=http://127.0.0.1:$port
  free_port; server[https]=https://127.0.0.1:$port
  cat >"$tmp/nginx.conf" <<CONF
daemon off; user $(id -un) $(id -gn); worker_processes $NGINX_WORKERS; pid $tmp/nginx.pid;
events { worker_connections 2048; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_timeout 300s; keepalive_requests 1000000000;
  open_file_cache max=$((IMAGES + 100)) inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path $tmp/nginx; proxy_temp_path $tmp/nginx; fastcgi_temp_path $tmp/nginx;
  uwsgi_temp_path $tmp/nginx; scgi_temp_path $tmp/nginx;
  types { image/jpeg jpg; }
  root $tmp/www;
  server { listen ${server[http]#*//} reuseport; }
  server {
    listen ${server[https]#*//} ssl http2 reuseport;
    ssl_certificate $tmp/server.pem; ssl_certificate_key $tmp/server.key;
  }
}
CONF
  "${session[@]}" nginx -e "$tmp/nginx.log" -c "$tmp/nginx.conf" &
  pids+=($!)
  wait_for curl -q -sf --cacert "$tmp/ca/ca.pem" -o "$tmp/probe" "${server[https]}/image/0.jpg"
}

# start_slow: the server with latency, grab's own.
start_slow() {
  "${session[@]}" "$tmp/grab" serve -json -latency "$LATENCY" -addr 127.0.0.1:0 >"$tmp/serve.json" &
  pids+=($!)
  wait_for grep -qs '"ready"' "$tmp/serve.json"
  server[latency]=http://$(sed 's/.*"addr":"\([^"]*\)".*/\1/' "$tmp/serve.json")
}

# wait_for COMMAND ...: repeats the command until it succeeds, for at most 10 seconds.
wait_for() {
  for _ in {1..100}; do
    if "$@"; then return; fi
    sleep 0.1
  done
  say "a server did not start: $(cat "$tmp"/*.log)"
  exit 1
}
