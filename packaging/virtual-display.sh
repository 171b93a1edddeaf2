#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs a command on a virtual display (Xvfb), the same everywhere: fixed size and resolution, one font, UTF-8, and settings of its
# own, so that this user's are neither read nor changed. run.sh and test.sh use it; it is also how the README's pictures are made:
#   packaging/virtual-display.sh build/release/bin/layerloom --screenshots DIR
set -euo pipefail

if [ $# -eq 0 ]; then
  echo "Usage: virtual-display.sh COMMAND [ARGUMENT]…" >&2
  exit 2
fi
if ! command -v xvfb-run >/dev/null; then
  echo "virtual-display.sh: xvfb-run is missing (Debian: packages xvfb and xauth)" >&2
  exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/config/fontconfig"
mkdir -m 700 "$scratch/run" # Qt complains where there is none
# At 9 points DejaVu Sans, the only font of a bare Debian system, loses the dots of Ä, Ö and Ü.
cat >"$scratch/config/fontconfig/fonts.conf" <<'XML'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <match target="pattern">
    <test name="family"><string>sans-serif</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>
  </match>
</fontconfig>
XML
environment=(
  XDG_CONFIG_HOME="$scratch/config" XDG_DATA_HOME="$scratch/data" XDG_CACHE_HOME="$scratch/cache"
  XDG_RUNTIME_DIR="$scratch/run" QT_QPA_PLATFORM=xcb
)
case $(locale charmap 2>/dev/null) in UTF-8) ;; *) environment+=(LC_ALL=C.UTF-8) ;; esac

env -u WAYLAND_DISPLAY -u QT_QPA_PLATFORMTHEME -u QT_STYLE_OVERRIDE -u QT_SCALE_FACTOR "${environment[@]}" \
  xvfb-run -a -s "-screen 0 1600x1000x24 -dpi 96" "$@"
