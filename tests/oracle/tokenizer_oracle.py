# SPDX-FileCopyrightText: 2026 The Layerloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares merges that align tokenizers with mergekit's.

Makes small models with tokenizers of several kinds, merges them with mergekit and with layerloom-cli, and compares the two outputs:
the vocabularies, the ids of the base, 200 texts encoded and decoded by transformers.AutoTokenizer, and the rows of the input embedding
and the head token by token (the order of a union's new tokens is arbitrary in mergekit).

Needs a Python with mergekit 0.1.5, transformers and tokenizers:
    VENV/bin/python tests/oracle/tokenizer_oracle.py build/dev/bin/layerloom-cli [--only NAME] [--keep FOLDER]
Exit status 0: everything agrees; 1: something differs.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
import transformers  # noqa: E402
import yaml  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers  # noqa: E402

TEXTS = {
    "english": ["the quick brown fox jumps over the lazy dog", "merging models is a linear operation on weights",
                "hello world, how are you today?", "numbers 123 456 7890 and symbols !@#$%"] * 5,
    "code": ["def main(): return [x for x in range(10)]", "for (int i = 0; i < n; ++i) { sum += a[i]; }",
             "import numpy as np\nprint(np.zeros((3, 4)))", "hello world function"] * 5,
    "german": ["der schnelle braune Fuchs springt über den faulen Hund", "Gewichte zweier Modelle werden gemischt",
               "Zahlen 123 und Zeichen äöüß", "hallo Welt"] * 5,
}
HIDDEN = 16
VOCABULARY_TENSORS = ["model.embed_tokens.weight", "lm_head.weight"]
BPE_SPECIALS = ["<unk>", "<s>", "</s>"]
BPE_CONFIG = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
WORD_PIECE_SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORD_PIECE_CONFIG = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}


