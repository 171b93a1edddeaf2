#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Property test of the recipe language against mergekit's own parser and resolver.

    resolve_against_mergekit.py CLI [--count 1000] [--seed 1] [--wrong 0.01] [--exotic] [--keep DIR]

Makes random recipes and checks, for each that mergekit accepts:
  accepted   layerloom-cli export accepts it, and mergekit accepts the export
  structure  the export names the same models, layers, modules, types and unknown keys
  values     mergekit resolves the same value for every tensor, model and layer from the text and from the export (1e-9)
  stable     exporting the export changes nothing
  resolved   layerloom-cli resolve --all --json gives mergekit's numbers (1e-12), where the program has that command
A recipe that mergekit refuses counts as refused; where the program takes it all the same, that is counted, too.
"""

import argparse
import copy
import json
import logging
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Optional, Set, Tuple

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import torch
import yaml
from mergekit import merge_methods
from mergekit.architecture import get_architecture_info
from mergekit.common import ModelReference
from mergekit.config import MergeConfiguration
from mergekit.merge import run_merge
from mergekit.options import MergeOptions
from mergekit.plan import MergePlanner
from safetensors import safe_open

from families import FAMILIES, ModelMaker, Size
from random_recipes import RecipeMaker

LAYERS = {"llama": 5, "t5": 4}


# What mergekit notices only when it merges, or never, where no tensor takes the wrong value.
LATER_FAULTS = re.compile(r"the probabilities for|merge weights sum to|(inf|nan|word|1,5|: \")\"? is no finite number|"
                          r"(inf|nan|word|1,5|2\.0|\")\"? is neither true nor false", re.IGNORECASE)


# A stack may pair layers of which one has a tensor that the other lacks (T5's relative bias); mergekit plans it all the same.
LACKING = re.compile(r"has no tensor .*, which another model has")


class Refused(Exception):
    """mergekit does not take a recipe."""


class Resolver:
    """mergekit's own reading of a recipe."""

    def __init__(self):
        self.options = MergeOptions(quiet=True)
        read = ModelReference.config
        cached = lru_cache(maxsize=None)(lambda model: read(model, False))
        # A copy each time: a merge writes the result's layer counts into what it is given.
        ModelReference.config = lambda model, trust_remote_code=False: copy.deepcopy(cached(model))

    def modules(self, model: str) -> Dict[str, int]:
        config = MergeConfiguration.model_validate({"merge_method": "passthrough", "models": [{"model": model}]})
        info = get_architecture_info(config, self.options)
        values = config.models[0].model.config()
        return {name: module.architecture.num_layers(values) for name, module in info.modules.items()}

    @staticmethod
    def configuration(text: str) -> MergeConfiguration:
        try:
            return MergeConfiguration.model_validate(yaml.safe_load(text))
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error

    def merged_names(self, text: str) -> Set[str]:
        """The tensors of the result when mergekit carries the recipe out; raises what it raises."""
        options = MergeOptions(quiet=True, copy_tokenizer=False, write_model_card=False)
        names: Set[str] = set()
        with tempfile.TemporaryDirectory() as folder:
            run_merge(self.configuration(text), folder, options)
            for path in Path(folder).glob("*.safetensors"):
                with safe_open(path, "pt") as file:
                    names.update(file.keys())
        return names

    def merge_fault(self, text: str) -> str:
        """What mergekit says when it carries the recipe out; empty when it merges."""
        try:
            self.merged_names(text)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return ""

    def values(self, text: str) -> Dict[str, Any]:
        """Per output tensor: parameters of the method, and per input the tensor's name and its parameters."""
        config = self.configuration(text)
        config.tokenizer = config.tokenizer_source = None
        try:
            info = get_architecture_info(config, self.options)
            donor = config.base_model or config.referenced_models()[0]
            planner = MergePlanner(config, info, self.options, donor.config())
            planner._plan()
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
        found = {}
        for weight, task in planner._tensors:
            # After the layers mergekit reads only as many models of the last slice as the first slice has: a fault of its own.
            read = dict(task.gather_tensors.weight_info.items())
            inputs = {str(model): (read[model].name, dict(task.input_parameters[model].items()))
                      for model in task.model_order if model in read}  # fmt: skip
            found[weight.name] = (dict(task.parameters.items()), inputs)
        return found


