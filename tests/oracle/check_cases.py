#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs layerloom-cli over generated cases and compares its results with mergekit's.

    check_cases.py CLI CASES_DIR [--only TEXT …] [--json FILE] [--verbose]

CASES_DIR is what generate_cases.py made (or its cases/ folder; models/ stands beside that). Prints a table of families and
the failures; exits 1 when a case failed. Rules:
  exact    same tensors, shapes and types; 32-bit: |got − want| ≤ 2e-7 + 2e-6·|want|, or that near to a 64-bit reference;
           16-bit: one unit in the last place, or at least as close to a 64-bit reference as mergekit is (without one, only
           linear and slerp are judged);
           config.json: layer counts, vocabulary size, type
  random   kept entries share one factor, the kept share is the density within five standard deviations
  error    exit status 2 and no output folder
  unmergeable (mergekit itself failed): only counted; the program may do better, but must not crash
"""

import argparse
import json
import math
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Set

import torch
from safetensors.torch import load_file

Tensors = Dict[str, torch.Tensor]

WITHIN_ONE_ULP = ("linear", "slerp")

# Methods whose result does not depend on how a matrix is cut into tensors.
ELEMENTWISE = ("linear", "passthrough", "task_arithmetic", "nearswap", "ram")


@dataclass
class Outcome:
    """What became of one case."""

    case: str
    family: str
    method: str
    kind: str
    verdict: str = "passed"
    why: str = ""
    notes: List[str] = field(default_factory=list)


def read_tensors(path: Path) -> Tensors:
    """A file, or all files of a model folder."""
    tensors: Tensors = {}
    for file in sorted(path.glob("*.safetensors")) if path.is_dir() else [path]:
        tensors.update(load_file(file))
    return tensors


def ordered_bits(tensor: torch.Tensor) -> torch.Tensor:
    """16-bit numbers as integers that stand in the order of their values."""
    bits = tensor.contiguous().view(torch.int16).to(torch.int32)
    return torch.where(bits < 0, -(bits & 0x7FFF), bits)


def some(names) -> str:
    names = sorted(names)
    return ", ".join(names[:4]) + (f" … ({len(names)})" if len(names) > 4 else "")


def structure_difference(got: Tensors, want: Tensors, outcome: Outcome, stored: Set[str]) -> str:
    """Empty when both have the same tensors with the same shapes and types.

    Tensors of the inputs that mergekit's tables do not know, and that it loses, are no fault.
    """
    said = []
    if missing := want.keys() - got.keys():
        said.append(f"missing {some(missing)}")
    extra = got.keys() - want.keys()
    if lost := {name for name in extra if stem_of(name) in stored}:
        outcome.notes.append(f"mergekit leaves out {some(lost)}")
    if extra - lost:
        said.append(f"too many: {some(extra - lost)}")
    for name in sorted(want.keys() & got.keys()):
        if got[name].shape != want[name].shape:
            said.append(f"{name} is {list(got[name].shape)} instead of {list(want[name].shape)}")
            break
        if got[name].dtype != want[name].dtype:
            said.append(f"{name} is {got[name].dtype} instead of {want[name].dtype}")
            break
    return "; ".join(said)


def one_by_one(want: Tensors, got: Tensors) -> Tensors:
    """`want` with fused experts split where `got` has them one by one, as transformers 4 and 5 save them.

    mergekit writes the layout that transformers 5 has in memory: all experts of a layer in one tensor, gate above up.
    """
    split = dict(want)
    for name, tensor in want.items():
        stem = re.sub(r"mlp\.experts\.(gate_up|down)_proj$", "", name)
        if stem == name or name in got:
            continue
        spellings = ("block_sparse_moe.", "mlp.")
        own = next((word for word in spellings if any(key.startswith(f"{stem}{word}experts.0.") for key in got)), None)
        if own is None:
            continue
        gate, up, down = ("w1", "w3", "w2") if own == "block_sparse_moe." else ("gate_proj", "up_proj", "down_proj")
        del split[name]
        for number, expert in enumerate(tensor):
            prefix = f"{stem}{own}experts.{number}."
            if name.endswith("gate_up_proj"):
                split[f"{prefix}{gate}.weight"], split[f"{prefix}{up}.weight"] = expert.chunk(2)
            else:
                split[f"{prefix}{down}.weight"] = expert
        if own != "mlp." and (router := split.pop(f"{stem}mlp.gate.weight", None)) is not None:
            split[f"{stem}{own}gate.weight"] = router
    return split


def stem_of(name: str) -> str:
    """A name without its layer number."""
    return re.sub(r"\.\d+\.", ".N.", name, count=1)


class Comparison:
    """Compares the values of the tensors that both sides have."""

    def __init__(self, outcome: Outcome, reference: Optional[Tensors]):
        self.outcome = outcome
        self.reference = reference
        self.bad: List[str] = []
        self.most_units = 0

    def compare(self, got: Tensors, want: Tensors) -> str:
        for name in sorted(want.keys() & got.keys()):
            if got[name].shape != want[name].shape or got[name].dtype != want[name].dtype:
                continue
            self._compare(name, got[name], want[name])
        if self.most_units > 1:
            self.outcome.notes.append(f"{self.most_units} units in the last place at most")
        return f"values differ: {some(self.bad)}; first {self.bad[0]}" if self.bad else ""

    def _compare(self, name: str, got: torch.Tensor, want: torch.Tensor) -> None:
        if not want.is_floating_point():
            if not torch.equal(got, want):
                self.bad.append(name)
            return
        if want.dtype in (torch.float16, torch.bfloat16):
            self._compare16(name, got, want)
            return
        wanted = want.double()
        excess = (got.double() - wanted).abs() / (2e-7 + 2e-6 * wanted.abs())
        excess[got == want] = 0  # also infinities
        if self.reference is not None and name in self.reference:
            truth = self.reference[name]
            nearer = (got.double() - truth).abs() <= 2e-7 + 2e-6 * truth.abs()
            if decided := int((nearer & (excess > 1)).sum()):
                self.outcome.notes.append(f"{name}: {decided} entries as in 64 bits, unlike mergekit")
            excess[nearer] = 0
        worst = excess.max().item() if excess.numel() else 0
        if not worst <= 1:
            share = (excess > 1).double().mean().item()
            self.bad.append(f"{name} ({worst:.3g} times the tolerance, {share:.1%} of the entries)")

    def _compare16(self, name: str, got: torch.Tensor, want: torch.Tensor) -> None:
        units = int((ordered_bits(got) - ordered_bits(want)).abs().max()) if got.numel() else 0
        self.most_units = max(self.most_units, units)
        if units <= 1:
            return
        if self.reference is not None and name in self.reference:
            ours = (got.double() - self.reference[name]).abs().sum().item()
            theirs = (want.double() - self.reference[name]).abs().sum().item()
            if ours > theirs * (1 + 1e-9):
                self.bad.append(f"{name} ({ours:.4g} from 64 bits, mergekit {theirs:.4g})")
        elif self.outcome.method in WITHIN_ONE_ULP:
            self.bad.append(f"{name} ({units} units)")


def random_difference(got: Tensors, base: Tensors, model: Tensors, structure: dict) -> str:
    """Empty when every tensor is the base with a random share of the model's changes, all times one factor."""
    kept_all = trials = 0
    for name in sorted(got.keys() & base.keys() & model.keys()):
        if not got[name].is_floating_point():
            continue
        delta = (model[name] - base[name]).double().flatten()
        change = (got[name].double() - base[name].double()).flatten()
        tellable = delta.abs() > 1e-4 * base[name].double().flatten().abs() + 1e-6
        kept = change.abs() > 0.5 * delta.abs()
        kept_all += int(kept[tellable].sum())
        trials += int(tellable.sum())
        if not kept.any():
            continue
        factor = (delta.abs().sum() / delta[kept].abs().sum()).item() if structure["rescale"] else 1.0
        off = (change - factor * delta * kept).abs()
        if (off > 1e-5 * (factor * delta).abs() + 3e-7 * (1 + base[name].double().flatten().abs())).any():
            return f"{name}: the kept entries do not share the factor {factor:.6g}"
    expected = structure["density"]
    allowed = 5 * math.sqrt(max(trials, 1) * expected * (1 - expected))
    if abs(kept_all - expected * trials) > allowed:
        return f"kept {kept_all} of {trials} entries, density {expected}"
    return ""


