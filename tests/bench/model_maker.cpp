// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/model_maker.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/checkpoint/safetensors.h"
#include "core/support/file.h"
#include "core/support/thread_arena.h"
#include "core/tensor/conversion_kernels.h"
#include "core/tensor/kernels.h"
#include "tests/bench/normal_numbers.h"

namespace layerloom::bench {
namespace {

constexpr std::uint64_t kChunk = 1 << 16;
constexpr std::uint64_t kTextLimit = 1 << 20;
constexpr float kBaseDeviation = 0.02F;

struct Shard {
  std::string name;
  std::vector<TensorEntry> tensors;
  std::uint64_t dataOffset = 0;
  File file;
};

/// A piece of one tensor, made by one thread.
struct Piece {
  const Shard* shard = nullptr;
  const TensorEntry* tensor = nullptr;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Cuts the tensors into shards of about the same size, in their order.
std::vector<Shard> cut(std::vector<TensorEntry> tensors, std::size_t count) {
  count = std::clamp<std::size_t>(count, 1, tensors.size());
  const std::uint64_t total = tensors.back().end;
  std::vector<Shard> shards(count);
  std::size_t current = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const bool full = tensors[i].begin >= total / count * (current + 1);
    const bool needed = tensors.size() - i <= count - 1 - current;
    if (!shards[current].tensors.empty() && current + 1 < count && (full || needed)) {
      ++current;
    }
    shards[current].tensors.push_back(std::move(tensors[i]));
  }
  for (std::size_t s = 0; s < count; ++s) {
    shards[s].name = count == 1 ? "model.safetensors" : fmt::format("model-{:05}-of-{:05}.safetensors", s + 1, count);
    const std::uint64_t start = shards[s].tensors.front().begin;
    for (TensorEntry& tensor : shards[s].tensors) {
      tensor.begin -= start;
      tensor.end -= start;
    }
  }
  return shards;
}

std::vector<Piece> pieces(const std::vector<Shard>& shards) {
  std::vector<Piece> all;
  for (const Shard& shard : shards) {
    for (const TensorEntry& tensor : shard.tensors) {
      for (std::uint64_t first = 0; first < tensor.elements(); first += kChunk) {
        all.push_back({&shard, &tensor, first, std::min(kChunk, tensor.elements() - first)});
      }
    }
  }
  return all;
}

/// Makes the pieces of one model.
class PieceMaker {
 public:
  /// `tune` is 0 for the base.
  PieceMaker(const FamilyOptions& options, int tune) : m_options(options), m_tune(tune) {}

  Status make(const Piece& piece) {
    m_values.resize(piece.count);
    m_bytes.resize(piece.count * 2);
    NormalNumbers(m_options.seed, "base", piece.tensor->name).fill(piece.first, m_values);
    const float centre = piece.tensor->name.find("norm") == std::string::npos ? 0.0F : 1.0F;
    for (float& value : m_values) {
      value = centre + kBaseDeviation * value;
    }
    if (m_tune > 0) {
      addDelta(piece);
    }
    encode(DType::BF16, m_values, m_bytes.data());
    return piece.shard->file.write(piece.shard->dataOffset + piece.tensor->begin + piece.first * 2, m_bytes);
  }

 private:
  void addDelta(const Piece& piece) {
    roundTo(DType::BF16, m_values);
    m_deltas.resize(piece.count);
    NormalNumbers(m_options.seed, fmt::format("tune-{}", m_tune), piece.tensor->name).fill(piece.first, m_deltas);
    addScaled(m_deltas, static_cast<float>(m_options.deltaDeviation), std::span<float>(m_values));
  }

  const FamilyOptions& m_options;
  int m_tune;
  std::vector<float> m_values;
  std::vector<float> m_deltas;
  std::vector<std::byte> m_bytes;
};

Status createFiles(const std::filesystem::path& folder, std::vector<Shard>& shards) {
  for (Shard& shard : shards) {
    const std::string header = formatSafetensorsHeader(shard.tensors);
    shard.dataOffset = header.size();
    LAYERLOOM_TRY(shard.file, File::create(folder / shard.name));
    LAYERLOOM_CHECK(shard.file.allocate(header.size() + shard.tensors.back().end));
    LAYERLOOM_CHECK(shard.file.write(0, std::as_bytes(std::span(header))));
  }
  return {};
}

Status fill(const std::vector<Shard>& shards, const FamilyOptions& options, int tune) {
  const std::vector<Piece> all = pieces(shards);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Status outcome;
  runOnThreads(options.threads, [&](int) {
    PieceMaker maker(options, tune);
    for (std::size_t i = next++; i < all.size(); i = next++) {
      if (Status status = maker.make(all[i]); !status.has_value()) {
        const std::scoped_lock lock(mutex);
        outcome = std::move(status);
        next = all.size();
      }
    }
  });
  return outcome;
}

std::string indexText(const std::vector<Shard>& shards) {
  nlohmann::ordered_json index;
  std::uint64_t bytes = 0;
  nlohmann::ordered_json::object_t map;
  for (const Shard& shard : shards) {
    bytes += shard.tensors.back().end;
    for (const TensorEntry& tensor : shard.tensors) {
      map.emplace_back(tensor.name, shard.name);
    }
  }
  index["metadata"]["total_size"] = bytes;
  index["weight_map"] = std::move(map);
  return index.dump(2) + "\n";
}

/// Everything the bytes of a model follow from; written last, it says as well that the model is whole.
std::string label(const FamilyOptions& options, int tune) {
  return fmt::format("seed {} tune {} deviation {} shards {}\n{}", options.seed, tune, options.deltaDeviation, options.shards,
                     options.shape.config());
}

Status makeModel(const std::filesystem::path& folder, const FamilyOptions& options, int tune) {
  const std::filesystem::path labelPath = folder / "bench-label.txt";
  if (const Result<std::string> there = readTextFile(labelPath, kTextLimit); there.has_value() && *there == label(options, tune)) {
    return {};
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return ioError(fmt::format("{}: {}", shown(folder), error.message()));
  }
  if (!std::filesystem::is_empty(folder, error)) {
    return refused(fmt::format("{}: there is something else already", shown(folder)), "remove it, or choose another folder");
  }
  std::vector<Shard> shards = cut(options.shape.tensors(), options.shards);
  LAYERLOOM_CHECK(createFiles(folder, shards));
  LAYERLOOM_CHECK(fill(shards, options, tune));
  for (Shard& shard : shards) {
    LAYERLOOM_CHECK(shard.file.syncAndClose());
  }
  if (shards.size() > 1) {
    LAYERLOOM_CHECK(writeNewTextFile(folder / "model.safetensors.index.json", indexText(shards)));
  }
  LAYERLOOM_CHECK(writeNewTextFile(folder / "config.json", options.shape.config()));
  return writeNewTextFile(labelPath, label(options, tune));
}

}  // namespace

Status makeFamily(const std::filesystem::path& folder, const FamilyOptions& options) {
  for (int tune = 0; tune <= options.tunes; ++tune) {
    LAYERLOOM_CHECK(makeModel(folder / (tune == 0 ? "base" : fmt::format("tune-{}", tune)), options, tune));
  }
  return {};
}

}  // namespace layerloom::bench
