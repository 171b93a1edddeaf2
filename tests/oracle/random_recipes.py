# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random recipes in the whole language, as text in random YAML spellings."""

import random
import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence

from mergekit.merge_methods.base import BasePolicy, MergeMethodSpec, ParameterScope, ParameterSpec

FILTERS = {
    "llama": ["self_attn", "mlp", "q_proj", "layernorm", "embed_tokens", "lm_head", "model.norm", "layers.1.", "*", "no_such",
              "weight", "."],
    "t5": ["SelfAttention", "EncDecAttention", "DenseReluDense", "block.0", "shared", "layer_norm", "decoder", "*", "no_such"],
}  # fmt: skip

NUMBER_TEXTS = [
    "0", "1", "0.5", "-0.25", ".5", "1.", "+.5", "-1", "0.30000000000000004", "1e-5", "1.5e-3", "1.5e+3", "1E5", "1e3", "'0.5'",
    '"1e-5"', '"0.7"', "0.1234567890123", "2", "3.0", "!!float 1", "!!float 0.5", "!!str 0.5",
    "true", "no", "1e-08", "-0.0", "'1'", "1.25E-2", "6.02e23", "1e+2", '" 0.5"', "0.1e1", "'.5'", "'+1'", "5e-324",
]  # fmt: skip
# The program refuses those on purpose: other YAML readers take them for something else.
EXOTIC_NUMBER_TEXTS = ["1_0", "0x2", "0b11", "010", "1:30", "1_0.5", '"1_0"', "[]"]
BOOLEAN_TEXTS = [
    "true", "false", "True", "FALSE", "yes", "no", "on", "Off", "1", "0", "'true'", '"false"', "'yes'", '"off"', "1.0", "0.0",
    "'1'", '"T"', "'n'", "y", "!!bool true", "!!str true",
]  # fmt: skip
INTEGER_TEXTS = ["1", "10", "'7'", "3.0", '"5"', "+4", "'3.0'"]
WRONG_TEXTS = ["word", '""', "'1,5'", "~", "2", "{}", "nan", ".nan", ".inf", "-.inf", "'inf'"]
WORDS_WITH_A_MEANING = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
# Of the values outside these, della makes probabilities outside 0 … 1, which no merge survives.
TAME_RANGES = {"density": (0.3, 0.7), "epsilon": (0.01, 0.29)}
TOKENS = ["<|im_start|>", "yes", "007", "~", " leading", "it's", "#", "\u00e9", "null", "1.5", "- x", "{a}"]
UNKNOWN = [("x_note", "'a: note, with #'"), ("x_list", "[1, two, {three: 3}]"), ("x_nothing", "~"), ("x_date", "'2024-01-01'"),
           ("x_octal", "'010'"), ("x_map", "{deep: {deeper: [yes, 'no']}}"), ("x_text", '"line\\nbreak \\u00e9"')]  # fmt: skip


class Spelled(str):
    """A scalar or flow node that is already YAML."""


@dataclass
class Shared:
    """A node that is written once with an anchor and then by alias."""

    name: str
    node: Any
    written: bool = False


