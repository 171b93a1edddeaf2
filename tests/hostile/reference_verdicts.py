#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reference implementation of safetensors says of the hostile files.

    write_hostile_files FOLDER
    python3 reference_verdicts.py FOLDER > tests/hostile/reference_verdicts.txt

Needs the Python package safetensors; no part of the ordinary tests. Lines, separated by tabs:
    file NAME accepted|refused [DTYPE SHAPE NAME-AS-JSON]...
    truncated|flipped HEX    the reference accepts the base cut to N bytes, or with header bit N flipped: bit N % 8 of byte N // 8
"""
import json
import os
import sys

import safetensors


def verdict(data):
    try:
        return safetensors.deserialize(data)
    except safetensors.SafetensorError:
        return None


def bitmap(flags):
    out = bytearray((len(flags) + 7) // 8)
    for number, flag in enumerate(flags):
        out[number // 8] |= flag << (number % 8)
    return out.hex()


def describe(tensors):
    columns = []
    for name, info in sorted(tensors):
        shape = info["shape"]
        text = json.dumps(shape, separators=(",", ":")) if len(shape) <= 32 else f"rank{len(shape)}"
        columns += [info["dtype"], text, json.dumps(name)]
    return columns


def main():
    folder = sys.argv[1]
    print(f"# Verdicts of safetensors {safetensors.__version__}; made by reference_verdicts.py")
    with open(os.path.join(folder, "names.txt")) as names:
        for number, name in enumerate(names.read().splitlines()):
            with open(os.path.join(folder, f"{number:03d}.safetensors"), "rb") as file:
                tensors = verdict(file.read())
            columns = ["refused"] if tensors is None else ["accepted", *describe(tensors)]
            print("\t".join(["file", name, *columns]))
    with open(os.path.join(folder, "base.safetensors"), "rb") as file:
        base = file.read()
    print("truncated\t" + bitmap([verdict(base[:length]) is not None for length in range(len(base))]))
    bits = 8 * (8 + int.from_bytes(base[:8], "little"))
    flipped = []
    for bit in range(bits):
        damaged = bytearray(base)
        damaged[bit // 8] ^= 1 << (bit % 8)
        flipped.append(verdict(bytes(damaged)) is not None)
    print("flipped\t" + bitmap(flipped))


main()
