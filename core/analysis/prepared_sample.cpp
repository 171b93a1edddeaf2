// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/prepared_sample.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

Eigen::MatrixXd gramOf(const SampleView& view) {
  thread_local std::vector<float> deltas;
  const std::size_t size = view.entries();
  const auto entries = static_cast<double>(size);
  deltas.resize(std::max(deltas.size(), view.vectors.size() * size));
  std::vector<std::span<const float>> basis;
  Eigen::MatrixXd gram(view.vectors.size(), view.vectors.size());
  for (std::size_t i = 0; i < view.vectors.size(); ++i) {
    const auto delta = std::span(deltas).subspan(i * size, size);
    if (i > 0) {
      subtract(view.vectors[i], view.vectors[0], delta);
    }
    basis.push_back(i > 0 ? std::span<const float>(delta) : view.vectors[0]);
    const auto row = static_cast<Eigen::Index>(i);
    for (std::size_t j = 0; j <= i; ++j) {
      const double product = dot(basis[i], basis[j]) / entries;
      gram(row, static_cast<Eigen::Index>(j)) = product;
      gram(static_cast<Eigen::Index>(j), row) = product;
    }
  }
  return gram;
}

MeasuredView measured(const SampleView& view) {
  return {view, gramOf(view)};
}

}  // namespace

PreparedSample::PreparedSample(const TensorSketch& sketch, std::vector<std::size_t> models, std::uint64_t mostEntries)
    : m_sketch(&sketch), m_models(std::move(models)), m_mostEntries(mostEntries), m_sample(sketch, m_models, mostEntries), m_all(measured(m_sample.all())) {}

const std::vector<MeasuredView>& PreparedSample::rowParts() {
  for (std::size_t part = m_rowParts.size(); part < m_sample.rowParts(); ++part) {
    m_rowParts.push_back(measured(m_sample.rowPart(part)));
  }
  return m_rowParts;
}

const std::vector<MeasuredView>& PreparedSample::entryParts() {
  for (std::size_t part = m_entryParts.size(); part < m_sample.entryParts(); ++part) {
    m_entryParts.push_back(measured(m_sample.entryPart(part, m_rooms.emplace_back())));
  }
  return m_entryParts;
}

}  // namespace layerloom
