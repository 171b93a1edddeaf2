# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small random models of many families, saved as transformers saves them.

A family is built once with transformers (configuration, model class, random weights) and saved; every further model of
the family is that checkpoint with other numbers, so that names and layout are those of real checkpoints.
"""

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, Optional

import torch
import transformers
from safetensors.torch import load_file, save_file

Tensors = Dict[str, torch.Tensor]

VOCABULARY = 48


@dataclass(frozen=True)
class Size:
    """How large the models of a family are."""

    layers: int
    hidden: int

    @property
    def heads(self) -> int:
        """Most heads of up to six whose width is even, as rotary embeddings need it."""
        fitting = (n for n in (6, 4, 3, 2) if self.hidden % (2 * n) == 0)
        return next(fitting, 1)

    @property
    def key_heads(self) -> int:
        """Fewer heads for keys and values than for queries, where the number allows it."""
        return self.heads // 2 if self.heads % 2 == 0 else 1


@dataclass(frozen=True)
class Family:
    """What transformers needs to build a model, and what old checkpoints of the family hold besides."""

    config: str
    model: str
    options: Callable[[Size], dict]
    extra: Optional[Callable[[Tensors, Size], Tensors]] = None
    encoder_decoder: bool = False
    stack_key: str = "num_hidden_layers"
    notes: str = field(default="", compare=False)


def llama_like(**more) -> Callable[[Size], dict]:
    """The options that most decoders share; `more` are those of one family."""

    def options(size: Size) -> dict:
        shared = dict(
            vocab_size=VOCABULARY,
            hidden_size=size.hidden,
            intermediate_size=2 * size.hidden + 2,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            num_key_value_heads=size.key_heads,
            max_position_embeddings=32,
            tie_word_embeddings=False,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=2,
        )
        shared.update({key: value(size) if callable(value) else value for key, value in more.items()})
        return {key: value for key, value in shared.items() if value is not None}

    return options


def gpt2_like(**more) -> Callable[[Size], dict]:
    """The options of families that count in n_layer and n_embd."""

    def options(size: Size) -> dict:
        shared = dict(vocab_size=VOCABULARY, n_positions=16, n_embd=size.hidden, n_layer=size.layers, n_head=size.heads)
        shared.update({key: value(size) if callable(value) else value for key, value in more.items()})
        return {key: value for key, value in shared.items() if value is not None}

    return options


def bert_like(**more) -> Callable[[Size], dict]:
    return llama_like(num_key_value_heads=None, tie_word_embeddings=True, max_position_embeddings=16, **more)


def bert_extra(prefix: str, pooler: bool) -> Callable[[Tensors, Size], Tensors]:
    """Position numbers, and a pooler where mergekit asks for one."""

    def extra(_tensors: Tensors, size: Size) -> Tensors:
        found: Tensors = {f"{prefix}.embeddings.position_ids": torch.arange(16).reshape(1, 16)}
        if pooler:
            found[f"{prefix}.pooler.dense.weight"] = torch.randn(size.hidden, size.hidden) * 0.05
            found[f"{prefix}.pooler.dense.bias"] = torch.randn(size.hidden) * 0.05
        return found

    return extra


def neox_buffers(_tensors: Tensors, size: Size) -> Tensors:
    """The attention buffers that old checkpoints hold and that mergekit requires."""
    found: Tensors = {}
    for layer in range(size.layers):
        prefix = f"gpt_neox.layers.{layer}.attention."
        found[prefix + "bias"] = torch.ones(1, 1, 8, 8).tril().to(torch.bool)
        found[prefix + "masked_bias"] = torch.tensor(-1e9)
        found[prefix + "rotary_emb.inv_freq"] = torch.tensor([1.0, 0.01])
    return found


def inverse_frequencies(_tensors: Tensors, size: Size) -> Tensors:
    """The rotary cache that old Llama checkpoints hold in every layer."""
    return {f"model.layers.{layer}.self_attn.rotary_emb.inv_freq": torch.tensor([1.0, 0.01]) for layer in range(size.layers)}


def alternating(size: Size) -> list:
    kinds = ("sliding_attention", "full_attention")
    return [kinds[layer % 2] for layer in range(size.layers)]


def t5_options(size: Size) -> dict:
    return dict(
        vocab_size=VOCABULARY, d_model=size.hidden, d_kv=4, d_ff=size.hidden + 6, num_layers=size.layers,
        num_decoder_layers=max(1, size.layers - 2), num_heads=2, feed_forward_proj="gated-gelu",
        relative_attention_num_buckets=8, tie_word_embeddings=True, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
    )  # fmt: skip


def encoder_decoder_options(**more) -> Callable[[Size], dict]:
    def options(size: Size) -> dict:
        shared = dict(
            vocab_size=VOCABULARY, d_model=size.hidden, encoder_layers=size.layers, decoder_layers=max(1, size.layers - 2),
            encoder_attention_heads=size.heads, decoder_attention_heads=size.heads, encoder_ffn_dim=size.hidden + 6,
            decoder_ffn_dim=size.hidden + 8, pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=2,
        )  # fmt: skip
        shared.update(more)
        return shared

    return options


FAMILIES: Dict[str, Family] = {
    "llama": Family("LlamaConfig", "LlamaForCausalLM", llama_like()),
    "llama_old": Family("LlamaConfig", "LlamaForCausalLM", llama_like(), extra=inverse_frequencies,
                        notes="rotary caches in every layer"),
    "llama_classifier": Family("LlamaConfig", "LlamaForSequenceClassification", llama_like(num_labels=3)),
    "mistral": Family("MistralConfig", "MistralForCausalLM", llama_like(head_dim=6)),
    "mixtral": Family("MixtralConfig", "MixtralForCausalLM", llama_like(num_local_experts=3, num_experts_per_tok=2)),
    "qwen2": Family("Qwen2Config", "Qwen2ForCausalLM", llama_like(tie_word_embeddings=True)),
    "qwen3": Family("Qwen3Config", "Qwen3ForCausalLM", llama_like(head_dim=6)),
    "qwen3_moe": Family("Qwen3MoeConfig", "Qwen3MoeForCausalLM",
                        llama_like(head_dim=6, num_experts=12, num_experts_per_tok=2, moe_intermediate_size=5)),
    "gemma": Family("GemmaConfig", "GemmaForCausalLM", llama_like(head_dim=6, tie_word_embeddings=True)),
    "gemma2": Family("Gemma2Config", "Gemma2ForCausalLM",
                     llama_like(head_dim=6, tie_word_embeddings=True, layer_types=alternating)),
    "gemma3": Family("Gemma3TextConfig", "Gemma3ForCausalLM",
                     llama_like(head_dim=6, tie_word_embeddings=True, layer_types=alternating)),
    "phi": Family("PhiConfig", "PhiForCausalLM", llama_like()),
    "phi3": Family("Phi3Config", "Phi3ForCausalLM", llama_like()),
    "gpt2": Family("GPT2Config", "GPT2LMHeadModel", gpt2_like(), stack_key="n_layer"),
    "gpt2_classifier": Family("GPT2Config", "GPT2ForSequenceClassification", gpt2_like(num_labels=3), stack_key="n_layer"),
    "gpt_neox": Family("GPTNeoXConfig", "GPTNeoXForCausalLM", llama_like(num_key_value_heads=None), extra=neox_buffers),
    "falcon": Family("FalconConfig", "FalconForCausalLM",
                     llama_like(num_key_value_heads=None, intermediate_size=None, max_position_embeddings=None,
                                num_kv_heads=lambda size: size.key_heads, new_decoder_architecture=True)),
    "bert": Family("BertConfig", "BertForMaskedLM", bert_like(), extra=bert_extra("bert", pooler=True)),
    "bert_classifier": Family("BertConfig", "BertForSequenceClassification", bert_like(num_labels=3),
                              extra=bert_extra("bert", pooler=False)),
    "bert_plain": Family("BertConfig", "BertModel", bert_like()),
    "roberta": Family("RobertaConfig", "RobertaForMaskedLM", bert_like(), extra=bert_extra("roberta", pooler=False)),
    "roberta_classifier": Family("RobertaConfig", "RobertaForSequenceClassification", bert_like(num_labels=3)),
    "distilbert": Family("DistilBertConfig", "DistilBertForMaskedLM",
                         lambda size: dict(vocab_size=VOCABULARY, dim=size.hidden, hidden_dim=size.hidden + 4,
                                           n_layers=size.layers, n_heads=size.heads, max_position_embeddings=16),
                         stack_key="n_layers"),
    "t5": Family("T5Config", "T5ForConditionalGeneration", t5_options, encoder_decoder=True),
    "whisper": Family("WhisperConfig", "WhisperForConditionalGeneration",
                      encoder_decoder_options(num_mel_bins=4, max_source_positions=10, max_target_positions=8),
                      encoder_decoder=True),
    "bart": Family("BartConfig", "BartForConditionalGeneration", encoder_decoder_options(max_position_embeddings=16),
                   encoder_decoder=True),
    "mamba": Family("MambaConfig", "MambaForCausalLM",
                    lambda size: dict(vocab_size=VOCABULARY, hidden_size=size.hidden, num_hidden_layers=size.layers,
                                      state_size=4, expand=2, time_step_rank=3, conv_kernel=3)),
    "stablelm": Family("StableLmConfig", "StableLmForCausalLM", llama_like(use_qkv_bias=True)),
    "starcoder2": Family("Starcoder2Config", "Starcoder2ForCausalLM", llama_like(tie_word_embeddings=True)),
    "olmo2": Family("Olmo2Config", "Olmo2ForCausalLM", llama_like()),
    "cohere": Family("CohereConfig", "CohereForCausalLM", llama_like(tie_word_embeddings=True, use_qk_norm=True)),
    "cohere2": Family("Cohere2Config", "Cohere2ForCausalLM", llama_like(tie_word_embeddings=True, layer_types=alternating)),
    "gptbigcode": Family("GPTBigCodeConfig", "GPTBigCodeForCausalLM", gpt2_like(), stack_key="n_layer"),
    "opt": Family("OPTConfig", "OPTForCausalLM",
                  llama_like(num_key_value_heads=None, intermediate_size=None, tie_word_embeddings=True,
                             ffn_dim=lambda size: 2 * size.hidden, word_embed_proj_dim=lambda size: size.hidden)),
    "bloom": Family("BloomConfig", "BloomForCausalLM",
                    lambda size: dict(vocab_size=VOCABULARY, hidden_size=size.hidden, n_layer=size.layers, n_head=size.heads),
                    stack_key="n_layer"),
    "gptj": Family("GPTJConfig", "GPTJForCausalLM", gpt2_like(rotary_dim=2), stack_key="n_layer"),
    "granite": Family("GraniteConfig", "GraniteForCausalLM", llama_like(attention_bias=True)),
    "glm4": Family("Glm4Config", "Glm4ForCausalLM", llama_like(head_dim=6)),
    "lfm2": Family("Lfm2Config", "Lfm2ForCausalLM",
                   llama_like(tie_word_embeddings=True, block_multiple_of=2,
                              layer_types=lambda size: [("conv", "full_attention")[n % 2] for n in range(size.layers)])),
}  # fmt: skip


class ModelMaker:
    """Makes the models of one family in a folder."""

    def __init__(self, name: str, family: Family, size: Size, folder: Path, seed: int):
        self.name = name
        self.family = family
        self.size = size
        self.folder = folder
        self.generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
        self.config, self.base = self._pristine()
        self.dtypes: Dict[str, str] = {}

    def _pristine(self) -> tuple:
        """The checkpoint that transformers saves, with every weight moved off its standard value."""
        scratch = self.folder / f".{self.name}-pristine"
        config = getattr(transformers, self.family.config)(**self.family.options(self.size))
        model = getattr(transformers, self.family.model)(config).to(torch.float32)
        model.save_pretrained(scratch)
        tensors: Tensors = {}
        for file in sorted(scratch.glob("*.safetensors")):
            tensors.update(load_file(file))
        values = json.loads((scratch / "config.json").read_text())
        shutil.rmtree(scratch)
        tensors = {name: self._moved(tensor, 0.08) for name, tensor in tensors.items()}
        if self.family.extra is not None:
            tensors.update(self.family.extra(tensors, self.size))
        return values, tensors

    def _moved(self, tensor: torch.Tensor, by: float) -> torch.Tensor:
        if not tensor.is_floating_point():
            return tensor.clone()
        return tensor + by * torch.randn(tensor.shape, generator=self.generator)

    def _is_buffer(self, name: str) -> bool:
        return any(word in name for word in ("inv_freq", "masked_bias", "position_ids"))

    def tuned(self, by: float = 0.02, untouched: str = "") -> Tensors:
        """The base with noise; tensors whose name contains `untouched` stay as they are."""
        return {
            name: tensor.clone() if (untouched and untouched in name) or self._is_buffer(name) else self._moved(tensor, by)
            for name, tensor in self.base.items()
        }

    def save(self, variant: str, tensors: Tensors, dtype: Optional[torch.dtype] = None, shards: int = 1, **config) -> str:
        """Writes one model and returns its name."""
        name = f"{self.name}-{variant}"
        path = self.folder / name
        os.makedirs(path)
        cast = {
            key: (tensor.to(dtype) if dtype is not None and tensor.is_floating_point() else tensor).contiguous()
            for key, tensor in tensors.items()
        }
        values = dict(self.config, **config)
        values["dtype"] = str(dtype or torch.float32).removeprefix("torch.")
        (path / "config.json").write_text(json.dumps(values, indent=2) + "\n")
        if shards == 1:
            save_file(cast, path / "model.safetensors", metadata={"format": "pt"})
        else:
            self._save_shards(path, cast, shards)
        return name

    @staticmethod
    def _save_shards(path: Path, tensors: Tensors, shards: int) -> None:
        names = list(tensors)
        weight_map = {}
        for shard in range(shards):
            file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
            part = {name: tensors[name] for name in names[shard::shards]}
            save_file(part, path / file, metadata={"format": "pt"})
            weight_map.update({name: file for name in part})
        total = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
        index = {"metadata": {"total_size": total}, "weight_map": weight_map}
        (path / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")

    def save_all(self) -> None:
        """The models that the recipes name: base, three fine-tunes, a diverged one, 16-bit ones, and one with another head."""
        math, code, chat = self.tuned(), self.tuned(untouched=".1."), self.tuned(by=0.04)
        self.save("base", self.base)
        self.save("math", math)
        self.save("code", code, shards=3)
        self.save("chat", chat)
        self.save("far", self.tuned(by=0.4))
        for variant, tensors in (("base", self.base), ("math", math), ("code", code)):
            self.save(f"{variant}-bf16", tensors, dtype=torch.bfloat16)
        self.save("chat-f16", chat, dtype=torch.float16)
        self._save_other_head(chat)

    def _save_other_head(self, tensors: Tensors) -> None:
        """A model that has a head of its own where the others share it with the embedding, or the other way round."""
        if not self.family.model.endswith(("ForCausalLM", "LMHeadModel")):
            return
        embeddings = [name for name in tensors if name.endswith(("embed_tokens.weight", "wte.weight", "embeddings.weight"))]
        changed = dict(tensors)
        if "lm_head.weight" in changed:
            del changed["lm_head.weight"]
            self.save("other-head", changed, tie_word_embeddings=True)
        elif len(embeddings) == 1:
            changed["lm_head.weight"] = self._moved(tensors[embeddings[0]], 0.1)
            self.save("other-head", changed, tie_word_embeddings=False)
