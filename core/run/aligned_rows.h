// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/checkpoint/tensor_values.h"
#include "core/plan/plan.h"

namespace layerloom {

/// Reads the inputs of a job whose rows are put into the order of the result's vocabulary, row by row as they are asked for. Memory: one
/// row per input.
class AlignedRows {
 public:
  /// `job.rows` must be there. Plan and job must outlive this.
  AlignedRows(const MergePlan& plan, const TensorJob& job);

  /// Works out the padding rows, for which all rows of every input are read once; returns the bytes read, 0 without padding.
  Result<std::uint64_t> prepare(const std::stop_token& stop);

  /// Elements first … first + out.size() − 1 of the aligned tensor of input `input`, as float32. Safe from several threads after
  /// `prepare`, with a scratch of their own. Returns the bytes read.
  Result<std::uint64_t> read(std::size_t input, std::uint64_t first, std::span<float> out, ReadScratch& scratch) const;

 private:
  Result<std::uint64_t> readRow(std::size_t input, std::uint64_t row, std::uint64_t from, std::span<float> out, ReadScratch& scratch) const;
  Result<std::uint64_t> readMixture(const RowPlan::Mixture& mixture, std::uint64_t from, std::span<float> out, ReadScratch& scratch) const;
  /// How many output rows from `row` on are consecutive rows of the input itself.
  std::uint64_t ownRun(std::size_t input, std::uint64_t row, std::uint64_t most) const;

  const MergePlan& m_plan;
  const TensorJob& m_job;
  const RowPlan& m_rows;
  std::uint64_t m_length = 0;                ///< elements of a row
  std::vector<std::vector<float>> m_padding;  ///< per input the row that fills the end; empty without padding
};

}  // namespace layerloom
