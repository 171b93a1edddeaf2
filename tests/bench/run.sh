#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds preset `release` in build/bench, makes the models and measures. README.md in this folder says what and how.
set -euo pipefail

usage() {
  echo "Usage: run.sh [MEASUREMENT] [--dir DIR] [--native] [OPTION]…"
  echo "MEASUREMENT: methods (standard), threads, scale, memory, estimates, interrupts, preview"
  echo "--dir DIR    where results go, best on tmpfs; standard: /dev/shm/layerloom-bench"
  echo "--models DIR where models (3 GB) are made or lie; standard: build/bench-models"
  echo "--native     compares with a build with -march=native"
  echo "Other options go to layerloom-bench:"
  echo "  --mergekit PATH --methods LIST --runs N --threads N --against PATH"
}

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dir=/dev/shm/layerloom-bench
models=$source/build/bench-models
measurement=methods
native=
options=()
case ${1-} in
  '' | -*) ;;
  *) measurement=$1; shift ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --dir) dir=${2:?--dir needs a folder}; shift ;;
    --models) models=${2:?--models needs a folder}; shift ;;
    --native) native=yes ;;
    *) options+=("$1") ;;
  esac
  shift
done

# build FOLDER TARGETS… -- OPTIONS…
build() {
  local folder=$source/build/$1 targets=()
  shift
  while [ "$1" != -- ]; do targets+=("$1"); shift; done
  shift
  cmake -S "$source" --preset release -B "$folder" -DLAYERLOOM_GUI=OFF -DLAYERLOOM_TESTS=OFF "$@" >&2
  cmake --build "$folder" -j "$(nproc)" --target "${targets[@]}" >&2
}

cd "$source"
if [ "$measurement" = preview ]; then
  build bench layerloom-bench-preview -- -DLAYERLOOM_BENCH=ON
  mkdir -p "$dir"
  exec build/bench/bin/layerloom-bench-preview --dir "$dir" "${options[@]}"
fi
build bench layerloom-bench -- -DLAYERLOOM_BENCH=ON
if [ -n "$native" ]; then
  build bench-native layerloom-cli -- -DCMAKE_CXX_FLAGS=-march=native
  options+=(--against "$source/build/bench-native/bin/layerloom-cli")
fi
mkdir -p "$dir"
case $measurement in
  scale | memory) options+=(--models "$dir") ;;  # they make their own
  *)
    build/bench/bin/layerloom-bench-models "$models"
    options+=(--models "$models")
    ;;
esac
results=$(mktemp -d "$dir/results.XXXXXX")
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM
build/bench/bin/layerloom-bench "$measurement" --out "$results" "${options[@]}"
