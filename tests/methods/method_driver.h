// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "core/methods/tensor_merge.h"

/// Drives merge methods over values in memory.
namespace layerloom {

using Values = std::vector<float>;

/// Sets a parameter of one input, or of the whole method; nothing where the method has none of that name.
inline void set(MergeSettings& settings, std::size_t input, std::string_view name, double value) {
  if (const ParameterSpec* parameter = settings.method->parameter(name)) {
    settings.inputs[input].values[static_cast<std::size_t>(parameter - settings.method->parameters.data())] = value;
  }
}
inline void set(MergeSettings& settings, std::string_view name, double value) {
  if (const ParameterSpec* parameter = settings.method->parameter(name)) {
    settings.values[static_cast<std::size_t>(parameter - settings.method->parameters.data())] = value;
  }
}
inline void setAll(MergeSettings& settings, std::string_view name, double value) {
  for (std::size_t i = 0; i < settings.inputs.size(); ++i) {
    set(settings, i, name, value);
  }
}

inline MergeSettings settingsFor(const char* method, const std::vector<Values>& inputs) {
  MergeSettings settings;
  settings.method = findMethod(method);
  settings.tensor = "model.layers.0.mlp.up_proj.weight";
  settings.elements = inputs.front().size();
  settings.shape = {settings.elements};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    settings.inputs.push_back({"model-" + std::to_string(i), standardValues(*settings.method)});
  }
  settings.values = standardValues(*settings.method);
  setAll(settings, "weight", 1);
  if (settings.method->baseModel == BaseModelUse::Required) {
    settings.base = 0;
  }
  return settings;
}

inline MergeSettings settingsFor(const char* method, const std::vector<Values>& inputs, const std::vector<std::uint64_t>& shape) {
  MergeSettings settings = settingsFor(method, inputs);
  settings.shape = shape;
  return settings;
}

inline Chunk chunkAt(const std::vector<Values>& inputs, std::uint64_t index, std::uint64_t chunkElements) {
  Chunk chunk;
  chunk.index = index;
  chunk.offset = index * chunkElements;
  for (const Values& input : inputs) {
    const std::size_t size = std::min<std::size_t>(chunkElements, input.size() - chunk.offset);
    chunk.inputs.push_back(std::span(input).subspan(chunk.offset, size));
  }
  return chunk;
}

/// What the sample of a tensor is like that a method is shown. A vague one is fair, but says too little to spare passes.
enum class Sample { None, Fair, Vague, Misleading };

class ValuesSample : public TensorSample {
 public:
  /// The inputs have room for the pieces, which begin at multiples of `step`.
  ValuesSample(const std::vector<Values>& inputs, std::size_t pieces, std::size_t piece, std::size_t step, Sample kind)
      : m_inputs(inputs), m_piece(piece) {
    std::mt19937_64 generator(1);
    const std::size_t part = inputs.front().size() / pieces / step * step;
    for (std::size_t i = 0; i < pieces; ++i) {
      // Misleading: always the same neighbours.
      m_places.push_back(kind == Sample::Misleading ? 0 : i * part + generator() % ((part - piece) / step + 1) * step);
    }
  }

  std::size_t size() const override { return m_places.size() * m_piece; }
  std::size_t piece() const override { return m_piece; }
  Status read(std::size_t input, std::size_t from, std::span<float> out) override {
    for (std::size_t at = 0; at < out.size(); at += m_piece) {
      const std::size_t place = m_places[(from + at) / m_piece];
      std::copy_n(m_inputs[input].begin() + static_cast<std::ptrdiff_t>(place), m_piece, out.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return {};
  }

 private:
  const std::vector<Values>& m_inputs;
  const std::size_t m_piece;
  std::vector<std::size_t> m_places;
};

inline Status showSample(TensorMerge& merge, const std::vector<Values>& inputs, Sample kind) {
  constexpr std::size_t kPiece = 64;
  const std::size_t row = merge.samplePiece();
  const std::size_t piece = row > 0 ? row : kPiece;
  const std::size_t pieces = (merge.sampleSize() + piece - 1) / piece;
  if (kind == Sample::None || pieces == 0 || inputs.front().size() < pieces * piece) {
    return {};
  }
  ValuesSample sample(inputs, pieces, piece, row > 0 ? row : 1, kind);
  return merge.sample(sample);
}

/// Drives a method the way the executor does, with tasks of the given length.
inline Result<Values> tryMerged(const MergeSettings& settings, const std::vector<Values>& inputs, std::uint64_t chunksPerTask,
                                 Sample sample = Sample::Fair) {
  auto merge = makeTensorMerge(settings);
  if (!merge) {
    return tl::unexpected(merge.error());
  }
  const std::uint64_t chunkElements = (*merge)->chunkElements();
  const std::uint64_t chunks = (settings.elements + chunkElements - 1) / chunkElements;
  LAYERLOOM_CHECK(showSample(**merge, inputs, sample));
  int passes = 1;
  for (; (*merge)->needsPass(); ++passes) {
    for (std::uint64_t first = 0; first < chunks; first += chunksPerTask) {
      const auto observation = (*merge)->startObservation();
      for (std::uint64_t index = first; index < std::min(first + chunksPerTask, chunks); ++index) {
        observation->observe(chunkAt(inputs, index, chunkElements));
      }
      (*merge)->absorb(*observation);
    }
    if (const Status status = (*merge)->endPass(); !status) {
      return tl::unexpected(status.error());
    }
  }
  if (passes > (*merge)->usualPasses() && sample == Sample::Fair) {
    qFatal("%d passes where %d were announced", passes, (*merge)->usualPasses());
  }
  Values out(settings.elements);
  for (std::uint64_t index = 0; index < chunks; ++index) {
    const Chunk chunk = chunkAt(inputs, index, chunkElements);
    (*merge)->compute(chunk, std::span(out).subspan(chunk.offset, chunk.size()));
  }
  return out;
}

inline Values merged(const MergeSettings& settings, const std::vector<Values>& inputs, std::uint64_t chunksPerTask = 1,
                     Sample sample = Sample::Fair) {
  auto result = tryMerged(settings, inputs, chunksPerTask, sample);
  if (!result) {
    qFatal("%s", result.error().message.c_str());
  }
  return *std::move(result);
}

inline Values randomValues(std::size_t count, std::uint32_t seed, float scale = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0, scale);
  Values values(count);
  std::generate(values.begin(), values.end(), [&] { return normal(generator); });
  return values;
}

inline bool sameBits(const Values& a, const Values& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// A base and models near it.
inline std::vector<Values> family(std::size_t models, std::size_t count, std::uint32_t seed, float change = 0.1F) {
  std::vector<Values> inputs = {randomValues(count, seed)};
  for (std::size_t i = 0; i < models; ++i) {
    Values model = randomValues(count, seed + 1 + static_cast<std::uint32_t>(i), change * static_cast<float>(i + 1));
    std::transform(model.begin(), model.end(), inputs[0].begin(), model.begin(), std::plus<>());
    inputs.push_back(std::move(model));
  }
  return inputs;
}

/// Whether the values are those of a float64 computation, but for the rounding of float32.
inline bool isNear(const Values& got, const std::vector<double>& wanted) {
  if (got.size() != wanted.size()) {
    return false;
  }
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!(std::abs(got[i] - wanted[i]) <= 1e-9 + 2e-7 * std::abs(wanted[i]))) {
      qWarning("element %zu is %.9g, not %.9g", i, static_cast<double>(got[i]), wanted[i]);
      return false;
    }
  }
  return true;
}

}  // namespace layerloom
