#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# From a clone to the running program: installs what is missing, builds preset `release` and opens the sample recipe.
# Without a display it does the main job once on a virtual one and says where the results are.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: run.sh [--demo [DIR]] [ARGUMENT]…
Installs what is missing, builds Layerloom and starts it on the sample recipe, or on the given recipes and model folders.

  --demo [DIR]  open the sample recipe, draw a curve, merge and export without asking anything, on a virtual display,
                and leave picture, model and recipe in DIR (build/demo); this is what happens where there is no display
  --help        this text
TEXT
}

fail() {
  printf 'run.sh: %s\n' "$@" >&2
  exit 1
}

caller_directory=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$PWD
program=$project/build/release/bin/layerloom

demo=no
output=$project/build/demo
case ${1-} in
  -h | --help) usage; exit 0 ;;
  --demo)
    demo=yes
    [ $# -le 2 ] || fail "--demo takes one folder, no further arguments"
    case ${2-} in '') ;; /*) output=$2 ;; *) output=$caller_directory/$2 ;; esac
    ;;
esac
if [ "$demo" = no ] && [ -z "${DISPLAY-}" ] && [ -z "${WAYLAND_DISPLAY-}" ]; then
  [ $# -eq 0 ] || fail "there is no display here to open $1 on; without arguments run.sh does the demonstration"
  demo=yes
fi

# The folder carries a mark, so that nothing else is ever deleted. Asked before the long part.
mark=.layerloom-demo
if [ "$demo" = yes ] && [ -e "$output" ] && [ ! -e "$output/$mark" ] && [ -n "$(ls -A "$output" 2>&1)" ]; then
  fail "$output is in the way: it was not made by this demonstration" "move it, or name another folder: run.sh --demo DIR"
fi

echo "== Packages"
setup=()
[ "$demo" = no ] || setup=(--run)
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  ./packaging/setup-debian.sh "${setup[@]}"
else
  echo "Not a Debian or Ubuntu system: nothing is installed here; README.md, 'Building on other systems', has the names."
fi

jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
start=$SECONDS
echo "== Build (preset release, $jobs jobs)"
# The tests are left to test.sh.
cmake --preset release -DLAYERLOOM_TESTS=OFF
cmake --build --preset release -j "$jobs"
echo "Built in $((SECONDS - start)) s: $program"

if [ "$demo" = no ]; then
  echo "== Layerloom"
  [ $# -gt 0 ] || set -- "$project/resources/samples/starter.layerloom.yml"
  cd "$caller_directory"
  exec "$program" "$@"
fi

echo "== Demonstration on a virtual display"
rm -rf "$output"
mkdir -p "$output"
touch "$output/$mark"
packaging/virtual-display.sh "$program" --demo "$output"

for result in window.png merged recipe.yml; do
  [ -e "$output/$result" ] || fail "the demonstration ended without $output/$result"
done
cat <<TEXT
Done. On a virtual display the program opened the sample recipe, drew a curve over the layers, merged and exported:
  picture of the window  $output/window.png
  merged model           $output/merged
  recipe (mergekit YAML) $output/recipe.yml
TEXT