def byte_level_bpe(corpus, size, plain=(), special=()):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXTS[corpus], trainers.BpeTrainer(
        vocab_size=size, special_tokens=BPE_SPECIALS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    for token in plain:
        tokenizer.add_tokens([token])
    for token in special:
        tokenizer.add_special_tokens([token])
    return tokenizer


def word_piece(corpus, size):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(TEXTS[corpus], trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=WORD_PIECE_SPECIALS, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")])
    return tokenizer


def unigram(corpus, size):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(TEXTS[corpus], trainers.UnigramTrainer(
        vocab_size=size, special_tokens=BPE_SPECIALS, unk_token="<unk>", show_progress=False))
    return tokenizer


def llama_config(vocabulary):
    return {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": HIDDEN, "intermediate_size": 32,
            "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 1, "vocab_size": vocabulary,
            "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "tie_word_embeddings": False, "torch_dtype": "float32"}


def write_model(folder, tokenizer, config, vocabulary=None):
    """A llama of one layer with random weights, the same for the same name; `vocabulary` rows, or one per token."""
    folder.mkdir()
    if tokenizer is not None:
        tokenizer.save(str(folder / "tokenizer.json"))
        config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 1000000000000000019884624838656, **config}
        (folder / "tokenizer_config.json").write_text(json.dumps(config))
    rows = vocabulary or tokenizer.get_vocab_size()
    config = llama_config(rows)
    (folder / "config.json").write_text(json.dumps(config))
    torch.manual_seed(sum(map(ord, folder.name)))
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**config))
    tensors = {name: torch.randn_like(tensor).contiguous() for name, tensor in model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def write_models(root):
    pair = [AddedToken("<|im_start|>", special=True), AddedToken("<|im_end|>", special=True)]
    flags = [AddedToken("Fuchs", single_word=True), AddedToken("<tool>", lstrip=True, normalized=False)]
    template = {"chat_template": "{{ messages[0]['content'] }} of b"}
    write_model(root / "english", byte_level_bpe("english", 300), BPE_CONFIG)
    write_model(root / "english2", byte_level_bpe("english", 300), BPE_CONFIG)
    write_model(root / "code", byte_level_bpe("code", 330, special=pair), {**BPE_CONFIG, **template})
    write_model(root / "german", byte_level_bpe("german", 320, plain=flags), BPE_CONFIG, 400)
    write_model(root / "unused", byte_level_bpe("english", 310, special=["<pad>", "<x>"]), {**BPE_CONFIG, "pad_token": "<pad>"}, 310)
    write_model(root / "late", byte_level_bpe("code", 310, special=["<pad>", "<x>"]), BPE_CONFIG, 305)
    write_model(root / "config", byte_level_bpe("english", 300),
                {**BPE_CONFIG, "pad_token": "<pad>", "additional_special_tokens": ["<e1>", "<e2>"]}, 320)
    write_model(root / "pieces", word_piece("english", 120), WORD_PIECE_CONFIG)
    write_model(root / "pieces2", word_piece("code", 140), WORD_PIECE_CONFIG, 160)
    write_model(root / "unigram", unigram("english", 90), BPE_CONFIG)
    write_model(root / "unigram2", unigram("german", 90), BPE_CONFIG, 128)
    write_model(root / "bare", None, {}, 300)


def recipes():
    """Name → recipe. The first model is the base, but in the names that end in "no base"."""
    def linear(names, base=True, **keys):
        weights = [0.6, 0.3, 0.1] if len(names) == 3 else [0.7, 0.3]
        head = {"merge_method": "linear", "dtype": "float32", **({"base_model": names[0]} if base else {})}
        return {**head, "models": [{"model": name, "parameters": {"weight": weight}} for name, weight in zip(names, weights)], **keys}

    pairs = [("english", "code"), ("code", "english"), ("german", "english"), ("unused", "code"), ("code", "unused"), ("english", "late"),
             ("config", "code"), ("english", "config"), ("pieces", "pieces2"), ("pieces2", "pieces"), ("unigram", "unigram2"),
             ("english", "pieces"), ("english", "bare"), ("english", "code", "german")]
    for names in pairs:
        for source in ("base", "union", names[-1]):
            if source in ("bare", "unused", "late"):
                continue  # mergekit fails on these
            label = source if source in ("base", "union") else "last"
            yield f"{'+'.join(names)} {label}", linear(names, tokenizer={"source": source})
    yield "tokenizer_source", linear(("english", "code"), tokenizer_source="union")
    yield "padded", linear(("english", "code"), tokenizer={"source": "union", "pad_to_multiple_of": 64})
    overrides = {
        "<s>": {"source": {"kind": "model_token", "model": "code", "token": "</s>"}, "force": True},
        "<|im_end|>": {"source": "code"}, "</s>": {"source": {"kind": "zero"}, "force": True},
        "<unk>": {"source": {"kind": "zero"}}}
    yield "overrides", linear(("english", "code"), tokenizer={"source": "union", "tokens": overrides})
    new = {"<new1>": {"source": {"kind": "model_token", "model": "code", "token": "<|im_start|>"}},
           "<new2>": {"source": {"kind": "zero"}}, "<new3>": {"source": {"kind": "model_token", "model": "german", "token_id": 7}}}
    for source in ("base", "union", "code"):
        yield f"new tokens {source}", linear(("german", "code"), tokenizer={"source": source, "tokens": new, "pad_to_multiple_of": 16})
    for template in ("auto", "chatml", "llama3", "alpaca", "{{ messages[0]['content'] }} as written"):
        yield f"template {template[:8]}", linear(("english", "code"), tokenizer={"source": "base"}, chat_template=template)
    yield "template alone", linear(("english", "english2"), chat_template="chatml")


def sample_texts():
    chooser = random.Random(5)
    pool = sum(TEXTS.values(), []) + [
        "<s>", "</s>", "<pad>", "<x>", "<|im_start|>", "<|im_end|>", "Fuchs", "Fuchsbau", "<tool>", "<e1>", "[MASK]", "日本語", "🙂",
        "\n\n", "  ", " <tool> ", "<new1>"]
    return ["".join(chooser.choice(pool) + chooser.choice(["", " ", "\n"]) for _ in range(chooser.randint(1, 4))) for _ in range(200)]


def differences(theirs, ours, source_is_union):
    """What differs between two merged folders, as lines of text."""
    tokenizers = [transformers.AutoTokenizer.from_pretrained(str(folder)) for folder in (theirs, ours)]
    first, second = tokenizers
    left, right = first.get_vocab(), second.get_vocab()
    if set(left) != set(right):
        yield f"tokens differ: {sorted(set(left) ^ set(right))[:5]}"
    if not source_is_union and left != right:
        yield "ids differ"
    flags = [{token.content: token.__getstate__() for token in each.added_tokens_decoder.values()} for each in tokenizers]
    if flags[0] != flags[1]:
        yield "flags of added tokens differ"
    if first.special_tokens_map != second.special_tokens_map:
        yield f"special tokens differ: {first.special_tokens_map} {second.special_tokens_map}"
    wrong = [text for text in sample_texts() if not same_encoding(first, second, text)]
    if wrong:
        yield f"{len(wrong)} texts are encoded otherwise, for example {wrong[0]!r}"
    chat = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]
    prompts = [each.apply_chat_template(chat, tokenize=False) if each.chat_template else None for each in tokenizers]
    if prompts[0] != prompts[1]:
        yield f"prompts differ: {prompts}"
    yield from tensor_differences(theirs, ours, left, right)


