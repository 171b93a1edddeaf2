#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what building Layerloom needs on Debian 12, Ubuntu 24.04 or newer, and nothing else.
# Only what is missing is installed, so it can be repeated; when nothing is missing it needs neither root nor a network.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: setup-debian.sh [--core] [--run | --tests] [--list]
Installs the Debian or Ubuntu packages that Layerloom is built with.

  --core          only what core and layerloom-cli need (no Qt)
  --run, --tests  also a virtual display (Xvfb) and its fonts, to run the window or its tests on a machine without a screen
  --list          print the packages that are missing and stop
  --help          this text
TEXT
}

fail() {
  printf 'setup-debian.sh: %s\n' "$@" >&2
  exit 1
}

with_qt=yes
with_display=no
list_only=no
for argument in "$@"; do
  case $argument in
    --core) with_qt=no ;;
    --run | --tests) with_display=yes ;;
    --list) list_only=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown option $argument" ;;
  esac
done

packages=(
  git g++ cmake ninja-build ccache
  libexpected-dev libsimdjson-dev nlohmann-json3-dev libfmt-dev libcli11-dev
  libxxhash-dev libhwy-dev libtbb-dev libeigen3-dev libspectra-dev libyaml-cpp-dev libcairo2-dev
)
if [ "$with_qt" = yes ]; then
  packages+=(
    qt6-base-dev libqt6opengl6-dev qt6-charts-dev qt6-svg-dev # Qt Charts asks for the OpenGL module's headers
    qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools          # translations: Qt6LinguistTools, lupdate, lrelease
    libqscintilla2-qt6-dev
  )
fi
if [ "$with_display" = yes ]; then
  packages+=(xvfb xauth fonts-inter fonts-dejavu-core) # a bare system has no font that draws Ö well at 9 points
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  fail "this is not a Debian or Ubuntu system (no apt-get and dpkg-query)" \
       "README.md, 'Building on other systems', has the names of the packages elsewhere"
fi

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | head -n 1)" = installed ]
}

candidate() {
  LC_ALL=C apt-cache policy "$1" | sed -n 's/^ *Candidate: //p' | grep -vFx '(none)'
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done

if [ "$list_only" = yes ]; then
  [ ${#missing[@]} -eq 0 ] || printf '%s\n' "${missing[@]}"
  exit 0
fi
if [ ${#missing[@]} -eq 0 ]; then
  echo "Packages: all ${#packages[@]} are installed, nothing to do."
  exit 0
fi

echo "Packages to install (${#missing[@]} of ${#packages[@]}; what they depend on comes with them):"
printf '%s\n' "${missing[*]}" | fold -s -w 96 | sed 's/^/  /'

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null ||
    fail "installing needs root, and there is no sudo here; run as root:" \
         "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  as_root=(sudo)
fi
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

apt_get update

unknown=()
for package in "${missing[@]}"; do
  candidate "$package" >/dev/null || unknown+=("$package")
done
if [ ${#unknown[@]} -gt 0 ]; then
  fail "no package source here offers: ${unknown[*]}" \
       "Debian 12 and Ubuntu 24.04 have all of them; on Ubuntu they are in 'universe':" \
       "  sudo add-apt-repository universe"
fi

# Older releases offer packages of these names that are too old; say so before half an hour of building.
check_least() {
  local package=$1 least=$2 version
  case " ${missing[*]} " in *" $package "*) ;; *) return 0 ;; esac
  version=$(candidate "$package")
  dpkg --compare-versions "$version" ge "$least" ||
    fail "$package is offered in version $version, Layerloom needs $least (Debian 12, Ubuntu 24.04 or newer)"
}
check_least cmake 3.25
check_least qt6-base-dev 6.4

log=$(mktemp)
trap 'rm -f "$log"' EXIT
start=$SECONDS
if ! apt_get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  fail "apt-get could not install the packages; its messages stand above"
fi
echo "Packages installed in $((SECONDS - start)) s."