class YamlSpeller:
    """Writes a structure of dicts, lists, strings and Spelled as YAML, in block or flow style, quoted and commented at random."""

    def __init__(self, rng: random.Random):
        self.rng = rng

    def document(self, node: Dict[str, Any]) -> str:
        start = self.rng.choice(["", "", "", "---\n", "# a recipe\n", "%YAML 1.1\n---\n", "\n"])
        return start + self._block_map(node, 0) + self.rng.choice(["", "", "...\n", "# end\n", "\n\n"])

    def _scalar(self, text: str) -> str:
        if isinstance(text, Spelled):
            return str(text)
        plain = re.fullmatch(r"[A-Za-z_][\w./-]*", text) and text.lower() not in WORDS_WITH_A_MEANING
        styles = ["plain", "plain", "single", "double", "escaped"] if plain else ["single", "double"]
        style = "double" if "\n" in text else self.rng.choice(styles)
        if style == "plain":
            return text
        if style == "single":
            return "'" + text.replace("'", "''") + "'"
        if style == "escaped" and text and text[0].isascii() and text[0].isalpha():
            return f'"\\x{ord(text[0]):02x}{text[1:]}"'
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    def _flow(self, node: Any) -> str:
        if isinstance(node, Shared):
            if node.written:
                return f"*{node.name} "
            node.written = True
            return f"&{node.name} {self._flow(node.node)}"
        if isinstance(node, dict):
            return "{" + ", ".join(f"{self._scalar(key)}: {self._flow(value)}" for key, value in node.items()) + "}"
        if isinstance(node, list):
            inner = [self._flow(value) for value in node]
            if inner and self.rng.random() < 0.1:
                return "[ " + " , ".join(inner) + ", ]"
            return "[" + ", ".join(inner) + "]"
        return self._scalar(node)

    def _comment(self) -> str:
        return self.rng.choice(["", "", "", "", "", "", "  # why: not", " # [x]"])

    def _value(self, node: Any, indent: int) -> str:
        """What follows "key:", with its line end."""
        if isinstance(node, Shared) and not node.written and node.node and self.rng.random() < 0.5:
            node.written = True
            return f" &{node.name}" + self._nested(node.node, indent)
        empty = isinstance(node, (dict, list)) and not node
        if isinstance(node, (dict, list)) and not empty and self.rng.random() < 0.65:
            return self._nested(node, indent)
        return f" {self._flow(node)}{self._comment()}\n"

    def _nested(self, node: Any, indent: int) -> str:
        if isinstance(node, dict):
            return self._comment() + "\n" + self._block_map(node, indent + self.rng.choice([1, 2, 4]))
        return self._comment() + "\n" + self._block_list(node, indent + self.rng.choice([0, 2, 3] if indent else [0, 2]))

    def _block_map(self, node: Dict[str, Any], indent: int) -> str:
        lines = ""
        for key, value in node.items():
            if self.rng.random() < 0.03:
                lines += " " * indent + "# between\n"
            lines += " " * indent + self._scalar(key) + ":" + self._value(value, indent)
        return lines

    def _block_list(self, node: List[Any], indent: int) -> str:
        lines = ""
        for value in node:
            if isinstance(value, dict) and value and self.rng.random() < 0.7:
                block = self._block_map(value, indent + 2)
                stripped = block.lstrip(" ")
                if stripped.startswith("#"):
                    lines += " " * indent + "-\n" + block
                else:
                    lines += " " * indent + "- " + stripped
            else:
                lines += " " * indent + "- " + self._flow(value) + self._comment() + "\n"
        return lines


