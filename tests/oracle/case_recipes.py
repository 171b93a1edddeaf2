# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes that every family is merged with.

A recipe is a Python structure in which "@math" stands for the family's model "math".
"""

import re
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Sequence

ATTENTION_WORDS = ("self_attn", "SelfAttention", "self_attention", "attention", "attn", "mixer")
FEED_FORWARD_WORDS = ("experts", "mlp", "DenseReluDense", "feed_forward", "ffn", "fc1", "intermediate", "in_proj")

RANDOM_METHODS = ("dare_linear", "dare_ties", "della", "della_linear")


@dataclass
class Case:
    """One recipe and what is to be known about it to check the result."""

    name: str
    recipe: Dict[str, Any]
    kind: str = "exact"
    args: Dict[str, bool] = field(default_factory=dict)
    structure: Optional[Dict[str, Any]] = None
    reference: bool = False


@dataclass
class Shape:
    """What the recipes need to know of a family."""

    layers: int
    attention: str
    feed_forward: str
    has_other_head: bool
    encoder_decoder: bool
    modules: Dict[str, int]

    @classmethod
    def of(cls, names: Sequence[str], layers: int, has_other_head: bool, encoder_decoder: bool, modules: Dict[str, int]):
        def first(words: Sequence[str]) -> str:
            return next((word for word in words if any(word in name for name in names)), "weight")

        return cls(layers, first(ATTENTION_WORDS), first(FEED_FORWARD_WORDS), has_other_head, encoder_decoder, modules)


def source(model: str, begin: int, end: int, **parameters) -> Dict[str, Any]:
    found: Dict[str, Any] = {"model": model, "layer_range": [begin, end]}
    if parameters:
        found["parameters"] = parameters
    return found


def model(name: str, **parameters) -> Dict[str, Any]:
    return {"model": name, "parameters": parameters} if parameters else {"model": name}


def recipe(method: str, **keys) -> Dict[str, Any]:
    return {"merge_method": method, **{"dtype": "float32", **keys}}


def method_cases() -> Iterator[Case]:
    """Every method once, with parameters away from their standard values."""
    two = [model("@math", weight=0.6), model("@code", weight=0.3)]
    three = two + [model("@chat", weight=0.25)]
    sparse = [model("@math", weight=0.6, density=0.4), model("@code", weight=-0.3, density=[0.8, 0.2]),
              model("@chat", weight=0.5, density=1)]  # fmt: skip
    bare = [model("@math"), model("@code"), model("@chat")]
    exact = {
        "linear": dict(models=three, parameters={"normalize": False}),
        "slerp": dict(base_model="@math", models=[model("@math"), model("@far")], parameters={"t": 0.35}),
        "nuslerp": dict(models=two),
        "nuslerp-rows": dict(models=two, base_model="@base", parameters={"nuslerp_flatten": False, "nuslerp_row_wise": True}),
        "nuslerp-columns": dict(models=two, parameters={"nuslerp_flatten": False}),
        "multislerp": dict(models=three),
        "multislerp-base": dict(models=three, base_model="@base", parameters={"eps": "1e-7"}),
        "karcher": dict(models=bare, parameters={"max_iter": 20, "tol": "1e-7"}),
        "passthrough": dict(models=[model("@code")], parameters={"scale": 0.75}),
        "task_arithmetic": dict(models=three, base_model="@base", parameters={"lambda": 0.8, "normalize": True}),
        "ties": dict(models=sparse, base_model="@base", parameters={"lambda": 1.1}),
        "ties-plain-sum": dict(models=sparse, base_model="@base", parameters={"normalize": False, "rescale": True}),
        "breadcrumbs": dict(models=sparse, base_model="@base", parameters={"gamma": 0.05}),
        "breadcrumbs_ties": dict(models=sparse, base_model="@base", parameters={"gamma": 0.1, "rescale": True}),
        "sce": dict(models=bare, base_model="@base", parameters={"select_topk": 0.3}),
        "model_stock": dict(models=bare, base_model="@base"),
        "model_stock-rows": dict(models=bare, base_model="@base", parameters={"filter_wise": True}),
        "nearswap": dict(models=[model("@math")], base_model="@base", parameters={"t": 0.01}),
        "arcee_fusion": dict(models=[model("@math")], base_model="@base"),
        "ram": dict(models=bare, base_model="@base", parameters={"epsilon": 0.005}),
        "ramplus_tl": dict(models=bare, base_model="@base", parameters={"epsilon": 0.005, "r": 0.2, "alpha": 0.5}),
    }
    for name, keys in exact.items():
        # Rounding in mergekit's 32 bits decides which entries pass the threshold of arcee_fusion.
        yield Case(f"method-{name}", recipe(name.split("-")[0], **keys), reference=name == "arcee_fusion")
    for method in RANDOM_METHODS:
        yield from random_cases(method)


def random_cases(method: str) -> Iterator[Case]:
    """One model on the base, so that the kept entries show in the result."""
    for suffix, density, rescale in (("", 0.5, True), ("-kept-as-they-are", 0.3, False)):
        keys = dict(base_model="@base", models=[model("@math", weight=1, density=density)], parameters={"rescale": rescale})
        structure = {"base": "@base", "model": "@math", "density": density, "rescale": rescale}
        yield Case(f"method-{method}{suffix}", recipe(method, **keys), kind="random", structure=structure)


def sixteen_bit_cases() -> Iterator[Case]:
    """Stored, computed and written types in all sorts of combinations."""
    half = [model("@math-bf16", weight=0.7), model("@code-bf16", weight=0.3)]
    pair = dict(base_model="@math-bf16", models=[model("@math-bf16"), model("@code-bf16")], parameters={"t": [0.2, 0.9]})
    plain = {"merge_method": "linear"}
    yield Case("bf16-linear", recipe("linear", models=half, dtype="bfloat16"), reference=True)
    yield Case("bf16-linear-as-stored", {**plain, "models": half}, reference=True)
    yield Case("bf16-linear-out-f16", recipe("linear", models=half, dtype="bfloat16", out_dtype="float16"), reference=True)
    yield Case("bf16-slerp", recipe("slerp", **pair, dtype="bfloat16"), reference=True)
    yield Case("bf16-slerp-out-f32", recipe("slerp", **pair, out_dtype="float32"))
    mixed = [model("@math", weight=0.5), model("@chat-f16", weight=0.5), model("@code-bf16", weight=1)]
    yield Case("mixed-types-promoted", {**plain, "models": mixed})
    yield Case("f16-and-bf16-promoted", {**plain, "models": mixed[1:]})
    yield Case("mixed-types-in-f16", recipe("linear", models=mixed, dtype="float16"))
    yield Case("mixed-types-out-bf16", recipe("linear", models=mixed, out_dtype="bfloat16"))
    # Full density: among equal magnitudes, of which 16-bit models have many, mergekit keeps arbitrary ones.
    sparse = [model("@math-bf16", weight=0.613), model("@code-bf16", weight=0.377)]
    for method in ("ties", "task_arithmetic", "breadcrumbs", "sce", "ram"):
        parameters = {"select_topk": 1, "epsilon": 1e-5}
        keys = dict(base_model="@base-bf16", models=sparse, dtype="bfloat16", parameters=parameters)
        yield Case(f"bf16-{method}", recipe(method, **keys), reference=True)


def setting_cases(shape: Shape) -> Iterator[Case]:
    """Filters, gradients, booleans and numbers written as text, for whole models."""
    attention, feed_forward = shape.attention, shape.feed_forward
    by_part = [{"filter": attention, "value": 0.9}, {"filter": feed_forward, "value": [0.1, 0.5, 0.8]}, {"value": 0.4}]
    other = [{"filter": attention, "value": 0.1}, {"filter": "*", "value": "0.6"}]
    yield Case("linear-filters", recipe("linear", models=[model("@math", weight=by_part), model("@code", weight=other)]))
    yield Case("linear-gradient", recipe("linear", models=[
        model("@math", weight=[0, "0.25", 1]), model("@code", weight=["1e-1", 2, 0.5, 0.75]), model("@chat", weight="5e-1")]))
    yield Case("slerp-gradient", recipe("slerp", base_model="@base", models=[model("@far")], parameters={
        "t": [{"filter": attention, "value": [0, 0.5, 0.3, 0.7, 1]}, {"filter": feed_forward, "value": [1, 0.5, 0.7, 0.3, 0]},
              {"value": 0.5}]}))  # fmt: skip
    yield Case("ties-gradient", recipe("ties", base_model="@base", models=[
        model("@math", weight=0.5, density=[1, 0.5, 0.1]),
        model("@code", weight=[{"filter": feed_forward, "value": 0.7}], density=0.33),
        model("@chat", weight=[0, 0.3, 1], density=[1, 0.7, 0.1])], parameters={"weight": 0.2, "lambda": [1, 1.3]}))  # fmt: skip
    yield Case("task-arithmetic-filters", recipe("task_arithmetic", base_model="@base", models=[
        model("@math", weight=by_part), model("@far", weight=[{"filter": "no such tensor", "value": 9}])],
        parameters={"weight": [-0.5, 0.5], "lambda": {"filter": attention, "value": 0.5}, "normalize": "false"}))  # fmt: skip
    yield Case("boolean-gradient", recipe("linear", models=[model("@math", weight=0.6), model("@code", weight=0.7)],
                                          parameters={"normalize": [True, False, True]}))  # fmt: skip
    yield Case("boolean-filters", recipe("ties", base_model="@base", models=[
        model("@math", weight=0.6, density=0.5), model("@code", weight=0.7, density=0.5)], parameters={
            "normalize": [{"filter": attention, "value": False}, {"value": True}], "rescale": [False, True]}))  # fmt: skip


def head_cases(shape: Shape) -> Iterator[Case]:
    """Models that store a head beside models that do not."""
    if not shape.has_other_head:
        return
    yield Case("heads-mixed-linear", recipe("linear", base_model="@base", models=[
        model("@math", weight=0.5), model("@other-head", weight=0.25)], parameters={"weight": 0.5}))  # fmt: skip
    yield Case("heads-mixed-slerp", recipe("slerp", base_model="@other-head", models=[model("@far")], parameters={"t": 0.4}))
    yield Case("heads-mixed-ties", recipe("ties", base_model="@base", models=[
        model("@other-head", weight=0.7, density=0.5), model("@math", weight=0.4)]))  # fmt: skip
    yield Case("head-other-alone", recipe("passthrough", models=[model("@other-head")]))


def slice_cases(shape: Shape, wrap) -> Iterator[Case]:
    """Stacks of layers; `wrap` puts slices where the recipe of the family has them."""
    layers = shape.layers
    half, third = (layers + 1) // 2, max(1, layers // 3)
    later = min(third, layers - 1)
    stack = [[source("@base", 0, half)], [source("@math", later, layers)], [source("@code", 0, third)], [source("@math", 0, 1)]]
    yield Case("stack", {"merge_method": "passthrough", **wrap([{"sources": s} for s in stack])})
    backwards = [{"sources": [source("@code", n, n + 1)]} for n in reversed(range(layers))]
    yield Case("stack-backwards", {"merge_method": "passthrough", "dtype": "float32", **wrap(backwards)})
    doubled = [{"sources": [source("@base", n // 2, n // 2 + 1, **({} if n % 2 == 0 else {
        "scale": [{"filter": shape.attention, "value": 0.5}, {"filter": shape.feed_forward, "value": 0.0}, {"value": 1.0}]}))]}
        for n in range(2 * layers)]  # fmt: skip
    yield Case("stack-doubled-scaled", recipe("passthrough", **wrap(doubled)))
    offset = [
        {"sources": [source("@math", 0, half, weight=[0, 1]), source("@code", layers - half, layers, weight=[1, 0.5, 0.25])],
         "parameters": {"normalize": False}},
        {"sources": [source("@code", 0, third, weight=0.8), source("@far", layers - third, layers, weight=0.1)]},
    ]  # fmt: skip
    yield Case("offset-linear", recipe("linear", **wrap(offset)))
    yield Case("outer-tensors", recipe("linear", **wrap([
        {"sources": [source("@math", 0, half, weight=0.9), source("@far", 0, half, weight=0.1)]},
        {"sources": [source("@code", 0, layers, weight=0.2), source("@chat", 0, layers, weight=0.8)]}])))  # fmt: skip
    based = [
        {"sources": [source("@base", 0, half), source("@math", 0, half, weight=0.5), source("@code", 0, half, weight=[0, 1])],
         "parameters": {"lambda": 0.7}},
        {"sources": [source("@math", 0, third), source("@chat", layers - third, layers)], "base_model": "@math",
         "parameters": {"weight": [{"filter": shape.attention, "value": [0.1, 0.9]}], "lambda": [0.5, 2]}},
    ]  # fmt: skip
    yield Case("slice-bases", recipe("task_arithmetic", base_model="@base", parameters={"weight": 0.3}, **wrap(based)))
    sloped = [{"base_model": "@base", "sources": [source("@base", 0, half), source("@far", layers - half, layers)],
               "parameters": {"t": [{"filter": shape.attention, "value": [0, 1]}, {"value": [0.8, 0.2]}]}},
              {"sources": [source("@math", 0, layers), source("@base", 0, layers)]}]  # fmt: skip
    yield Case("slice-slerp", recipe("slerp", base_model="@base", parameters={"t": 0.25}, **wrap(sloped)))
    yield Case("slices-one-layer-each", recipe("linear", **wrap([
        {"sources": [source("@math", n, n + 1, weight=[0.1, 0.5]), source("@code", n, n + 1, weight=[1, 0.25])]}
        for n in range(layers)])))  # fmt: skip


def module_cases(modules: Dict[str, int], prefixes: List[str]) -> Iterator[Case]:
    """Every module with sources and parameters of its own."""
    models = [model("@math", weight=[0, 1]), model("@code", weight=0.5)]
    chosen = {}
    for number, (name, layers) in enumerate(modules.items()):
        if number == 0 and layers > 0:
            half = (layers + 1) // 2
            chosen[name] = {"parameters": {"normalize": False}, "slices": [
                {"sources": [source("@math", 0, half, weight=0.25), source("@far", layers - half, layers, weight=[0.5, 0.75])]},
                {"sources": [source("@code", 0, layers, weight=1), source("@chat", 0, layers)], "parameters": {"weight": 0.125}},
            ]}  # fmt: skip
        else:
            chosen[name] = {"models": models, "parameters": {"normalize": number % 2 == 0}}
    yield Case("modules-linear", recipe("linear", modules=chosen))
    yield Case("modules-one-alone", recipe("linear", modules={prefixes[0]: {"models": models}}))
    yield Case("modules-ties", recipe("ties", base_model="@base", parameters={"density": 0.5}, modules={
        name: {"models": [model("@math", weight=0.5), model("@chat", weight=[0.1, 0.9])], "parameters": {"lambda": 0.5 + number}}
        for number, name in enumerate(modules)}))  # fmt: skip


def error_cases(shape: Shape) -> Iterator[Case]:
    """Recipes that must be refused."""
    layers = shape.layers
    pair = [model("@math", weight=0.5), model("@code")]
    yield Case("error-weight-missing", recipe("linear", models=pair), kind="error")
    yield Case("error-module-unknown", recipe("linear", modules={"no_such_module": {"models": pair}}, parameters={"weight": 1}),
               kind="error")  # fmt: skip
    if shape.encoder_decoder:
        return
    yield Case("error-range", recipe("passthrough", slices=[{"sources": [source("@math", 0, layers + 1)]}]), kind="error")
    yield Case("error-unequal", recipe("linear", parameters={"weight": 1}, slices=[
        {"sources": [source("@math", 0, layers), source("@code", 0, layers + 1)]}]), kind="error")  # fmt: skip


def cases_for(shape: Shape, with_methods: bool) -> List[Case]:
    """All cases of a family, the plain ones first."""
    found = list(setting_cases(shape))
    if len(shape.modules) > 1:
        found += module_cases(shape.modules, list(shape.modules))
    else:
        found += slice_cases(shape, lambda slices: {"slices": slices})
        name = next(iter(shape.modules), "default")
        found += [
            Case(f"modules-{case.name}", case.recipe)
            for case in slice_cases(shape, lambda slices: {"modules": {name: {"slices": slices}}})
            if case.name in ("stack", "slice-bases")
        ]
    found += head_cases(shape)
    found += sixteen_bit_cases()
    found += error_cases(shape)
    if with_methods:
        found += method_cases()
    return found


def with_models(structure: Any, family: str) -> Any:
    """`structure` with the family's models in place of "@math" and the like."""
    if isinstance(structure, dict):
        return {key: with_models(value, family) for key, value in structure.items()}
    if isinstance(structure, list):
        return [with_models(value, family) for value in structure]
    if isinstance(structure, str):
        return re.sub(r"^@", f"{family}-", structure)
    return structure
