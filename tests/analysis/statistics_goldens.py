#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computes the figures of `layerloom-cli stats` with NumPy in float64 and writes them to goldens/*.json.

Needs numpy and safetensors (the latter reads the headers only). Usage: statistics_goldens.py [--check CLI]
With --check the program's JSON is compared with the goldens on the spot, to 1e-9 relative, counts exactly.
"""
import argparse
import json
import math
import pathlib
import re
import subprocess
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MODELS = ROOT / "tests/conformance/models"
SAMPLES = ROOT / "resources/samples"
SHARES = (0.01, 0.05, 0.2)
LEAST, BINS = -48, 64

# name of the golden: base (None: the mean of the models), models
COMPARISONS = {
    "llama": (MODELS / "llama-base", [MODELS / "llama-math", MODELS / "llama-code", MODELS / "llama-chat"]),
    "llama-16-bit": (MODELS / "llama-base", [MODELS / "llama-math-bf16", MODELS / "llama-math-f16", MODELS / "llama-far-bf16"]),
    "llama-mean": (None, [MODELS / "llama-math", MODELS / "llama-code", MODELS / "llama-far"]),
    "llama-lora": (MODELS / "llama-base", [(MODELS / "llama-base", MODELS / "llama-lora"), MODELS / "llama-math"]),
    "llama-vocabulary": (MODELS / "llama-base", [MODELS / "llama-vocab", MODELS / "llama-base"]),
    "gpt2": (MODELS / "gpt2-base", [MODELS / "gpt2-math", MODELS / "gpt2-code"]),
    "samples": (SAMPLES / "base", [SAMPLES / "prose", SAMPLES / "code", SAMPLES / "far"]),
}
KINDS = [("q_proj", "q"), ("k_proj", "k"), ("v_proj", "v"), ("o_proj", "o"), ("gate_proj", "gate"), ("up_proj", "up"),
         ("down_proj", "down"), ("c_attn", "qkv"), ("attn.c_proj", "o"), ("c_fc", "up"), ("mlp.c_proj", "down"),
         ("norm", "norm"), ("ln_", "norm"), ("embed_tokens", "embedding"), ("wte", "embedding"), ("wpe", "embedding"),
         ("lm_head", "head")]


def read_file(path):
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + at for at in entry["data_offsets"])
        raw = data[begin:end]
        if entry["dtype"] == "BF16":
            values = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
        else:
            values = np.frombuffer(raw, {"F32": "<f4", "F16": "<f2", "F64": "<f8"}[entry["dtype"]])
        yield name, values.astype(np.float64).reshape(entry["shape"])


def read_model(source):
    if isinstance(source, tuple):
        return with_adapter(read_model(source[0]), source[1])
    files = sorted(source.glob("*.safetensors"))
    return {name: values for file in files for name, values in read_file(file)}


def with_adapter(tensors, folder):
    config = json.loads((folder / "adapter_config.json").read_text())
    factors = dict(read_file(folder / "adapter_model.safetensors"))
    scale = config["lora_alpha"] / (math.sqrt(config["r"]) if config.get("use_rslora") else config["r"])
    result = dict(tensors)
    for name, a in factors.items():
        if name.endswith("lora_A.weight"):
            target = re.sub(r"^base_model\.model\.", "", name).replace(".lora_A", "")
            product = factors[name.replace("lora_A", "lora_B")] @ a
            update = product.T if config.get("fan_in_fan_out") else product
            # The program hands values on as float32.
            result[target] = (tensors[target] + scale * update).astype(np.float32).astype(np.float64)
    return result


def top_share(delta, share):
    squares = np.sort((delta * delta).ravel())[::-1]
    total = squares.sum()
    count = max(1, math.ceil(share * squares.size - 1e-6))
    return float(squares[:count].sum() / total) if total else 0.0


def stable_rank(delta):
    if delta.ndim < 2 or not delta.any():
        return None
    values = np.linalg.svd(delta.reshape(delta.shape[0], -1), compute_uv=False)
    return float((delta * delta).sum() / values[0] ** 2)


def histogram(delta):
    magnitudes = np.abs(delta[delta != 0])
    exponents = np.clip(np.frexp(magnitudes)[1] - 1, LEAST, LEAST + BINS - 1)
    counts = np.bincount(exponents - LEAST, minlength=BINS)
    full = np.flatnonzero(counts)
    if full.size == 0:
        return {"least_exponent": 0, "counts": []}
    return {"least_exponent": int(LEAST + full[0]), "counts": counts[full[0]:full[-1] + 1].tolist()}


def model_figures(pieces):
    """`pieces`: (delta, base) of the tensors of a group."""
    delta = np.concatenate([d.ravel() for d, _ in pieces])
    base = math.sqrt(sum(float((b * b).sum()) for _, b in pieces))
    weights = [d.size for d, _ in pieces]
    ranks = [(stable_rank(d), d.size) for d, _ in pieces]
    ranks = [(rank, size) for rank, size in ranks if rank is not None]
    l2 = math.sqrt(float((delta * delta).sum()))
    return {
        "delta_l2": l2,
        "relative_delta": (l2 / base if base else None) if l2 else 0.0,
        "rms": l2 / math.sqrt(delta.size),
        "max_abs": float(np.abs(delta).max()),
        "mean": float(delta.mean()),
        "zero_share": int((delta == 0).sum()) / delta.size,
        "zeros": int((delta == 0).sum()),
        "top_share": {f"{s:g}": float(np.average([top_share(d, s) for d, _ in pieces], weights=weights)) for s in SHARES},
        "stable_rank": sum(r * n for r, n in ranks) / sum(n for _, n in ranks) if ranks else None,
        "histogram": histogram(delta),
    }


def pair_figures(a, b):
    norms = math.sqrt(float((a * a).sum())) * math.sqrt(float((b * b).sum()))
    both = (a != 0) & (b != 0)
    opposite = both & ((a < 0) != (b < 0))
    weights = np.minimum(np.abs(a), np.abs(b))
    return {
        "cosine": float((a * b).sum() / norms) if norms else None,
        "sign_conflict": int(opposite.sum()) / int(both.sum()) if both.any() else None,
        "sign_conflict_weighted": float(weights[opposite].sum() / weights[both].sum()) if both.any() else None,
    }


def group_figures(names, base, deltas):
    entry = {"elements": sum(base[name].size for name in names), "models": [], "pairs": []}
    for model in deltas:
        pieces = [(model[name], base[name]) for name in names if name in model]
        entry["models"].append(model_figures(pieces) if pieces else None)
    for second in range(len(deltas)):
        for first in range(second):
            common = [name for name in names if name in deltas[first] and name in deltas[second]]
            if common:
                a, b = (np.concatenate([deltas[i][name].ravel() for name in common]) for i in (first, second))
                entry["pairs"].append({"a": first, "b": second, **pair_figures(a, b)})
    return entry


def layer_of(name):
    found = re.search(r"(?:layers|h)\.(\d+)\.", name)
    return int(found.group(1)) if found else None


def kind_of(name):
    return next((kind for part, kind in KINDS if part in name), "other")


def compare(base, models):
    models = [read_model(model) for model in models]
    if base is None:
        base = {name: sum(model[name] for model in models) / len(models) for name in models[0]}
    else:
        base = read_model(base)
    deltas = [{name: model[name] - base[name] for name in base if name in model and model[name].shape == base[name].shape}
              for model in models]
    names = [name for name in base if any(name in model for model in deltas)]
    result = {"tensors": [], "layers": [], "kinds": []}
    for name in sorted(names):
        result["tensors"].append({"name": name, "layer": layer_of(name), "kind": kind_of(name), "shape": list(base[name].shape),
                                  **group_figures([name], base, deltas)})
    for layer in sorted({layer_of(name) for name in names} - {None}):
        result["layers"].append({"layer": layer, **group_figures([n for n in names if layer_of(n) == layer], base, deltas)})
    for kind in sorted({kind_of(name) for name in names}):
        result["kinds"].append({"kind": kind, **group_figures([n for n in names if kind_of(n) == kind], base, deltas)})
    result["total"] = group_figures(names, base, deltas)
    return result


def arguments_of(base, models):
    text = lambda source: f"{source[0]}+{source[1]}" if isinstance(source, tuple) else str(source)
    return ["--no-base"] * (base is None) + [text(source) for source in ([base] if base else []) + models]


def differences(expected, found, path=""):
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from differences(value, found.get(key), f"{path}.{key}")
    elif isinstance(expected, list):
        if len(expected) != len(found):
            yield f"{path}: {len(found)} entries instead of {len(expected)}"
        for i, (one, other) in enumerate(zip(expected, found)):
            yield from differences(one, other, f"{path}[{i}]")
    elif isinstance(expected, float) and isinstance(found, (int, float)):
        # A mean and a cosine of numbers that cancel are compared with what they are made of.
        scale = 1.0 if path.endswith("cosine") else max(abs(expected), 1e-6 if path.endswith("mean") else 0)
        if abs(expected - found) > 1e-9 * scale:
            yield f"{path}: {found!r} instead of {expected!r}"
    elif expected != found:
        yield f"{path}: {found!r} instead of {expected!r}"


def check(cli, name, golden, base, models):
    output = subprocess.run([cli, "stats", *arguments_of(base, models), "--json", "--stable-rank", "--no-cache"], check=True,
                            capture_output=True, text=True).stdout
    found = json.loads(output)
    for level, key in (("tensors", "name"), ("layers", "layer"), ("kinds", "kind")):
        found[level] = sorted(found[level], key=lambda entry: entry[key])
    all_differences = list(differences(golden, found))
    print(f"{name}: {len(golden['tensors'])} tensors, {len(all_differences)} differences")
    for line in all_differences[:10]:
        print("   ", line)
    return not all_differences


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", metavar="CLI")
    options = parser.parse_args()
    good = True
    for name, (base, models) in COMPARISONS.items():
        golden = compare(base, models)
        if options.check:
            good = check(options.check, name, golden, base, models) and good
        else:
            text = json.dumps({"arguments": [str(a).replace(str(ROOT) + "/", "") for a in arguments_of(base, models)], **golden}, indent=0)
            (HERE / "goldens" / f"{name}.json").write_text(text + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
