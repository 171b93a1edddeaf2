#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds preset `core-only` (core needs no Qt) and preset `dev`, and runs all tests on a virtual display.
# Arguments go to ctest: ./packaging/test.sh -R recipe
# The last line is "N passed, N failed".
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
  -h | --help)
    echo "Usage: test.sh [CTEST OPTION]…"
    echo "Installs what is missing, builds and runs the tests; for example: test.sh -R recipe"
    exit 0
    ;;
esac

times=()
# step TITLE COMMAND…: runs the command under a heading and notes how long it took; a step that fails ends the script.
step() {
  local title=$1 start=$SECONDS status=0
  shift
  echo "== $title"
  "$@" || status=$?
  times+=("$(printf '%5d s  %s' $((SECONDS - start)) "$title")")
  if [ "$status" -ne 0 ]; then
    echo "test.sh: failed in the step '$title' (status $status)" >&2
    exit "$status"
  fi
}

# With paths relative to the project, ccache hands over to the second build what the first has compiled with the same options.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true

jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  step "Packages" ./packaging/setup-debian.sh --tests
else
  echo "Not a Debian or Ubuntu system: nothing is installed here; README.md, 'Building on other systems', has the names."
fi
step "Configure core and command line with Qt hidden (preset core-only)" \
  cmake --preset core-only -DCMAKE_BUILD_TYPE=RelWithDebInfo -DLAYERLOOM_WERROR=ON
step "Build core and command line with Qt hidden" cmake --build --preset core-only -j "$jobs"
step "Configure (preset dev)" cmake --preset dev
step "Build (preset dev, $jobs jobs)" cmake --build --preset dev -j "$jobs"

# Elsewhere than on Debian there may be no Xvfb; Qt's own off-screen platform does for most tests.
display=(packaging/virtual-display.sh)
command -v xvfb-run >/dev/null || display=(env QT_QPA_PLATFORM=offscreen)

results=$scratch/tests.xml
start=$SECONDS
status=0
echo "== Tests (preset dev, $jobs at a time)"
"${display[@]}" ctest --preset dev -j "$jobs" --output-junit "$results" "$@" 2>&1 || status=$?
times+=("$(printf '%5d s  %s' $((SECONDS - start)) "Tests")")

echo "== Times"
printf '%s\n' "${times[@]}"

# Counted from the JUnit file: the wording of ctest's summary differs between its versions.
count() {
  grep -o "\b$1=\"[0-9]*\"" "$results" 2>/dev/null | head -n 1 | tr -dc 0-9
}
total=$(count tests || true) failed=$(count failures || true)
total=${total:-0} failed=${failed:-0}
[ "$total" -gt 0 ] || status=$((status == 0 ? 1 : status))
echo "$((total - failed)) passed, $failed failed"
exit "$status"
