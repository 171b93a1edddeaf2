#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes conformance cases with mergekit as the oracle.

    generate_cases.py OUT [--family llama …] [--layers 7] [--hidden 24] [--seed 1] [--cases N] [--methods ties …]

OUT gets models/ and cases/ in the form of the conformance set: a recipe, case.json, and the tensors that mergekit made.
mergekit's sorts are made stable: of entries of equal magnitude it keeps the first in the tensor, not an arbitrary one.
Cases that mergekit itself fails on are kept with the kind "unmergeable", so that one sees what the program makes of them.
Needs mergekit, torch and transformers; runs offline on one thread.
"""

import argparse
import contextlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")

import torch
import transformers
import yaml
from mergekit.architecture import get_architecture_info, json_definitions
from mergekit.config import MergeConfiguration
from mergekit.merge import run_merge
from mergekit.options import MergeOptions
from safetensors.torch import load_file, save_file

from case_recipes import Case, Shape, cases_for, with_models
from families import FAMILIES, ModelMaker, Size

COUNT_KEYS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_decoder_layers", "encoder_layers", "decoder_layers")
SINGLE_COUNT_KEYS = ("num_hidden_layers", "n_layer", "n_layers")
CONFIG_KEYS = COUNT_KEYS + ("vocab_size", "dtype", "model_type")


@contextlib.contextmanager
def forgiving_configuration() -> Iterator[List[str]]:
    """Lets mergekit write a configuration that transformers finds wrong.

    It does not rebuild lists with one entry per layer, and fails after all tensors are written. Yields what was wrong.
    """
    strict = transformers.PretrainedConfig.save_pretrained
    complaints: List[str] = []

    def save(self, folder, **keys):
        try:
            strict(self, folder, **keys)
        except Exception as error:
            complaints.append(f"{type(error).__name__}: {error}")
            values = {**self.to_dict(), "dtype": str(self.dtype).removeprefix("torch.")}
            Path(folder, "config.json").write_text(json.dumps(values, default=str))

    transformers.PretrainedConfig.save_pretrained = save
    try:
        yield complaints
    finally:
        transformers.PretrainedConfig.save_pretrained = strict


@contextlib.contextmanager
def first_of_equals() -> Iterator[None]:
    """Lets mergekit choose the first in the tensor among entries of equal magnitude."""
    argsort, sort, topk = torch.argsort, torch.sort, torch.topk

    def stable_argsort(values: torch.Tensor, dim: int = -1, descending: bool = False) -> torch.Tensor:
        return argsort(values, dim=dim, descending=descending, stable=True)

    def stable_sort(values: torch.Tensor, descending: bool = False) -> tuple:
        return sort(values, descending=descending, stable=True)

    def stable_topk(values: torch.Tensor, k: int, largest: bool = True) -> tuple:
        indices = argsort(values, descending=largest, stable=True)[:k]
        return values[indices], indices

    torch.argsort, torch.sort, torch.topk = stable_argsort, stable_sort, stable_topk
    try:
        yield
    finally:
        torch.argsort, torch.sort, torch.topk = argsort, sort, topk


def mend_module_prefixes() -> None:
    """mergekit 0.1.5's table for Whisper asks for "model.decoderembed_tokens.weight" and the like, which no model has.

    The missing dot is put in, so that the rest of mergekit can be compared for that family, too.
    """
    for info in json_definitions.NAME_TO_ARCH.get("WhisperForConditionalGeneration", []):
        for name, module in info.modules.items():
            prefix = module.weight_prefix
            if prefix and not prefix.endswith("."):
                info.modules[name] = module.model_copy(update={"weight_prefix": prefix + "."})


class Oracle:
    """Runs mergekit in this process and gives its result."""

    def __init__(self):
        mend_module_prefixes()
        self.seed = 1
        self.complaints: List[str] = []

    def merge(self, text: str, **args) -> tuple:
        """The tensors, the configuration and the files that mergekit makes of a recipe."""
        config = MergeConfiguration.model_validate(yaml.safe_load(text))
        options = MergeOptions(quiet=True, copy_tokenizer=False, write_model_card=False, random_seed=self.seed, **args)
        with tempfile.TemporaryDirectory() as folder, forgiving_configuration() as complaints, first_of_equals():
            run_merge(config, folder, options)
            self.complaints = complaints
            tensors = {}
            for file in sorted(Path(folder).glob("*.safetensors")):
                tensors.update(load_file(file))
            values = json.loads(Path(folder, "config.json").read_text())
            return tensors, values, sorted(os.listdir(folder))

    @staticmethod
    def modules(model: str) -> Tuple[Dict[str, int], bool]:
        """The modules of a model and how many layers they have, and whether mergekit has a table for the architecture."""
        config = MergeConfiguration.model_validate({"merge_method": "passthrough", "models": [{"model": model}]})
        info = get_architecture_info(config, MergeOptions())
        values = config.models[0].model.config()
        modules = {name: module.architecture.num_layers(values) for name, module in info.modules.items()}
        return modules, bool(info.architectures)


class CaseWriter:
    """Writes the cases of one family."""

    def __init__(self, out: Path, family: str, oracle: Oracle, has_table: bool):
        self.out = out
        self.family = family
        self.oracle = oracle
        self.has_table = has_table

    def write(self, case: Case) -> str:
        """Makes one case folder; returns its kind."""
        folder = self.out / "cases" / f"{self.family}-{case.name}"
        os.makedirs(folder)
        text = yaml.safe_dump(with_models(case.recipe, self.family), sort_keys=False, default_flow_style=None, width=110)
        (folder / "recipe.yml").write_text(text)
        described = {"kind": case.kind, "family": self.family, "method": case.recipe["merge_method"], "args": case.args}
        if case.structure is not None:
            described["structure"] = with_models(case.structure, self.family)
        try:
            tensors, config, files = self.oracle.merge(text, **case.args)
        except Exception as error:  # whatever mergekit raises is its verdict
            described["mergekit"] = f"{type(error).__name__}: {error}"[:1000]
            if case.kind != "error":
                described["kind"] = "unmergeable"
        else:
            typed = any(key in case.recipe for key in ("dtype", "out_dtype"))
            described.update(self._result(folder, tensors, config, files, typed))
            if self.oracle.complaints:
                described["mergekit"] = self.oracle.complaints[0][:1000]
            if case.reference:
                self._reference(folder, case)
        (folder / "case.json").write_text(json.dumps(described, indent=1) + "\n")
        return described["kind"]

    def _result(self, folder: Path, tensors: dict, config: dict, files: List[str], typed: bool) -> dict:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "expected.safetensors")
        kept = {key: config[key] for key in CONFIG_KEYS if key in config}
        if not typed:  # mergekit leaves the type of whichever model it took the configuration from
            kept.pop("dtype", None)
        numbers = {int(found.group(1)) for name in tensors if (found := re.search(r"\.(\d+)\.", name))}
        if not self.has_table:  # there mergekit does not set the number of layers
            kept.update({key: max(numbers) + 1 for key in SINGLE_COUNT_KEYS if key in kept and numbers})
        return {"tensors": len(tensors), "config": kept, "files": files}

    def _reference(self, folder: Path, case: Case) -> None:
        """The same merge in 64 bits, to judge 16-bit results by."""
        precise = {**with_models(case.recipe, self.family), "dtype": "float64", "out_dtype": "float64"}
        tensors, _config, _files = self.oracle.merge(yaml.safe_dump(precise))
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "reference.safetensors")


def generate(out: Path, family: str, options: argparse.Namespace, oracle: Oracle) -> Dict[str, int]:
    """Makes models and cases of a family; counts the kinds."""
    size = Size(options.layers, options.hidden)
    maker = ModelMaker(family, FAMILIES[family], size, out / "models", options.seed)
    maker.save_all()
    os.chdir(out / "models")
    modules, has_table = oracle.modules(f"{family}-base")
    shape = Shape.of(list(maker.base), options.layers, Path(f"{family}-other-head").is_dir(), len(modules) > 1, modules)
    with_methods = options.all_methods or family in ("llama", "gpt2") or options.methods is not None
    cases = cases_for(shape, with_methods)
    if options.methods is not None:
        cases = [case for case in cases if case.recipe["merge_method"] in options.methods]
    counts: Dict[str, int] = {}
    writer = CaseWriter(out, family, oracle, has_table)
    for case in cases[: options.cases]:
        kind = writer.write(case)
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def parse(arguments: Optional[List[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make conformance cases with mergekit as the oracle.")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to make; must not exist unless --add is given")
    parser.add_argument("--family", nargs="+", default=["llama"], help="families, or \"all\": " + ", ".join(FAMILIES))
    parser.add_argument("--layers", type=int, default=7)
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=None, help="at most that many cases per family")
    parser.add_argument("--methods", nargs="+", default=None, help="only cases of these methods; all kinds of recipes of them")
    parser.add_argument("--all-methods", action="store_true", help="all 20 methods for every family, not for llama and gpt2 alone")
    parser.add_argument("--add", action="store_true", help="add families to an existing folder")
    parser.add_argument("--verbose", action="store_true", help="show what mergekit logs")
    options = parser.parse_args(arguments)
    options.family = list(FAMILIES) if options.family == ["all"] else options.family
    unknown = [name for name in options.family if name not in FAMILIES]
    if unknown:
        parser.error(f"no such family: {', '.join(unknown)}")
    return options


def main(arguments: Optional[List[str]] = None) -> int:
    options = parse(arguments)
    out = options.out.resolve()
    if out.exists() and not options.add:
        print(f"{out} exists; give another folder or --add", file=sys.stderr)
        return 2
    os.makedirs(out / "models", exist_ok=True)
    os.makedirs(out / "cases", exist_ok=True)
    torch.set_num_threads(1)
    if not options.verbose:
        logging.disable(logging.ERROR)
        warnings.filterwarnings("ignore")
    oracle = Oracle()
    failed = False
    for family in options.family:
        begin = time.monotonic()
        try:
            counts = generate(out, family, options, oracle)
        except Exception as error:
            failed = True
            for leftover in out.glob(f"models/.{family}-pristine"):
                shutil.rmtree(leftover)
            print(f"{family}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        print(f"{family}: {counts} in {time.monotonic() - begin:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
