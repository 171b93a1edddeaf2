// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/tensor_group.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <memory>

#include "core/run/first_error.h"

namespace layerloom {
namespace {

/// Elements of the tensors of a group. A method that observes keeps something of every tensor until its result is computed.
constexpr std::uint64_t kMostElements = 64 * 1024 * 1024;
constexpr std::uint64_t kMostObserved = 4 * 1024 * 1024;
constexpr std::size_t kMostTensors = 256;

/// A part of a tensor.
struct Place {
  TensorWork* tensor = nullptr;
  std::uint64_t part = 0;
  bool isLast = false;  ///< of its tensor
};

/// The parts of tensors, one after the other.
class Places {
 public:
  Places(std::span<TensorWork* const> tensors, std::uint64_t (TensorWork::*parts)() const) : m_tensors(tensors), m_parts(parts) {}

  /// No tensor at the end.
  Place next() {
    for (; m_at < m_tensors.size(); ++m_at, m_part = 0) {
      const std::uint64_t parts = (m_tensors[m_at]->*m_parts)();
      if (m_part < parts) {
        const std::uint64_t part = m_part++;
        return {m_tensors[m_at], part, m_part == parts};
      }
    }
    return {};
  }

 private:
  const std::span<TensorWork* const> m_tensors;
  std::uint64_t (TensorWork::*m_parts)() const;
  std::size_t m_at = 0;
  std::uint64_t m_part = 0;
};

/// Runs the parts of tensors on all threads of the arena: `work(place)` on several at a time, then each of `steps(place, what it gave)` in the
/// order of the parts, so that sums come out the same for any number of threads. Steps may run side by side, each for another part.
template <typename Part, typename Work, typename... Steps>
Status runInOrder(ExecutorContext& context, Places places, const Work& work, const Steps&... steps) {
  using Item = std::pair<Place, std::shared_ptr<Part>>;
  FirstError error(context.failed);
  const auto start = [&](tbb::flow_control& flow) {
    const Place place = context.isStopped() ? Place() : places.next();
    if (place.tensor == nullptr) {
      flow.stop();
    }
    return place;
  };
  const auto make = [&](const Place& place) -> Item {
    Result<Part> part = work(place);
    if (!part) {
      error.note(tl::unexpected(std::move(part).error()));
      return {place, nullptr};
    }
    return {place, std::make_shared<Part>(*std::move(part))};
  };
  const auto inOrder = [&](const auto& step) {
    return tbb::make_filter<Item, Item>(tbb::filter_mode::serial_in_order, [&](Item item) {
      if (!context.isStopped()) {
        error.note(step(item.first, *item.second));
      }
      return item;
    });
  };
  // Isolated: a thread that waits for these tensors must not begin others, whose buffers it would hold at the same time.
  tbb::this_task_arena::isolate([&] {
    // Some more than twice the threads: writing takes nearly half of the time of a quick merge, and must not wait for parts.
    const auto tokens = static_cast<std::size_t>(2 * tbb::this_task_arena::max_concurrency() + 4);
    const auto makes = tbb::make_filter<void, Place>(tbb::filter_mode::serial_in_order, start) &
                       tbb::make_filter<Place, Item>(tbb::filter_mode::parallel, make);
    tbb::parallel_pipeline(tokens, (makes & ... & inOrder(steps)) & tbb::make_filter<Item, void>(tbb::filter_mode::parallel, [](const Item&) {}));
  });
  return error.take();
}

}  // namespace

TensorGroup::TensorGroup(ExecutorContext& context, std::size_t begin, std::size_t end) : m_context(context) {
  for (std::size_t job = begin; job < end; ++job) {
    m_tensors.emplace_back(context, job);
  }
}

Status TensorGroup::prepare() {
  for (TensorWork& tensor : m_tensors) {
    if (m_context.isStopped()) {
      return {};
    }
    LAYERLOOM_CHECK(tensor.begin());
  }
  while (true) {
    std::vector<TensorWork*> open;
    for (TensorWork& tensor : m_tensors) {
      if (tensor.needsPass()) {
        open.push_back(&tensor);
      }
    }
    if (open.empty() || m_context.isStopped()) {
      break;
    }
    LAYERLOOM_CHECK(runInOrder<TensorWork::Observed>(
        m_context, {open, &TensorWork::observedParts}, [](const Place& place) { return place.tensor->observe(place.part); },
        [](const Place& place, TensorWork::Observed& seen) {
          place.tensor->absorb(seen);
          return place.isLast ? place.tensor->endPass() : Status();
        }));
  }
  for (TensorWork& tensor : m_tensors) {
    tensor.endPasses();
  }
  return {};
}

Status TensorGroup::finish(FileHashes& hashes, const Finished& finished) {
  std::vector<TensorWork*> tensors;
  for (TensorWork& tensor : m_tensors) {
    tensors.push_back(&tensor);
  }
  // Parts are written one after the other: two threads that write to one file would wait for each other.
  struct Part {
    TensorWork::Output output;
    std::optional<ContentHash> hash;
  };
  return runInOrder<Part>(
      m_context, {tensors, &TensorWork::emittedParts},
      [](const Place& place) -> Result<Part> {
        LAYERLOOM_TRY(TensorWork::Output output, place.tensor->emit(place.part));
        return Part{std::move(output), std::nullopt};
      },
      [&](const Place& place, Part& part) -> Status {
        hashes.add(part.output.bytes);
        if (place.isLast) {
          part.hash = hashes.endTensor(place.tensor->job());
        }
        return {};
      },
      [&](const Place& place, Part& part) -> Status {
        LAYERLOOM_CHECK(place.tensor->deliver(part.output));
        if (!place.isLast || m_context.isStopped()) {
          return {};
        }
        LAYERLOOM_CHECK(place.tensor->end());
        return finished(*place.tensor, *part.hash);
      });
}

std::vector<JobRange> groupsOf(const MergePlan& plan, const std::function<bool(std::size_t job)>& isAlone) {
  std::vector<JobRange> groups;
  std::uint64_t elements = 0;
  bool isOpen = false;
  for (std::size_t i = 0; i < plan.jobs.size(); ++i) {
    const TensorJob& job = plan.jobs[i];
    const bool alone = isAlone(i) || job.rows;
    const bool fits = isOpen && !alone && (job.passes > 1) == (plan.jobs[i - 1].passes > 1) &&
                      elements + job.settings.elements <= (job.passes > 1 ? kMostObserved : kMostElements) &&
                      i - groups.back().begin < kMostTensors;
    if (!fits) {
      groups.push_back({i, i});
      elements = 0;
    }
    groups.back().end = i + 1;
    elements += job.settings.elements;
    isOpen = !alone;
  }
  return groups;
}

}  // namespace layerloom
