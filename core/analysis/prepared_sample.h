// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "core/analysis/sketch_sample.h"

namespace layerloom {

/// A sample or a part of one, and the inner products of base (first) and Δ of each model in it, per entry.
struct MeasuredView {
  SampleView view;
  Eigen::MatrixXd gram;
};

/// What predictions from a sketch need and no parameter of a recipe has a say in, kept from one to the next. One user at a time.
class PreparedSample {
 public:
  /// As of SketchSample.
  PreparedSample(const TensorSketch& sketch, std::vector<std::size_t> models, std::uint64_t mostEntries);
  PreparedSample(const PreparedSample&) = delete;
  PreparedSample& operator=(const PreparedSample&) = delete;

  bool isOf(const TensorSketch& sketch, const std::vector<std::size_t>& models, std::uint64_t mostEntries) const {
    return m_sketch == &sketch && m_models == models && m_mostEntries == mostEntries;
  }
  const SketchSample& sample() const { return m_sample; }
  const MeasuredView& all() const { return m_all; }
  /// Made when they are asked for first.
  const std::vector<MeasuredView>& rowParts();
  const std::vector<MeasuredView>& entryParts();

 private:
  const TensorSketch* m_sketch;
  const std::vector<std::size_t> m_models;
  const std::uint64_t m_mostEntries;
  const SketchSample m_sample;
  const MeasuredView m_all;
  std::vector<MeasuredView> m_rowParts;
  std::vector<MeasuredView> m_entryParts;
  std::vector<std::vector<float>> m_rooms;  ///< of the parts of rows
};

}  // namespace layerloom