def same_encoding(first, second, text):
    one, other = first(text)["input_ids"], second(text)["input_ids"]
    return first.convert_ids_to_tokens(one) == second.convert_ids_to_tokens(other) and first.decode(one) == second.decode(other)


def tensor_differences(theirs, ours, left, right):
    sizes = [json.loads((folder / "config.json").read_text())["vocab_size"] for folder in (theirs, ours)]
    if sizes[0] != sizes[1]:
        yield f"vocab_size differs: {sizes}"
    tensors = [load_file(folder / "model.safetensors") for folder in (theirs, ours)]
    if set(tensors[0]) != set(tensors[1]):
        yield "names of tensors differ"
        return
    for name, expected in tensors[0].items():
        got = tensors[1][name]
        if got.shape != expected.shape:
            yield f"{name}: shapes differ: {tuple(expected.shape)} {tuple(got.shape)}"
        elif name not in VOCABULARY_TENSORS:
            if not torch.allclose(got, expected, rtol=2e-6, atol=2e-7):
                yield f"{name}: values differ"
        else:
            rows = expected.shape[0]
            wrong = [token for token, row in left.items()
                     if row < rows and not torch.allclose(got[right[token]], expected[row], rtol=2e-6, atol=2e-7)]
            if wrong:
                yield f"{name}: rows of {len(wrong)} tokens differ, for example {wrong[0]!r}"
            if not torch.allclose(got[len(left):], expected[len(left):], rtol=2e-6, atol=2e-6):
                yield f"{name}: padding differs"


def merge_with_mergekit(recipe, models_root, out):
    """Merges in a process of its own; names of models are made paths."""
    def absolute(value, key=None):
        if isinstance(value, dict):
            return {name: absolute(entry, name) for name, entry in value.items()}
        if isinstance(value, list):
            return [absolute(entry, key) for entry in value]
        names_model = key in ("model", "base_model", "source") and isinstance(value, str) and (models_root / value).is_dir()
        return str(models_root / value) if names_model else value

    path = out.with_suffix(".yml")
    path.write_text(yaml.safe_dump(absolute(recipe), sort_keys=False, allow_unicode=True))
    program = Path(sys.executable).with_name("mergekit-yaml")
    return subprocess.run([program, path, out, "--quiet"], capture_output=True, text=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cli", type=Path)
    parser.add_argument("--only", default="", help="run the cases whose name contains this")
    parser.add_argument("--keep", type=Path, help="a new folder for models and outputs that is not removed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = options.keep or Path(temporary)
        root.mkdir(exist_ok=True)
        models_root = root / "models"
        models_root.mkdir()
        write_models(models_root)
        failed = 0
        for number, (name, recipe) in enumerate(recipes()):
            if options.only not in name:
                continue
            problems = run_case(options.cli, root / f"case{number}", models_root, recipe)
            failed += bool(problems)
            print("DIFF" if problems else "ok  ", name, *problems, sep="\n     " if problems else " ", flush=True)
    print(f"{failed} cases differ")
    return 1 if failed else 0


def run_case(cli, folder, models_root, recipe):
    folder.mkdir()
    theirs, ours = folder / "mergekit", folder / "layerloom"
    done = merge_with_mergekit(recipe, models_root, theirs)
    if done.returncode != 0:
        return ["mergekit failed: " + done.stderr.strip().splitlines()[-1][:200]]
    path = folder / "recipe.yml"
    path.write_text(yaml.safe_dump(recipe, sort_keys=False, allow_unicode=True))
    done = subprocess.run([cli, "merge", path, ours, "--model-dir", models_root], capture_output=True, text=True)
    if done.returncode != 0:
        return ["layerloom-cli failed: " + done.stderr.strip()[-300:]]
    settings = recipe.get("tokenizer") or {"source": recipe.get("tokenizer_source")}
    return list(differences(theirs, ours, settings["source"] == "union"))


if __name__ == "__main__":
    sys.exit(main())