def same(left: Any, right: Any, tolerance: float) -> bool:
    """Whether two resolved values, or structures of them, agree."""
    if isinstance(left, dict):
        if not isinstance(right, dict) or left.keys() != right.keys():
            return False
        return all(same(left[key], right[key], tolerance) for key in left)
    if isinstance(left, tuple):
        return isinstance(right, tuple) and len(left) == len(right) and all(same(a, b, tolerance) for a, b in zip(left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left == right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        if math.isnan(left) or math.isnan(right) or math.isinf(left) or math.isinf(right):
            return left == right or (math.isnan(left) and math.isnan(right))
        return abs(left - right) <= tolerance * max(1, abs(left))
    return left == right


def first_difference(left: Dict[str, Any], right: Dict[str, Any], tolerance: float) -> str:
    if left.keys() != right.keys():
        return f"tensors differ: {sorted(left.keys() ^ right.keys())[:4]}"
    for name in left:
        if list(left[name][1]) != list(right[name][1]):
            return f"{name}: the models are {list(right[name][1])} instead of {list(left[name][1])}"
        if not same(left[name], right[name], tolerance):
            return f"{name}: {right[name]} instead of {left[name]}"
    return ""


def without_parameters(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: without_parameters(value) for key, value in node.items() if key != "parameters"}
    if isinstance(node, list):
        return [without_parameters(value) for value in node]
    return node


def unknown_keys(node: Any) -> Counter:
    """The keys that mergekit does not know, with their values."""
    found: Counter = Counter()
    if isinstance(node, dict):
        for key, value in node.items():
            if str(key).startswith("x_"):
                found[f"{key}={value!r}"] += 1
            else:
                found += unknown_keys(value)
    elif isinstance(node, list):
        for value in node:
            found += unknown_keys(value)
    return found


def by_name(parameters: List[Dict[str, Any]]) -> Dict[str, Any]:
    return {parameter["name"]: parameter["value"] for parameter in parameters}


class Program:
    """layerloom-cli."""

    def __init__(self, cli: Path, models: Path):
        self.cli = cli
        self.models = models
        overview = subprocess.run([str(cli), "--help"], capture_output=True, text=True).stdout
        self.has_resolve = any(line.split()[:1] == ["resolve"] for line in overview.splitlines())

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([str(self.cli), *arguments], capture_output=True, text=True, timeout=60)

    def resolve(self, recipe: Path) -> Tuple[Optional[Dict[str, Any]], str]:
        """The same form as Resolver.values gives, or what the program said."""
        run = self.run("resolve", str(recipe), "--all", "--json", "--model-dir", str(self.models))
        if run.returncode != 0:
            return None, run.stderr.strip()
        found = {}
        for tensor in json.loads(run.stdout)["tensors"]:
            inputs = {entry["model"]: (entry["tensor"], by_name(entry["parameters"])) for entry in tensor["inputs"]}
            found[tensor["name"]] = (by_name(tensor["parameters"]), inputs)
        return found, ""


@lru_cache(maxsize=None)
def stored_names(model: str) -> FrozenSet[str]:
    """The tensors that a model in the working directory holds."""
    with safe_open(Path(model, "model.safetensors"), "pt") as file:
        return frozenset(file.keys())


def stored_only(values: Dict[str, Any]) -> Dict[str, Any]:
    """mergekit plans to read optional tensors from every model, and goes without those that are not there when it merges."""
    found = {}
    for name, (shared, inputs) in values.items():
        kept = {model: entry for model, entry in inputs.items() if entry[0] in stored_names(model)}
        if kept:
            found[name] = (shared, kept)
    return found


def resolved_difference(ours: Dict[str, Any], theirs: Dict[str, Any]) -> str:
    """Empty when all of mergekit's numbers are among ours.

    mergekit gives a base model those parameters only that count it as an input (linear); ours may say more.
    """
    theirs = stored_only(theirs)
    if missing := theirs.keys() - ours.keys():
        return f"resolve: missing {sorted(missing)[:4]}"
    for name, (shared, inputs) in theirs.items():
        own_shared, own_inputs = ours[name]
        for parameter, value in shared.items():
            if parameter not in own_shared or not same(value, own_shared[parameter], 1e-12):
                return f"resolve: {name}: {parameter} is {own_shared.get(parameter)} instead of {value}"
        if list(inputs) != list(own_inputs)[: len(inputs)]:
            return f"resolve: {name}: the models are {list(own_inputs)} instead of {list(inputs)}"
        for model, (source, parameters) in inputs.items():
            own_source, own_parameters = own_inputs[model]
            if source != own_source:
                return f"resolve: {name}: reads {own_source} instead of {source} in {model}"
            for parameter, value in parameters.items():
                if value is None and own_parameters.get(parameter) == 1:
                    continue  # passthrough without a scale
                if parameter not in own_parameters or not same(value, own_parameters[parameter], 1e-12):
                    return f"resolve: {name}: {parameter} of {model} is {own_parameters.get(parameter)} instead of {value}"
    return ""


class Trial:
    """Checks single recipes."""

    def __init__(self, program: Program, resolver: Resolver, scratch: Path):
        self.program = program
        self.resolver = resolver
        self.scratch = scratch

    def check(self, text: str) -> Tuple[str, str]:
        """The name of the outcome and what is wrong."""
        recipe, exported = self.scratch / "recipe.yml", self.scratch / "exported.yml"
        recipe.write_text(text, encoding="utf-8")
        run = self.program.run("export", str(recipe))
        if run.returncode not in (0, 2):
            return "crashed", f"exit status {run.returncode}: {run.stderr.strip()[:300]}"
        try:
            config = self.resolver.configuration(text)
        except Refused as refusal:
            return ("both refuse the text" if run.returncode == 2 else "only mergekit refuses the text"), str(refusal)
        if "by this version" in run.stderr or "part of this version" in run.stderr:
            return "not in this version", ""
        if run.returncode == 2:
            try:
                self.resolver.values(text)
            except Refused as refusal:
                return "both refuse", str(refusal)
            errors = [line.partition("error: ")[2] for line in run.stderr.splitlines() if "error: " in line]
            return "FAILED only we refuse", " | ".join(errors)[:400]
        exported.write_text(run.stdout, encoding="utf-8")
        return self._compare(text, run.stdout, config, recipe, exported)

    def _compare(self, text: str, export: str, config: MergeConfiguration, recipe: Path, exported: Path) -> Tuple[str, str]:
        try:
            again = self.resolver.configuration(export)
        except Refused as refusal:
            return "FAILED export not accepted", str(refusal)[:400]
        if self.program.run("export", str(exported)).stdout != export:
            return "FAILED export not stable", ""
        before, after = (without_parameters(c.model_dump(mode="json")) for c in (config, again))
        if before != after:
            return "FAILED structure", f"{after} instead of {before}"
        if unknown_keys(yaml.safe_load(text)) != unknown_keys(yaml.safe_load(export)):
            return "FAILED unknown keys", str(unknown_keys(yaml.safe_load(text)) - unknown_keys(yaml.safe_load(export)))
        return self._compare_values(text, export, recipe, config)

    def _compare_values(self, text: str, export: str, recipe: Path, config: MergeConfiguration) -> Tuple[str, str]:
        try:
            want = self.resolver.values(text)
        except Refused as refusal:
            try:
                self.resolver.values(export)
            except Refused:
                return self._refused(recipe, str(refusal))
            return "FAILED values", f"mergekit takes the export but not the text: {refusal}"
        try:
            got = self.resolver.values(export)
        except Refused as refusal:
            return "FAILED values", f"mergekit does not resolve the export: {refusal}"
        if difference := first_difference(want, got, 1e-9):
            return "FAILED values", difference
        if not self.program.has_resolve:
            return "passed", ""
        if config.tokenizer is not None or config.tokenizer_source is not None:
            return "passed, but for resolve (no tokenizers here)", ""
        ours, said = self.program.resolve(recipe)
        if ours is None:
            errors = " | ".join(line.partition("error: ")[2] for line in said.splitlines() if "error: " in line)
            if all(LATER_FAULTS.search(error) for error in errors.split(" | ")):
                return "passed, but for values that no merge can use", errors
            if LACKING.search(errors) and (why := self.resolver.merge_fault(text)):
                return "passed, but for tensors that mergekit misses when it merges", why
            return "FAILED resolve refuses", errors[:400] or said[:400]
        # model_stock leaves an optional tensor out that too few models have; mergekit plans it and drops it later.
        left_out = stored_only(want).keys() - ours.keys()
        if left_out and self.resolver.merged_names(text) == ours.keys():
            want = {name: entry for name, entry in want.items() if name not in left_out}
        difference = resolved_difference(ours, want)
        return ("FAILED resolve", difference) if difference else ("passed", "")

    def _refused(self, recipe: Path, why: str) -> Tuple[str, str]:
        """mergekit refuses both while planning; see whether `resolve` does, too."""
        if self.program.has_resolve and self.program.resolve(recipe)[0] is not None:
            return "only mergekit refuses to resolve", why
        return "refused when resolving", why


def make_models(folder: Path) -> None:
    for family, layers in LAYERS.items():
        maker = ModelMaker(family, FAMILIES[family], Size(layers, 8), folder, seed=1)
        for variant in ("base", "math", "code", "chat"):
            maker.save(variant, maker.base)


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Compare the recipe language with mergekit's parser and resolver.")
    parser.add_argument("cli", type=Path, metavar="CLI")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", type=float, default=0.01, help="chance of a value that is wrong or odd")
    parser.add_argument("--exotic", action="store_true", help="also numbers that the program refuses on purpose (010, 1:30, 0x2)")
    parser.add_argument("--show", type=int, default=3, help="recipes to print of each kind of failure")
    parser.add_argument("--keep", type=Path, default=None, help="write the failing recipes here")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    logging.disable(logging.ERROR)
    warnings.filterwarnings("ignore")
    cli = options.cli.resolve()
    keep = options.keep.resolve() if options.keep is not None else None
    rng = random.Random(options.seed)
    outcomes: Counter = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        make_models(Path(scratch))
        os.chdir(scratch)
        program, resolver = Program(cli, Path(scratch)), Resolver()
        if not program.has_resolve:
            print("NOTICE: this program has no command \"resolve\"; that part is not checked")
        specs = [merge_methods.get(name).spec for name in sorted(method_names())]
        makers = [
            RecipeMaker(rng, family, resolver.modules(f"{family}-base"), specs, options.wrong, options.exotic)
            for family in LAYERS
        ]
        trial = Trial(program, resolver, Path(scratch))
        for number in range(options.count):
            text = makers[0 if rng.random() < 0.75 else 1].text()
            outcome, why = trial.check(text)
            outcomes[outcome] += 1
            if is_failure(outcome):
                report(number, outcome, why, text, outcomes[outcome] <= options.show, keep)
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:>6}  {outcome}")
    return 1 if any(is_failure(outcome) for outcome in outcomes) else 0


def method_names() -> List[str]:
    return [method if isinstance(method, str) else method.spec.name for method in merge_methods.registered_methods()]


def is_failure(outcome: str) -> bool:
    return outcome.startswith("FAILED") or outcome == "crashed"


def report(number: int, outcome: str, why: str, text: str, show: bool, keep: Optional[Path]) -> None:
    if show:
        print(f"=== recipe {number}: {outcome}: {why}\n{text}", flush=True)
    if keep is not None:
        os.makedirs(keep, exist_ok=True)
        reason = why.splitlines()[0] if why else ""
        (keep / f"{outcome.replace(' ', '-')}-{number}.yml").write_text(f"# {reason}\n{text}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
