// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/analysis/wide_models.h"

#include <cmath>

#include "tests/common/model_data.h"

namespace layerloom::test {
namespace {

constexpr std::uint64_t kHidden = 192;
constexpr std::uint64_t kInner = 640;
constexpr int kLayers = 2;

struct Part {
  std::string name;
  std::vector<std::uint64_t> shape;
};

std::vector<Part> partsOfModel() {
  std::vector<Part> parts = {{"model.embed_tokens.weight", {256, kHidden}}, {"model.norm.weight", {kHidden}}, {"lm_head.weight", {256, kHidden}}};
  for (int layer = 0; layer < kLayers; ++layer) {
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    for (const char* matrix : {"self_attn.q_proj", "self_attn.o_proj"}) {
      parts.push_back({prefix + matrix + ".weight", {kHidden, kHidden}});
    }
    for (const char* matrix : {"self_attn.k_proj", "self_attn.v_proj"}) {
      parts.push_back({prefix + matrix + ".weight", {kHidden / 2, kHidden}});
    }
    parts.push_back({prefix + "mlp.gate_proj.weight", {kInner, kHidden}});
    parts.push_back({prefix + "mlp.up_proj.weight", {kInner, kHidden}});
    parts.push_back({prefix + "mlp.down_proj.weight", {kHidden, kInner}});
    parts.push_back({prefix + "input_layernorm.weight", {kHidden}});
    parts.push_back({prefix + "post_attention_layernorm.weight", {kHidden}});
  }
  return parts;
}

class Drawer {
 public:
  explicit Drawer(std::uint64_t seed) : m_generator(seed) {}

  double normal() {
    // Twelve uniform numbers: the same on every platform, unlike the library's distributions.
    double sum = -6;
    for (int i = 0; i < 12; ++i) {
      sum += static_cast<double>(m_generator() >> 11) * 0x1p-53;
    }
    return sum;
  }
  std::vector<double> factors(std::uint64_t count, double spread) {
    std::vector<double> factors(count);
    for (double& factor : factors) {
      factor = std::exp(spread * normal());
    }
    return factors;
  }

 private:
  std::mt19937_64 m_generator;
};

/// One tensor of base and models.
std::vector<std::vector<float>> drawTensor(const Part& part, std::uint64_t seed) {
  constexpr double kAgreement = 0.5;
  Drawer drawer(seed);
  const std::uint64_t columns = part.shape.back();
  const std::uint64_t rows = part.shape.size() < 2 ? 1 : part.shape.front();
  std::vector<std::vector<float>> tensors(4, std::vector<float>(rows * columns));
  std::vector<std::vector<double>> ofRow;
  std::vector<std::vector<double>> ofColumn;
  for (int model = 0; model < 3; ++model) {
    ofRow.push_back(drawer.factors(rows, 0.6));
    ofColumn.push_back(drawer.factors(columns, 0.3));
  }
  for (std::uint64_t row = 0; row < rows; ++row) {
    for (std::uint64_t column = 0; column < columns; ++column) {
      const std::uint64_t at = row * columns + column;
      tensors[0][at] = static_cast<float>(0.02 * drawer.normal());
      const double common = drawer.normal();
      for (std::size_t model = 0; model < 3; ++model) {
        const double tail = std::exp(0.5 * drawer.normal());
        const double change = kAgreement * common + (1 - kAgreement) * drawer.normal();
        const bool still = model == 2 && drawer.normal() < -0.8;
        const double delta = still ? 0 : 0.002 * ofRow[model][row] * ofColumn[model][column] * tail * change;
        tensors[model + 1][at] = static_cast<float>(tensors[0][at] + delta);
      }
    }
  }
  return tensors;
}

}  // namespace

ModelFamily writeWideModels(const std::filesystem::path& folder) {
  ModelFamily family{"wide", folder, "wide-base", {"wide-a", "wide-b", "wide-c"}};
  std::vector<RawTensors> models(4);
  std::uint64_t seed = 1;
  for (const Part& part : partsOfModel()) {
    const auto tensors = drawTensor(part, seed++);
    for (std::size_t i = 0; i < models.size(); ++i) {
      models[i].emplace_back(part.name, f32Tensor(part.shape, tensors[i]));
    }
  }
  nlohmann::json config = nlohmann::json::parse(tinyLlamaConfig(kLayers));
  config["hidden_size"] = kHidden;
  config["intermediate_size"] = kInner;
  config["vocab_size"] = 256;
  writeModel(folder / family.base, config, models[0]);
  for (std::size_t i = 0; i < family.models.size(); ++i) {
    writeModel(folder / family.models[i], config, models[i + 1]);
  }
  return family;
}

}  // namespace layerloom::test
