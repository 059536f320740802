#!/usr/bin/env bash
# Builds the Go Collector of builder.yaml into .cache/collector/otelcol-trainingloop.
# Does nothing when the binary there was built from the manifest as it stands.
# The first build downloads modules and takes minutes; progress goes to standard error,
# and the last line of standard output is the binary's path.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
manifest="$root/deploy/collector/builder.yaml"
cache="$root/.cache/collector"
binary="$cache/otelcol-trainingloop"
built_from="$cache/built-from.yaml"
log="$cache/build.log"

say() { echo "collector: $*" >&2; }

is_current() { [[ -x "$binary" ]] && cmp -s "$manifest" "$built_from"; }

find_go() {
  # Go's own installer puts it here and leaves PATH to the user.
  PATH="$PATH:/usr/local/go/bin"
  command -v go >/dev/null || {
    say "no 'go' on PATH or in /usr/local/go/bin; Go 1.26 or newer builds it (https://go.dev/dl)"
    exit 3
  }
}

# Minutes without a word look like a hang, and CI systems kill what looks like one.
run_with_progress() {
  local what="$1" started=$SECONDS job
  shift
  say "$what"
  # Niced: the linker would take every core from whatever else the machine is doing.
  nice -n 15 "$@" >>"$log" 2>&1 &
  job=$!
  trap 'kill "$job" 2>/dev/null || true' INT TERM
  while kill -0 "$job" 2>/dev/null; do
    sleep 1
    (((SECONDS - started) % 20 != 19)) || say "… still at it after $((SECONDS - started)) s"
  done
  if ! wait "$job"; then
    say "failed: $what; the end of $log:"
    tail -n 30 "$log" >&2
    exit 1
  fi
  trap - INT TERM
}

build() {
  local version
  version="$(sed -n 's#.*collector/receiver/otlpreceiver \(v[0-9.]*\).*#\1#p' "$manifest")"
  [[ -n "$version" ]] || { say "no otlpreceiver version in $manifest"; exit 1; }
  : >"$log"
  # Beside the cache, not in the user's ~/go/bin. Named by version, so that a new one replaces it.
  local builder="$cache/builder-$version/builder"
  [[ -x "$builder" ]] || GOBIN="$(dirname "$builder")" run_with_progress \
    "installing the Collector Builder $version" \
    go install "go.opentelemetry.io/collector/cmd/builder@$version"
  # A half-written source tree of an interrupted build is not worth reusing.
  rm -rf "$cache/source"
  # The manifest's output_path is relative to the working directory.
  cd "$root"
  run_with_progress "building otelcol-trainingloop $version (minutes the first time)" \
    "$builder" --config="$manifest"
  # The stamp goes last: an interruption in between means one more build, never a stale binary.
  rm -f "$built_from"
  mv -f "$cache/source/otelcol-trainingloop" "$binary"
  cp "$manifest" "$built_from"
  say "built $binary"
}

mkdir -p "$cache"
if command -v flock >/dev/null; then
  # Two builds at once would write over each other's source tree; the second waits, then skips.
  exec 9>"$cache/lock"
  flock 9
fi
if is_current; then
  say "up to date"
else
  find_go
  build
fi
echo "$binary"
