// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/preview_runner.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis/merge_in_memory.h"
#include "core/support/random.h"
#include "core/tensor/conversion_kernels.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

/// Room that a thread keeps from call to call.
struct Scratch {
  std::vector<std::vector<float>> rounded;
  std::vector<float> out;
  std::vector<float> change;
  std::vector<float> delta;
};
thread_local Scratch t_scratch;

RunMeans measure(const SampleView& view, std::span<const float> out) {
  const std::size_t count = view.vectors.size();
  const auto entries = static_cast<double>(view.entries());
  t_scratch.change.resize(std::max(t_scratch.change.size(), out.size()));
  t_scratch.delta.resize(std::max(t_scratch.delta.size(), out.size()));
  const auto change = std::span(t_scratch.change).first(out.size());
  const auto delta = std::span(t_scratch.delta).first(out.size());
  subtract(out, view.vectors[0], change);
  RunMeans means{dot(change, change) / entries, Eigen::VectorXd(count), Eigen::VectorXd(count), {}, false, false, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    if (i > 0) {
      subtract(view.vectors[i], view.vectors[0], delta);
    }
    means.dots[row] = dot(change, i > 0 ? std::span<const float>(delta) : view.vectors[0]) / entries;
    means.apart[row] = deltaSums(out, view.vectors[i]).delta / entries;
  }
  return means;
}

}  // namespace

SampleRunner::SampleRunner(const PreviewTask& task, std::span<const std::size_t> sources) : m_task(task), m_settings(task.job.settings) {
  for (const StatisticsSlot slot : task.link.inputs) {
    const auto source = std::find(sources.begin(), sources.end(), slot) - sources.begin();
    m_vectors.push_back(slot == kBaseSlot ? 0 : static_cast<std::size_t>(source) + 1);
  }
}

/// A method that keeps a share of the entries rounds their number down, which in a sample is a larger step than in the tensor and the same one for
/// all tensors of a size. Here it is rounded up or down at random, by chance as often as brings the mean to the share.
void SampleRunner::ditherShares(std::uint64_t draw) {
  std::array<std::uint32_t, 4> random;
  RandomStream(draw, "shares", m_settings.tensor).fill(0, random);
  std::size_t next = 0;
  for (const char* name : {"density", "gamma", "select_topk"}) {
    const ParameterSpec* parameter = m_settings.method->parameter(name);
    if (parameter == nullptr) {
      continue;
    }
    const double step = std::ldexp(random[next++], -32) / static_cast<double>(m_settings.elements);
    const auto at = static_cast<std::size_t>(parameter - m_settings.method->parameters.data());
    const auto dither = [&](double& value, double set) { value = set > 0 && set < 1 ? std::min(set + step, kBelowOne) : set; };
    dither(m_settings.values[at], m_task.job.settings.values[at]);
    for (std::size_t i = 0; i < m_settings.inputs.size(); ++i) {
      dither(m_settings.inputs[i].values[at], m_task.job.settings.inputs[i].values[at]);
    }
  }
}

/// As the merge would see them: rounded to the type that it computes in, unless they are of that type already.
std::vector<std::span<const float>> SampleRunner::inputsOf(const SampleView& view) const {
  std::vector<std::span<const float>> inputs;
  auto& rounded = t_scratch.rounded;
  rounded.resize(std::max(rounded.size(), m_vectors.size()));
  for (std::size_t i = 0; i < m_vectors.size(); ++i) {
    const ModelTensor* tensor = m_task.job.inputs[i].tensor;
    const auto values = view.vectors[m_vectors[i]];
    const auto& dtype = m_task.job.inputDtype;
    if (!dtype || *dtype == DType::F32 || (tensor->update == nullptr && tensor->entry.dtype == *dtype)) {
      inputs.push_back(values);
      continue;
    }
    rounded[i].assign(values.begin(), values.end());
    roundTo(*dtype, rounded[i]);
    inputs.emplace_back(rounded[i]);
  }
  return inputs;
}

Result<RunMeans> SampleRunner::run(const SampleView& view, bool isWhole, std::uint64_t draw) {
  m_settings.seed = m_task.job.settings.seed + draw;
  if (!isWhole) {
    const bool isVector = m_task.tensor.shape.size() < 2;
    m_settings.shape = isVector ? std::vector{view.columns} : std::vector{view.rows, view.columns};
    m_settings.elements = view.entries();
    if (!m_settings.method->random) {
      ditherShares(draw);
    }
  }
  t_scratch.out.resize(std::max(t_scratch.out.size(), view.entries()));
  const auto out = std::span(t_scratch.out).first(view.entries());
  MergeTally tally;
  LAYERLOOM_TRY(const auto merge, mergeInMemory(m_settings, inputsOf(view), out, &tally));
  m_entries += view.entries() * m_vectors.size();
  RunMeans means = measure(view, out);
  means.factors = merge->factors();
  means.trims = tally.trims;
  means.elects = tally.elects;
  const auto entries = static_cast<double>(view.entries());
  for (const auto& input : tally.inputs) {
    const auto share = [&](std::uint64_t count) { return static_cast<double>(count) / entries; };
    means.shares.push_back(input ? std::optional(Shares{share(input->kept), share(input->won), share(input->lost)}) : std::nullopt);
  }
  return means;
}

void addScaled(RunMeans& a, double factor, const RunMeans& b) {
  a.moved += factor * b.moved;
  a.dots += factor * b.dots;
  a.apart += factor * b.apart;
  for (std::size_t i = 0; i < a.shares.size(); ++i) {
    if (a.shares[i] && b.shares[i]) {
      a.shares[i]->kept += factor * b.shares[i]->kept;
      a.shares[i]->won += factor * b.shares[i]->won;
      a.shares[i]->lost += factor * b.shares[i]->lost;
    }
  }
}

void clear(RunMeans& means) {
  addScaled(means, -1, RunMeans(means));
}

}  // namespace layerloom
