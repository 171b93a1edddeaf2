// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/tensor_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

namespace layerloom {
namespace {

/// The parts of a name between dots, in lower case, without the last where that is "weight" or "bias".
std::vector<std::string> partsOf(std::string_view name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  if (parts.size() > 1 && (parts.back() == "weight" || parts.back() == "bias")) {
    parts.pop_back();
  }
  return parts;
}

using Spelling = std::pair<std::string_view, TensorKind>;

/// Names of modules that say the kind by themselves.
constexpr auto kSpellings = std::to_array<Spelling>({
    {"q_proj", TensorKind::Query},         {"query", TensorKind::Query},           {"wq", TensorKind::Query},
    {"q_lin", TensorKind::Query},          {"k_proj", TensorKind::Key},            {"key", TensorKind::Key},
    {"wk", TensorKind::Key},               {"k_lin", TensorKind::Key},             {"v_proj", TensorKind::Value},
    {"value", TensorKind::Value},          {"wv", TensorKind::Value},              {"v_lin", TensorKind::Value},
    {"qkv_proj", TensorKind::Qkv},         {"query_key_value", TensorKind::Qkv},   {"c_attn", TensorKind::Qkv},
    {"wqkv", TensorKind::Qkv},             {"qkv", TensorKind::Qkv},               {"attn_qkv", TensorKind::Qkv},
    {"o_proj", TensorKind::Output},        {"out_proj", TensorKind::Output},       {"wo", TensorKind::Output},
    {"out_lin", TensorKind::Output},       {"gate_proj", TensorKind::Gate},        {"w1", TensorKind::Gate},
    {"wi_0", TensorKind::Gate},            {"up_proj", TensorKind::Up},            {"w3", TensorKind::Up},
    {"wi_1", TensorKind::Up},              {"wi", TensorKind::Up},                 {"fc1", TensorKind::Up},
    {"c_fc", TensorKind::Up},              {"dense_h_to_4h", TensorKind::Up},      {"fc_in", TensorKind::Up},
    {"lin1", TensorKind::Up},              {"gate_up_proj", TensorKind::GateUp},   {"down_proj", TensorKind::Down},
    {"w2", TensorKind::Down},              {"fc2", TensorKind::Down},              {"dense_4h_to_h", TensorKind::Down},
    {"fc_out", TensorKind::Down},          {"lin2", TensorKind::Down},             {"router", TensorKind::Router},
    {"gate", TensorKind::Router},          {"shared_expert_gate", TensorKind::Router},
});

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool anyContains(const std::vector<std::string>& parts, std::string_view piece) {
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return contains(part, piece); });
}

bool hasPart(const std::vector<std::string>& parts, std::string_view name) {
  return std::find(parts.begin(), parts.end(), name) != parts.end();
}

bool isNorm(std::string_view part) {
  return contains(part, "norm") || part.starts_with("ln_");
}

/// Modules whose short names mean one thing in attention and another beside it.
TensorKind kindByPlace(const std::vector<std::string>& parts) {
  const std::string& last = parts.back();
  const bool attention = anyContains(parts, "attention") || anyContains(parts, "attn");
  if (attention && (last == "q" || last == "k" || last == "v" || last == "o")) {
    return last == "q" ? TensorKind::Query : last == "k" ? TensorKind::Key : last == "v" ? TensorKind::Value : TensorKind::Output;
  }
  if (last == "c_proj" || last == "dense") {
    // "attention.output.dense" and "output.dense" are BERT's, "intermediate.dense" leads up.
    return attention ? TensorKind::Output : hasPart(parts, "intermediate") ? TensorKind::Up : TensorKind::Down;
  }
  return TensorKind::Other;
}

TensorKind kindInLayers(const std::vector<std::string>& parts) {
  const std::string& last = parts.back();
  if (isNorm(last)) {
    return TensorKind::Norm;
  }
  // T5: "SelfAttention.q" and "DenseReluDense.wo" share "wo"'s spelling with other families' output.
  if (last == "wo" && anyContains(parts, "dense")) {
    return TensorKind::Down;
  }
  const auto known = std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& spelling) { return spelling.first == last; });
  if (known != kSpellings.end()) {
    return known->second;
  }
  return kindByPlace(parts);
}

}  // namespace

std::string_view kindName(TensorKind kind) {
  static constexpr std::array<std::string_view, kTensorKinds> kNames = {"q",    "k",      "v",    "qkv",       "o",    "gate", "up", "gate_up",
                                                                        "down", "router", "norm", "embedding", "head", "other"};
  return kNames[static_cast<std::size_t>(kind)];
}

TensorKind kindOf(std::string_view tensor, const ModelLayout& layout) {
  const auto outer = std::find_if(layout.outer.begin(), layout.outer.end(), [&](const OuterTensor& one) { return one.name == tensor; });
  if (outer != layout.outer.end()) {
    switch (outer->role) {
      case OuterRole::Embedding: return TensorKind::Embedding;
      case OuterRole::Norm: return TensorKind::Norm;
      case OuterRole::Head: return TensorKind::Head;
      case OuterRole::Other: break;
    }
  }
  return kindInLayers(partsOf(tensor));
}

}  // namespace layerloom
