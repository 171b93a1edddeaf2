#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the rounding of layerloom-cli and mergekit for 16-bit models with the same merge in 64 bits.

    method_accuracy.py CLI OUT [--layers 7] [--hidden 48] [--seed 1]

For every method that draws no random numbers, for bfloat16 and float16, once computed in that type and once in float32 with a
16-bit result: prints the mean absolute error of both against mergekit's own result in float64. Exits 1 where layerloom-cli's
is the greater one. Needs mergekit, torch and transformers; runs offline on one thread. OUT must not exist.

16-bit models have many changes of equal magnitude, and a trimming method has to choose among those at its threshold. mergekit
keeps whichever its sort left in front, layerloom the first in the tensor. The oracle makes mergekit's sorts stable, so that all
results make the same choice and rounding alone is compared.
"""

import argparse
import logging
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import torch
import yaml

from case_recipes import Case, method_cases, with_models
from check_cases import read_tensors
from families import FAMILIES, ModelMaker, Size
from generate_cases import Oracle

TYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16}
VARIANTS = ("base", "math", "code", "chat", "far")


def save_models(out: Path, size: Size, seed: int) -> None:
    """One family of models per type, all of them stored in 16 bits."""
    for name, dtype in TYPES.items():
        maker = ModelMaker(name, FAMILIES["llama"], size, out, seed)
        for variant in VARIANTS:
            tensors = maker.base if variant == "base" else maker.tuned(0.1 if variant == "far" else 0.02)
            maker.save(variant, tensors, dtype)


def mean_error(tensors: Dict[str, torch.Tensor], truth: Dict[str, torch.Tensor]) -> float:
    total = sum((tensors[name].double() - wanted).abs().sum().item() for name, wanted in truth.items())
    return total / sum(wanted.numel() for wanted in truth.values())


def compare(cli: str, oracle: Oracle, case: Case, family: str, computed: str) -> Tuple[float, float]:
    """The mean absolute errors of layerloom-cli and of mergekit."""
    recipe = {**with_models(case.recipe, family), "dtype": computed, "out_dtype": family}
    text = yaml.safe_dump(recipe)
    precise = yaml.safe_dump({**recipe, "dtype": "float64", "out_dtype": "float64"})
    truth, _config, _files = oracle.merge(precise)
    theirs, _config, _files = oracle.merge(text)
    name = f"{family}-{computed}-{case.name}"
    path = Path(f"{name}.yml")
    path.write_text(text)
    subprocess.run([cli, "merge", str(path), name], check=True, capture_output=True)
    return mean_error(read_tensors(Path(name)), truth), mean_error(theirs, truth)


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Compare rounding errors with mergekit's.")
    parser.add_argument("cli", type=Path, help="the layerloom-cli to judge")
    parser.add_argument("out", type=Path, help="folder to make for models and results")
    parser.add_argument("--layers", type=int, default=7)
    parser.add_argument("--hidden", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    cli = str(options.cli.resolve())
    torch.set_num_threads(1)
    logging.disable(logging.ERROR)
    warnings.filterwarnings("ignore")
    os.makedirs(options.out)
    save_models(options.out, Size(options.layers, options.hidden), options.seed)
    os.chdir(options.out)
    oracle = Oracle()
    worse = 0
    print(f"{'method':24}{'stored':10}{'computed':10}{'layerloom':>12}{'mergekit':>12}{'ratio':>10}")
    for case in method_cases():
        if case.kind == "random":
            continue
        for family in TYPES:
            for computed in (family, "float32"):
                ours, theirs = compare(cli, oracle, case, family, computed)
                failed = ours > theirs
                worse += failed
                ratio = ours / theirs if theirs else float(ours != 0)
                print(f"{case.name.removeprefix('method-'):24}{family:10}{computed:10}{ours:12.4g}{theirs:12.4g}{ratio:10.6f}"
                      + ("  greater" if failed else ""), flush=True)  # fmt: skip
    print(f"{worse} results with a greater error than mergekit's")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
