// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/divergence.h"

#include <tbb/enumerable_thread_specific.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <optional>

#include "core/checkpoint/layout.h"
#include "core/checkpoint/tensor_values.h"
#include "core/support/thread_arena.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

constexpr std::uint64_t kChunk = 128 * 1024;

struct Pair {
  const ModelTensor* base = nullptr;
  const ModelTensor* model = nullptr;
  int layer = -1;
};

/// Measures pairs of tensors on several threads, one tensor per thread at a time.
class DivergencePass {
 public:
  DivergencePass(const Model& base, const Model& model, std::stop_token stop, const DivergenceCallback& callback)
      : m_base(base), m_model(model), m_stop(std::move(stop)), m_callback(callback) {}

  Status run(int threads);

 private:
  struct Buffers {
    ReadScratch scratch;
    std::vector<float> base;
    std::vector<float> model;
  };

  std::vector<Pair> pairs() const;
  Status measure(const Pair& pair);

  const Model& m_base;
  const Model& m_model;
  const std::stop_token m_stop;
  const DivergenceCallback& m_callback;
  tbb::enumerable_thread_specific<Buffers> m_buffers;
  std::mutex m_mutex;
};

std::vector<Pair> DivergencePass::pairs() const {
  const ModelLayout layout = findLayout(m_base);
  std::vector<Pair> found;
  for (const auto& [name, tensor] : m_base.tensors()) {
    const ModelTensor* other = m_model.find(name);
    const bool comparable = other != nullptr && other->entry.shape == tensor.entry.shape && isMergeable(tensor.entry.dtype) &&
                            isMergeable(other->entry.dtype);
    if (comparable) {
      const auto place = findPlace(layout, name);
      found.push_back({&tensor, other, place ? place->layer : -1});
    }
  }
  // Layer by layer, so that the picture fills from left to right.
  std::stable_sort(found.begin(), found.end(), [](const Pair& a, const Pair& b) { return a.layer < b.layer; });
  return found;
}

Status DivergencePass::measure(const Pair& pair) {
  Buffers& buffers = m_buffers.local();
  TensorDivergence result{pair.base->entry.name, pair.layer, 0, 0};
  const std::uint64_t elements = pair.base->entry.elements();
  for (std::uint64_t first = 0; first < elements && !m_stop.stop_requested(); first += kChunk) {
    const auto size = static_cast<std::size_t>(std::min(kChunk, elements - first));
    buffers.base.resize(size);
    buffers.model.resize(size);
    LAYERLOOM_TRY([[maybe_unused]] const auto ofBase, readValues(m_base, *pair.base, first, buffers.base, buffers.scratch, 0));
    LAYERLOOM_TRY([[maybe_unused]] const auto ofModel, readValues(m_model, *pair.model, first, buffers.model, buffers.scratch, 1));
    const DeltaSums sums = deltaSums(buffers.model, buffers.base);
    result.deltaSquared += sums.delta;
    result.baseSquared += sums.base;
  }
  if (!m_stop.stop_requested()) {
    const std::lock_guard lock(m_mutex);
    m_callback(result);
  }
  return {};
}

Status DivergencePass::run(int threads) {
  const std::vector<Pair> work = pairs();
  std::optional<Error> error;
  std::atomic<bool> failed = false;
  std::atomic<std::size_t> next = 0;
  runOnThreads(threads, [&](int) {
    for (std::size_t i = next++; i < work.size() && !failed && !m_stop.stop_requested(); i = next++) {
      if (Status status = measure(work[i]); !status && !failed.exchange(true)) {
        const std::lock_guard lock(m_mutex);
        error = std::move(status).error();
      }
    }
  });
  return error ? Status(tl::unexpected(*std::move(error))) : Status();
}

}  // namespace

double TensorDivergence::relative() const {
  return deltaSquared == 0 ? 0.0 : std::sqrt(deltaSquared / baseSquared);
}

Status measureDivergence(std::shared_ptr<const Model> base, std::shared_ptr<const Model> model, const DivergenceOptions& options,
                         std::stop_token stop, const DivergenceCallback& callback) {
  // The threading library and the allocator throw; nothing of that leaves the core.
  try {
    return DivergencePass(*base, *model, std::move(stop), callback).run(options.threads);
  } catch (const std::exception& exception) {
    return defect(exception.what());
  }
}

}  // namespace layerloom