def config_difference(folder: Path, want: dict) -> str:
    path = folder / "config.json"
    if not path.exists():
        return "no config.json"
    found = json.loads(path.read_text())
    said = []
    for key, value in want.items():
        got = found.get(key, found.get("torch_dtype") if key == "dtype" else None)
        if key in found or key in ("num_hidden_layers", "vocab_size", "dtype", "model_type"):
            if got != value:
                said.append(f"config.json: {key} is {got} instead of {value}")
    return "; ".join(said)


class Checker:
    """Runs the program over cases."""

    def __init__(self, cli: Path, root: Path, scratch: Path):
        self.cli = cli
        self.cases = root if root.name == "cases" else root / "cases"
        self.models = self.cases.parent / "models"
        self.scratch = scratch
        self.names: Dict[str, Set[str]] = {}

    def check(self, folder: Path) -> Outcome:
        case = json.loads((folder / "case.json").read_text())
        outcome = Outcome(folder.name, case.get("family", ""), case.get("method", ""), case["kind"])
        out = self.scratch / folder.name
        run = self._run(folder, out, case)
        said = run.stderr.strip().replace("\n", " ")[:400]
        if run.returncode not in (0, 2):
            outcome.verdict, outcome.why = "failed", f"exit status {run.returncode}: {said}"
        elif case["kind"] == "error":
            self._check_error(outcome, run.returncode, out, said)
        elif case["kind"] == "unmergeable":
            outcome.verdict = "unmergeable"
            outcome.why = f"mergekit: {case['mergekit'][:160]}; here: {'merged' if run.returncode == 0 else said[:200]}"
        elif "is not part of this version" in said or "cannot be merged by this version" in said:
            outcome.verdict, outcome.why = "unknown", said
        elif run.returncode != 0:
            outcome.verdict, outcome.why = "failed", f"refused: {said}"
        else:
            self._compare(outcome, folder, out, case)
        return outcome

    def _run(self, folder: Path, out: Path, case: dict) -> subprocess.CompletedProcess:
        command = [str(self.cli), "merge", str(folder / "recipe.yml"), str(out), "--model-dir", str(self.models),
                   "--seed", "1", "--threads", "1", "--progress", "none"]  # fmt: skip
        command += ["--" + name.replace("_", "-") for name, value in case.get("args", {}).items() if value]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    def _stored(self, family: str) -> Set[str]:
        """The names of the tensors that the family's models hold."""
        if family not in self.names:
            paths = (self.models / f"{family}-{variant}" for variant in ("base", "other-head"))
            self.names[family] = {name for path in paths if path.is_dir() for name in read_tensors(path)}
        return self.names[family]

    def _unconverted(self, outcome: Outcome, family: str, got: Tensors, want: Tensors) -> Tensors:
        """`want` with integer and boolean tensors as the models hold them; with `dtype` mergekit makes numbers of them."""
        kept = dict(want)
        converted = [name for name, tensor in got.items()
                     if not tensor.is_floating_point() and name in want and want[name].is_floating_point()]  # fmt: skip
        if converted:
            stored = {stem_of(name): tensor for name, tensor in read_tensors(self.models / f"{family}-base").items()}
            kept.update({name: stored[stem_of(name)] for name in converted if stem_of(name) in stored})
            outcome.notes.append(f"kept as stored, mergekit makes numbers of it: {some(converted)}")
        return kept

    @staticmethod
    def _check_error(outcome: Outcome, status: int, out: Path, said: str) -> None:
        outcome.notes.append(said[:200])
        if status != 2:
            outcome.verdict, outcome.why = "failed", f"exit status {status} instead of 2"
        elif out.exists():
            outcome.verdict, outcome.why = "failed", "left an output folder behind"

    def _compare(self, outcome: Outcome, folder: Path, out: Path, case: dict) -> None:
        got, want = read_tensors(out), read_tensors(folder / "expected.safetensors")
        path = folder / "reference.safetensors"
        reference = one_by_one(read_tensors(path), got) if path.exists() else None
        split = one_by_one(self._unconverted(outcome, case["family"], got, want), got)
        incomparable = set()
        if split.keys() != want.keys():
            outcome.notes.append("mergekit wrote fused experts")
            if outcome.method not in ELEMENTWISE:
                incomparable = split.keys() - want.keys()
        want = split
        known = {stem_of(name) for name in want}
        stored = {stem_of(name) for name in self._stored(case["family"])} - known
        faults = [structure_difference(got, want, outcome, stored), config_difference(out, case["config"])]
        if case["kind"] == "random":
            base, model = (read_tensors(self.models / case["structure"][key]) for key in ("base", "model"))
            faults.append(random_difference(got, base, model, case["structure"]))
        else:
            judged = {name: tensor for name, tensor in want.items() if name not in incomparable}
            faults.append(Comparison(outcome, reference).compare(got, judged))
        outcome.why = "; ".join(fault for fault in faults if fault)
        if outcome.why:
            outcome.verdict = "failed"


