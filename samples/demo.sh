#!/usr/bin/env bash
# Shows Gordian at work: a C++ program and a Python one that deadlock, each ended as soon as it is told.
#
#   samples/demo.sh BIN_DIR      BIN_DIR holds gordian and samples/
#
# Ends with 0 when both reports were shown. Never hangs: each run is bounded.
set -uo pipefail

if [ $# -ne 1 ] || [ ! -x "$1/gordian" ]; then
  echo "usage: demo.sh BIN_DIR (a directory with gordian in it; build it with ./dev build)" >&2
  exit 2
fi
bin=$1
samples=$(dirname "$0")
shown=$(mktemp)
trap 'rm -f "$shown"' EXIT

# Runs a program under gordian, shows all it says, and checks that the grade appears in it.
show() {
  local grade=$1 heading=$2
  shift 2
  printf '\n== %s\n\n   gordian run --on-deadlock=kill -- %s\n\n' "$heading" "$*"
  timeout --kill-after=2 20 "$bin/gordian" run --on-deadlock=kill -- "$@" </dev/null >"$shown" 2>&1
  cat "$shown"
  grep -q "$grade" "$shown" && return
  echo "demo: no finding of grade '$grade' was reported for: $*" >&2
  return 1
}

failures=0
show proven "Two threads, two std::mutex, opposite order" "$bin/samples/two_accounts" || failures=$((failures + 1))
show inferred "Two Python threads, two threading.Lock, plain python3" /usr/bin/python3 "$samples/python_locks.py" ||
  failures=$((failures + 1))
[ "$failures" -eq 0 ]
