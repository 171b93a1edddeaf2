// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/stable_rank.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Spectra/SymEigsSolver.h>

#include <algorithm>
#include <functional>

namespace layerloom {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

constexpr std::uint64_t kElementsAtOnce = 64 * 1024;
/// Up to so many columns all eigenvalues are computed.
constexpr Eigen::Index kFewColumns = 64;
constexpr Eigen::Index kKrylovVectors = 24;
constexpr Eigen::Index kMostRestarts = 500;
constexpr double kTolerance = 1e-12;

/// The delta of one model as a matrix, read in groups of rows.
class DeltaMatrix {
 public:
  DeltaMatrix(const StatisticsSources& sources, const ComparedTensor& tensor, std::size_t model, const std::stop_token& stop)
      : m_sources(sources),
        m_tensor(tensor),
        m_model(model),
        m_stop(stop),
        m_columns(static_cast<Eigen::Index>(tensor.elements / tensor.place.shape.front())) {}

  Eigen::Index columns() const { return m_columns; }

  /// Calls `use` with each group of rows; entries that are not finite are 0.
  Status forEachGroup(const std::function<void(const Matrix& rows)>& use) {
    const auto columns = static_cast<std::uint64_t>(m_columns);
    const std::uint64_t perGroup = std::max<std::uint64_t>(1, kElementsAtOnce / columns) * columns;
    for (std::uint64_t first = 0; first < m_tensor.elements && !m_stop.stop_requested(); first += perGroup) {
      const auto size = static_cast<std::size_t>(std::min(perGroup, m_tensor.elements - first));
      m_delta.resize(static_cast<Eigen::Index>(size / columns), m_columns);
      LAYERLOOM_CHECK(readDelta(first, size));
      use(m_delta);
    }
    return {};
  }

 private:
  Status readDelta(std::uint64_t first, std::size_t size) {
    m_values.resize(size);
    const auto add = [&](const Model& model, const ModelTensor& tensor, std::size_t slot, double factor) -> Status {
      LAYERLOOM_TRY([[maybe_unused]] const auto bytes, readValues(model, tensor, first, m_values, m_scratch, slot));
      for (std::size_t i = 0; i < size; ++i) {
        m_delta.data()[i] += factor * static_cast<double>(m_values[i]);
      }
      return {};
    };
    m_delta.setZero();
    if (m_tensor.base != nullptr) {
      LAYERLOOM_CHECK(add(*m_sources.base, *m_tensor.base, 0, -1.0));
    } else {
      const auto present = static_cast<double>(std::count_if(m_tensor.models.begin(), m_tensor.models.end(), [](const auto* one) { return one != nullptr; }));
      for (std::size_t i = 0; i < m_tensor.models.size(); ++i) {
        if (m_tensor.models[i] != nullptr) {
          LAYERLOOM_CHECK(add(*m_sources.models[i], *m_tensor.models[i], i + 1, -1.0 / present));
        }
      }
    }
    LAYERLOOM_CHECK(add(*m_sources.models[m_model], *m_tensor.models[m_model], m_model + 1, 1.0));
    m_delta = m_delta.array().isFinite().select(m_delta, 0.0);
    return {};
  }

  const StatisticsSources& m_sources;
  const ComparedTensor& m_tensor;
  const std::size_t m_model;
  const std::stop_token& m_stop;
  const Eigen::Index m_columns;
  ReadScratch m_scratch;
  std::vector<float> m_values;
  Matrix m_delta;
};

/// x → ΔᵀΔx in the form that the eigenvalue solver asks for, which knows no errors: they are kept.
class GramOperator {
 public:
  using Scalar = double;

  explicit GramOperator(DeltaMatrix& delta) : m_delta(delta) {}

  Eigen::Index rows() const { return m_delta.columns(); }
  Eigen::Index cols() const { return m_delta.columns(); }
  void perform_op(const double* x, double* y) const {
    const Eigen::Map<const Vector> in(x, cols());
    Eigen::Map<Vector> out(y, rows());
    out.setZero();
    if (m_status) {
      m_status = m_delta.forEachGroup([&](const Matrix& rows) { out.noalias() += rows.transpose() * (rows * in).eval(); });
    }
  }
  const Status& status() const { return m_status; }

 private:
  DeltaMatrix& m_delta;
  mutable Status m_status;
};

/// ‖Δ‖²₂; nothing where the iteration did not come to an end.
Result<std::optional<double>> largestEigenvalue(DeltaMatrix& delta) {
  if (delta.columns() <= kFewColumns) {
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(delta.columns(), delta.columns());
    LAYERLOOM_CHECK(delta.forEachGroup([&](const Matrix& rows) { gram.noalias() += rows.transpose() * rows; }));
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly);
    return solver.info() == Eigen::Success ? std::optional(solver.eigenvalues().maxCoeff()) : std::nullopt;
  }
  GramOperator product(delta);
  Spectra::SymEigsSolver<GramOperator> solver(product, 1, kKrylovVectors);
  solver.init();
  solver.compute(Spectra::SortRule::LargestAlge, kMostRestarts, kTolerance);
  LAYERLOOM_CHECK(product.status());
  return solver.info() == Spectra::CompInfo::Successful ? std::optional(solver.eigenvalues()[0]) : std::nullopt;
}

}  // namespace

Status addStableRanks(const StatisticsSources& sources, const ComparedTensor& tensor, TensorStatistics& figures, const std::stop_token& stop) {
  if (tensor.place.shape.size() < 2 || tensor.elements == 0) {
    return {};
  }
  for (std::size_t i = 0; i < figures.figures.models.size() && !stop.stop_requested(); ++i) {
    std::optional<DeltaStatistics>& model = figures.figures.models[i];
    if (!model || model->squared == 0) {
      continue;
    }
    DeltaMatrix delta(sources, tensor, i, stop);
    LAYERLOOM_TRY(const std::optional<double> greatest, largestEigenvalue(delta));
    if (greatest && *greatest > 0 && !stop.stop_requested()) {
      model->stableRank = model->squared / *greatest;
      model->rankedElements = model->elements;
    }
  }
  return {};
}

}  // namespace layerloom
