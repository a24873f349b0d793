#!/usr/bin/env bash
# Makes docs/picture/terminal.svg, the picture at the top of README: what a real terminal shows
# of a real run. The embedded server answers in place of the hosts. Needs tmux.
set -euo pipefail
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
socket=grab-picture-$$
tmux() { command tmux -L "$socket" -f /dev/null "$@"; }
trap 'tmux kill-server 2>/dev/null || true; rm -rf "$tmp"' EXIT
go build -o "$tmp/bin/grab" .

links() { # FROM TO: lines of a list; three of the first 300 are gone or broken
  local i hosts=(cdn.example.net img.example.org photos.example.com)
  for ((i = $1; i < $2; i++)); do
    case $i in
      41 | 166) echo "https://img.example.org/status/404?$i" ;;
      230) echo "https://img.example.org/status/502?$i" ;;
      *) echo "https://${hosts[i % 3]}/image/$i.jpg" ;;
    esac
  done
}

screen() { tmux capture-pane -p; }

await() { # PATTERN: until the screen has it, for half a minute at most
  for _ in {1..600}; do
    if screen | grep -qE "$1"; then return; fi
    sleep 0.05
  done
  echo "the screen has no $1" >&2
  screen >&2
  return 1
}

type() { # COMMAND: and its Enter
  tmux send-keys "$1" Enter
}

links 0 300 >"$tmp/photos.txt"
tmux new-session -d -x 96 -y 24 -c "$tmp" "env -i PATH='$tmp/bin:$PATH' HOME='$tmp' \
  TERM=screen LC_ALL=C.UTF-8 HISTFILE= PS1='\$ ' GRAB_LOCAL=true GRAB_LATENCY=300ms GRAB_JITTER=200ms \
  GRAB_RETRIES=1 GRAB_RETRY_MIN=100ms bash --norc --noprofile"
await '^\$'
type 'grab photos.txt'
await '^the rest:'
type 'grab status images'
await '^host: '
links 300 600 >>"$tmp/photos.txt"
type 'grab -gone-for 30d photos.txt    # the next day, with 300 lines more'
await '^pool +[678][0-9]% .*left'
# Blank lines at the end are not part of the picture.
screen | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$tmp/screen"
tmux send-keys C-c # so that nothing is written any more
await '^\$$'
go run ./docs/picture <"$tmp/screen" >docs/picture/terminal.svg
cat "$tmp/screen"