class RecipeMaker:
    """Makes recipes for one family of models."""

    def __init__(self, rng: random.Random, family: str, modules: Dict[str, int], specs: Sequence[MergeMethodSpec], wrong: float,
                 exotic: bool = False):  # fmt: skip
        self.rng = rng
        self.family = family
        self.modules = modules
        self.specs = specs
        self.wrong = wrong
        self.numbers = NUMBER_TEXTS + (EXOTIC_NUMBER_TEXTS if exotic else [])
        self.shared: List[Shared] = []
        self.models = [f"{family}-{variant}" for variant in ("base", "math", "code", "chat")]

    def text(self) -> str:
        self.shared = []
        return YamlSpeller(self.rng).document(self._recipe())

    # Settings

    def _scalar(self, parameter: ParameterSpec) -> Spelled:
        if self.rng.random() < self.wrong:
            return Spelled(self.rng.choice(WRONG_TEXTS))
        name = getattr(parameter.value_type, "__name__", "")
        if name == "bool":
            return Spelled(self.rng.choice(BOOLEAN_TEXTS))
        if name == "int":
            return Spelled(self.rng.choice(INTEGER_TEXTS))
        if parameter.name in TAME_RANGES and self.rng.random() < 0.9:
            return Spelled(repr(round(self.rng.uniform(*TAME_RANGES[parameter.name]), 4)))
        if self.rng.random() < 0.4:
            return Spelled(repr(round(self.rng.uniform(-1, 2), self.rng.choice([1, 2, 5, 15]))))
        return Spelled(self.rng.choice(self.numbers))

    def _value(self, parameter: ParameterSpec) -> Any:
        if self.rng.random() < 0.45:
            return [self._scalar(parameter) for _ in range(self.rng.choice([1, 2, 2, 3, 4, 5, 9]))]
        return self._scalar(parameter)

    def _condition(self, parameter: ParameterSpec, catch_all: bool) -> Dict[str, Any]:
        condition: Dict[str, Any] = {"value": self._value(parameter)}
        choice = self.rng.random()
        if catch_all:
            if choice < 0.3:
                condition["filter"] = "*"
            elif choice < 0.4:
                condition["filter"] = Spelled("~")
        else:
            condition["filter"] = self.rng.choice(FILTERS[self.family])
        return dict(reversed(condition.items())) if self.rng.random() < 0.5 else condition

    def _setting(self, parameter: ParameterSpec, complete: bool) -> Any:
        shape = self.rng.random()
        if shape < 0.5:
            return self._value(parameter)
        if shape < 0.6:
            return self._condition(parameter, catch_all=complete)
        conditions = [self._condition(parameter, catch_all=False) for _ in range(self.rng.randint(1, 3))]
        if complete or self.rng.random() < 0.5:
            conditions.append(self._condition(parameter, catch_all=True))
        return conditions

    def _parameters(self, spec: MergeMethodSpec, chance: float, complete: bool = False) -> Any:
        """Settings of one level; `complete` gives every required parameter a value for all tensors."""
        if not complete and self.shared and self.rng.random() < 0.1:
            return self.rng.choice(self.shared)
        found: Dict[str, Any] = {}
        for parameter in spec.parameters:
            if (complete and parameter.required) or self.rng.random() < chance:
                found[parameter.name] = self._setting(parameter, complete)
        if self.rng.random() < 0.05:
            found["x_parameter"] = Spelled("0.5")
        if found and not complete and self.rng.random() < 0.15:
            node = Shared(f"p{len(self.shared)}", found)
            self.shared.append(node)
            return node
        return found

    # Models and slices

    def _reference(self, name: str) -> Any:
        choice = self.rng.random()
        if choice < 0.85:
            return name
        if choice < 0.9:
            return {"model": name}
        if choice < 0.97:
            return {"model": {"path": name}}
        return {"model": {"path": name, "revision": Spelled("~")}, "lora": Spelled("null")}

    def _counts(self, spec: MergeMethodSpec) -> range:
        """How many models besides the base a slice may have."""
        contract = spec.contract
        needs_base = contract.base == BasePolicy.REQUIRED
        least = max(contract.min_inputs - needs_base, contract.min_non_base or 0, 0 if needs_base else 1)
        most = min(3, contract.max_non_base if contract.max_non_base is not None else 3,
                   contract.max_inputs - needs_base if contract.max_inputs is not None else 3)  # fmt: skip
        return range(max(least, 1) if most >= 1 else least, max(most, least) + 1)

    def _chosen(self, spec: MergeMethodSpec, base: Optional[str]) -> List[str]:
        others = [name for name in self.models if name != base]
        return self.rng.sample(others, min(len(others), self.rng.choice(list(self._counts(spec)))))

    def _sources(
        self, spec: MergeMethodSpec, base: Optional[str], base_included: bool, extend: Callable[[Dict[str, Any]], None]
    ) -> list:
        names = self._chosen(spec, base)
        if base is not None and base_included:
            names.insert(self.rng.randint(0, len(names)), base)
        found = []
        for name in names:
            entry: Dict[str, Any] = {"model": self._reference(name)}
            extend(entry)
            if parameters := self._parameters(spec, 0.35):
                entry["parameters"] = parameters
            self._garnish(entry, 0.05)
            found.append(entry)
        return found

    def _garnish(self, node: Dict[str, Any], chance: float) -> None:
        if self.rng.random() < chance:
            key, value = self.rng.choice(UNKNOWN)
            node[key] = Spelled(value)

    def _models(self, spec: MergeMethodSpec, base: Optional[str]) -> list:
        return self._sources(spec, base, self.rng.random() < 0.4, lambda entry: None)

    def _slices(self, spec: MergeMethodSpec, base: Optional[str], layers: int) -> list:
        found = []
        for _ in range(self.rng.randint(1, 3)):
            length = self.rng.randint(1, layers)

            def extend(entry: Dict[str, Any], length: int = length) -> None:
                begin = self.rng.randint(0, layers - length)
                entry["layer_range"] = [Spelled(str(begin)), Spelled(str(begin + length))]

            own = self.rng.choice(self.models) if base is not None and self.rng.random() < 0.3 else None
            piece: Dict[str, Any] = {"sources": self._sources(spec, own or base, base is not None, extend)}
            if own is not None:
                piece["base_model"] = self._reference(own)
            if parameters := self._parameters(spec, 0.25):
                piece["parameters"] = parameters
            if self.rng.random() < 0.05:
                piece["residual_weight"] = Spelled("0.5")
            self._garnish(piece, 0.05)
            found.append(piece)
        return found

    def _recipe(self) -> Dict[str, Any]:
        spec = self.rng.choice(self.specs)
        needs_base = spec.contract.base == BasePolicy.REQUIRED
        takes_base = spec.contract.base in (BasePolicy.OPTIONAL, BasePolicy.IGNORED) and spec.contract.max_inputs != 1
        base = self.rng.choice(self.models) if needs_base or (takes_base and self.rng.random() < 0.3) else None
        recipe: Dict[str, Any] = {"merge_method": spec.name}
        if base is not None:
            recipe["base_model"] = self._reference(base)
        form = self.rng.choice(["models", "slices", "modules"] if len(self.modules) == 1 else ["models", "modules", "modules"])
        if form == "models":
            recipe["models"] = self._models(spec, base)
        elif form == "slices":
            recipe["slices"] = self._slices(spec, base, next(iter(self.modules.values())))
        else:
            recipe["modules"] = self._modules(spec, base)
        if parameters := self._parameters(spec, 0.3, complete=self.rng.random() < 0.93):
            recipe["parameters"] = parameters
        for key, choices in (("dtype", ["float32", "bfloat16", "float16"]), ("out_dtype", ["bfloat16", "float32"])):
            if self.rng.random() < 0.4:
                recipe[key] = self.rng.choice(choices)
        self._add_tokenizer(recipe)
        self._garnish(recipe, 0.15)
        keys = list(recipe)
        if not self.shared and self.rng.random() < 0.5:
            self.rng.shuffle(keys)
        return {key: recipe[key] for key in keys}

    def _add_tokenizer(self, recipe: Dict[str, Any]) -> None:
        choice = self.rng.random()
        source = self.rng.choice(["base", "union", self.rng.choice(self.models)])
        if choice < 0.1:
            recipe["tokenizer_source"] = source
        elif choice < 0.25:
            tokenizer: Dict[str, Any] = {"source": source} if self.rng.random() < 0.9 else {}
            if self.rng.random() < 0.6:
                tokenizer["tokens"] = {name: self._token() for name in self.rng.sample(TOKENS, self.rng.randint(1, 3))}
            if self.rng.random() < 0.4:
                tokenizer["pad_to_multiple_of"] = Spelled(self.rng.choice(["8", "'16'", "64"]))
            recipe["tokenizer"] = tokenizer
        if self.rng.random() < 0.1:
            recipe["chat_template"] = self.rng.choice(["auto", "chatml", "{% for m in messages %}{{ m['content'] }}\n{% endfor %}"])

    def _token(self) -> Dict[str, Any]:
        row: Dict[str, Any] = {"kind": "model_token", "model": self._reference(self.rng.choice(self.models))}
        if self.rng.random() < 0.5:
            row["token"] = self.rng.choice(TOKENS)
        else:
            row["token_id"] = Spelled(self.rng.choice(["0", "7", "'3'"]))
        found: Dict[str, Any] = {}
        if self.rng.random() < 0.9:
            found["source"] = self.rng.choice([row, {"kind": "zero"}, self._reference(self.rng.choice(self.models))])
        if self.rng.random() < 0.5:
            found["force"] = Spelled(self.rng.choice(["true", "false", "yes", "1", "'on'"]))
        return found

    def _modules(self, spec: MergeMethodSpec, base: Optional[str]) -> Dict[str, Any]:
        names = self.rng.sample(list(self.modules), self.rng.randint(1, len(self.modules)))
        found: Dict[str, Any] = {}
        for name in names:
            layers = self.modules[name]
            module: Dict[str, Any] = {}
            if layers > 0 and self.rng.random() < 0.5:
                module["slices"] = self._slices(spec, base, layers)
            else:
                module["models"] = self._models(spec, base)
            if parameters := self._parameters(spec, 0.3):
                module["parameters"] = parameters
            found[name] = module
        return found