def print_table(outcomes: List[Outcome]) -> None:
    verdicts = ("passed", "failed", "unknown", "unmergeable")
    rows: Dict[str, Dict[str, int]] = defaultdict(lambda: dict.fromkeys(verdicts, 0))
    for outcome in outcomes:
        rows[outcome.family][outcome.verdict] += 1
        rows["all"][outcome.verdict] += 1
    print(f"{'family':<20}" + "".join(f"{verdict:>13}" for verdict in verdicts))
    for family in sorted(rows, key=lambda name: (name == "all", name)):
        print(f"{family:<20}" + "".join(f"{rows[family][verdict]:>13}" for verdict in verdicts))


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Compare layerloom-cli with generated mergekit cases.")
    parser.add_argument("cli", type=Path, metavar="CLI")
    parser.add_argument("cases", type=Path, metavar="CASES_DIR")
    parser.add_argument("--only", nargs="+", default=[], help="only cases whose name contains one of these")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="write all outcomes as JSON")
    parser.add_argument("--verbose", action="store_true", help="also print passed, unknown and unmergeable cases")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    outcomes = []
    with tempfile.TemporaryDirectory() as scratch:
        checker = Checker(options.cli.resolve(), options.cases.resolve(), Path(scratch))
        for folder in sorted(path.parent for path in checker.cases.glob("*/case.json")):
            if options.only and not any(part in folder.name for part in options.only):
                continue
            outcome = checker.check(folder)
            outcomes.append(outcome)
            if outcome.verdict == "failed" or options.verbose:
                notes = f" [{'; '.join(outcome.notes)}]" if outcome.notes else ""
                print(f"{outcome.verdict:<12}{outcome.case}: {outcome.why}{notes}", flush=True)
    print_table(outcomes)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(outcome) for outcome in outcomes], indent=1) + "\n")
    if not outcomes:
        print("no cases found", file=sys.stderr)
    return 1 if not outcomes or any(outcome.verdict == "failed" for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
