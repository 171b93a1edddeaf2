// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/aligned_rows.h"

#include <algorithm>

namespace layerloom {

AlignedRows::AlignedRows(const MergePlan& plan, const TensorJob& job)
    : m_plan(plan), m_job(job), m_rows(*job.rows), m_length(m_rows.total == 0 ? 0 : job.settings.elements / m_rows.total) {}

Result<std::uint64_t> AlignedRows::prepare(const std::stop_token& stop) {
  constexpr std::uint64_t kPiece = 1 << 16;
  std::uint64_t bytes = 0;
  if (m_rows.total == m_rows.tokens || m_length == 0 || m_rows.tokens == 0) {
    return bytes;
  }
  ReadScratch scratch;
  const std::uint64_t rowsAtOnce = std::max<std::uint64_t>(1, kPiece / m_length);
  std::vector<float> values(rowsAtOnce * m_length);
  for (std::size_t input = 0; input < m_job.inputs.size(); ++input) {
    std::vector<double> sums(m_length);
    for (std::uint64_t row = 0; row < m_rows.tokens && !stop.stop_requested(); row += rowsAtOnce) {
      const std::uint64_t rows = std::min(rowsAtOnce, m_rows.tokens - row);
      const auto piece = std::span(values).first(rows * m_length);
      LAYERLOOM_TRY(const std::uint64_t read, this->read(input, row * m_length, piece, scratch));
      bytes += read;
      for (std::size_t i = 0; i < piece.size(); ++i) {
        sums[i % m_length] += piece[i];
      }
    }
    std::vector<float> mean(m_length);
    std::transform(sums.begin(), sums.end(), mean.begin(),
                   [&](double sum) { return static_cast<float>(sum / static_cast<double>(m_rows.tokens)); });
    m_padding.push_back(std::move(mean));
  }
  return bytes;
}

std::uint64_t AlignedRows::ownRun(std::size_t input, std::uint64_t row, std::uint64_t most) const {
  const auto& rows = m_rows.rows[input];
  std::uint64_t run = 0;
  while (run < most && row + run < m_rows.tokens && rows[row] >= 0 && rows[row + run] == rows[row] + static_cast<std::int64_t>(run)) {
    ++run;
  }
  return run;
}

Result<std::uint64_t> AlignedRows::read(std::size_t input, std::uint64_t first, std::span<float> out, ReadScratch& scratch) const {
  std::uint64_t bytes = 0;
  while (!out.empty()) {
    const std::uint64_t row = first / m_length;
    const std::uint64_t from = first % m_length;
    const std::uint64_t wanted = (from + out.size() + m_length - 1) / m_length;
    const std::uint64_t run = std::max<std::uint64_t>(1, ownRun(input, row, wanted));
    const auto part = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), run * m_length - from)));
    LAYERLOOM_TRY(const std::uint64_t read, readRow(input, row, from, part, scratch));
    bytes += read;
    first += part.size();
    out = out.subspan(part.size());
  }
  return bytes;
}

/// A part of one output row, or of a run of the input's own rows.
Result<std::uint64_t> AlignedRows::readRow(std::size_t input, std::uint64_t row, std::uint64_t from, std::span<float> out,
                                           ReadScratch& scratch) const {
  if (row >= m_rows.tokens) {
    const auto begin = m_padding[input].begin() + static_cast<std::ptrdiff_t>(from);
    std::copy(begin, begin + static_cast<std::ptrdiff_t>(out.size()), out.begin());
    return 0;
  }
  const std::int64_t source = m_rows.rows[input][row];
  if (source < 0) {
    return readMixture(m_rows.mixtures[static_cast<std::size_t>(-1 - source)], from, out, scratch);
  }
  const JobInput& own = m_job.inputs[input];
  return readValues(*m_plan.models[own.model], *own.tensor, static_cast<std::uint64_t>(source) * m_length + from, out, scratch, input);
}

Result<std::uint64_t> AlignedRows::readMixture(const RowPlan::Mixture& mixture, std::uint64_t from, std::span<float> out,
                                               ReadScratch& scratch) const {
  std::uint64_t bytes = 0;
  std::fill(out.begin(), out.end(), 0.0F);
  std::vector<float> values(out.size());
  for (const RowPlan::SourceRow& source : mixture) {
    const JobInput& input = m_job.inputs[source.present];
    LAYERLOOM_TRY(const std::uint64_t read, readValues(*m_plan.models[input.model], *input.tensor,
                                                       static_cast<std::uint64_t>(source.row) * m_length + from, values, scratch, source.present));
    bytes += read;
    std::transform(out.begin(), out.end(), values.begin(), out.begin(), std::plus<>());
  }
  if (mixture.size() > 1) {
    std::transform(out.begin(), out.end(), out.begin(), [&](float value) { return value / static_cast<float>(mixture.size()); });
  }
  return bytes;
}

}  // namespace layerloom
