// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "core/analysis/preview_estimate.h"

namespace layerloom {
namespace {

using Matrix = Eigen::MatrixXd;

std::optional<Measured> measured(const std::optional<double>& value, double variance) {
  return value ? std::optional(Measured{*value, variance}) : std::nullopt;
}

/// The prediction of one task.
class SketchPrediction {
 public:
  SketchPrediction(const PreviewTask& task, PreparedSample& prepared, const std::vector<std::size_t>& models)
      : m_task(task),
        m_models(models),
        m_prepared(prepared),
        m_sample(prepared.sample()),
        m_runner(task, m_models),
        m_elements(static_cast<double>(task.tensor.figures.elements)) {}

  Result<TensorPrediction> predict();

 private:
  Result<RunMeans> run(const SampleView& view, bool isWhole, std::uint64_t draw);
  Status divide();
  enum class Parts { Rows, Entries };
  Status divideBy(Parts parts, double factor);
  bool extrapolates() const { return m_task.looksAtRows && !m_task.job.settings.method->random; }
  MergeSums sumsOf(const RunMeans& all) const;
  MergeSums estimate(const MeasuredRun& all);
  Matrix wholeGram() const;
  Source source(std::size_t i) const { return {static_cast<Eigen::Index>(i) + 1, inputsOf(m_task.link, m_models[i])}; }

  const PreviewTask& m_task;
  const std::vector<std::size_t>& m_models;
  PreparedSample& m_prepared;
  const SketchSample& m_sample;
  SampleRunner m_runner;
  const double m_elements;
  std::vector<Division> m_divisions;
};

/// The tensor's inner products per entry, in the order of the sample's vectors.
Matrix SketchPrediction::wholeGram() const {
  const Gram gram = gramOf(m_task.tensor, m_task.models);
  std::vector<std::size_t> places = {0};
  for (const std::size_t model : m_models) {
    places.push_back(model + 1);
  }
  const auto size = static_cast<Eigen::Index>(places.size());
  return Matrix::NullaryExpr(size, size, [&](Eigen::Index i, Eigen::Index j) {
    return gram.at(places[static_cast<std::size_t>(i)], places[static_cast<std::size_t>(j)]) / m_elements;
  });
}

/// What a method finds out about a row is less certain of some of its entries than of all, which leads it astray in one direction, by about as much
/// as 1 / entries is greater than for the whole row. With halves and quarters of the entries it goes further astray, and from there the way to the
/// whole row can be gone on (Richardson's extrapolation, here to the second order).
Result<RunMeans> SketchPrediction::run(const SampleView& view, bool isWhole, std::uint64_t draw) {
  LAYERLOOM_TRY(RunMeans all, m_runner.run(view, isWhole, draw));
  const double columns = m_task.tensor.shape.empty() ? 1 : static_cast<double>(m_task.tensor.shape.back());
  const double whole = static_cast<double>(view.columns) / columns;
  if (!extrapolates() || isWhole || whole >= 1 || view.columns < 8) {
    return all;
  }
  const std::array<double, 3> astray = {1 - whole, 2 - whole, 4 - whole};
  RunMeans corrected = all;
  clear(corrected);
  std::vector<float> room;
  for (std::size_t level = 0; level < astray.size(); ++level) {
    double weight = 1;
    for (std::size_t other = 0; other < astray.size(); ++other) {
      weight *= other == level ? 1 : astray[other] / (astray[other] - astray[level]);
    }
    const std::uint64_t parts = std::uint64_t{1} << level;
    for (std::uint64_t part = 0; part < parts; ++part) {
      if (level == 0) {
        addScaled(corrected, weight, all);
        continue;
      }
      LAYERLOOM_TRY(const RunMeans means, m_runner.run(everyOf(view, parts, part, room), false, draw));
      addScaled(corrected, weight / static_cast<double>(parts), means);
    }
  }
  corrected.moved = std::max(0.0, corrected.moved);
  return corrected;
}

Status SketchPrediction::divideBy(Parts parts, double factor) {
  Division division;
  division.factor = factor;
  const std::vector<MeasuredView>& views = parts == Parts::Rows ? m_prepared.rowParts() : m_prepared.entryParts();
  for (std::size_t part = 0; part < views.size(); ++part) {
    LAYERLOOM_TRY(RunMeans means, run(views[part].view, false, part + 1));
    division.parts.push_back({std::move(means), &views[part].gram});
  }
  m_divisions.push_back(std::move(division));
  return {};
}

/// The sample was drawn in two stages, rows and then entries of each row, and so does its variance consist of two parts (Cochran, Sampling
/// Techniques, chapter 10). A method that draws random numbers draws others for the tensor.
Status SketchPrediction::divide() {
  constexpr double kFewRows = 0.05;
  const bool isRandom = m_task.job.settings.method->random;
  const auto& shape = m_task.tensor.shape;
  const double rows = shape.size() < 2 ? 1.0 : static_cast<double>(shape.front());
  const double share = static_cast<double>(m_sample.all().entries()) / m_elements;
  double rowShare = std::min(1.0, static_cast<double>(m_sample.all().rows) / rows);
  if (m_sample.rowParts() == 0) {
    rowShare = 1;
  } else if (rowShare < kFewRows || m_sample.entryParts() == 0 || m_task.looksAtRows) {
    rowShare = 0;
  }
  if (m_sample.entryParts() == 0 && rowShare > 0) {
    return refused("its sketch holds too few entries");
  }
  if (rowShare < 1) {
    LAYERLOOM_CHECK(divideBy(Parts::Rows, rowShare > 0 ? 1 - rowShare : 1 + (isRandom ? share : -share)));
  }
  if (rowShare > 0) {
    const double inner = rowShare - share;
    LAYERLOOM_CHECK(divideBy(Parts::Entries, std::max(0.0, inner) + (isRandom ? 2 * share : 0)));
  }
  return {};
}

/// Of all entries there are.
MergeSums SketchPrediction::sumsOf(const RunMeans& all) const {
  MergeSums sums{m_task.tensor.figures.elements, m_task.tensor.figures.baseSquared, {all.moved * m_elements, 0}, 0, {}};
  sums.models.resize(m_task.models);
  for (std::size_t i = 0; i < m_models.size(); ++i) {
    const Source own = source(i);
    sums.models[m_models[i]] = ModelSums{m_prepared.all().gram(own.vector, own.vector) * m_elements,
                                         {all.apart[own.vector] * m_elements, 0},
                                         {all.dots[own.vector] * m_elements, 0},
                                         0,
                                         measured(weightOf(all, own.inputs), 0),
                                         all.trims ? measured(shareOf(all, own.inputs, &Shares::kept), 0) : std::nullopt,
                                         all.elects ? measured(shareOf(all, own.inputs, &Shares::won), 0) : std::nullopt,
                                         all.elects ? measured(shareOf(all, own.inputs, &Shares::lost), 0) : std::nullopt};
  }
  return sums;
}

MergeSums SketchPrediction::estimate(const MeasuredRun& all) {
  MergeSums sums = sumsOf(all.means);
  const Matrix whole = wholeGram();
  const SketchEstimate estimate(all, whole);
  for (Division& division : m_divisions) {
    for (const MeasuredRun& part : division.parts) {
      division.rests.push_back(estimate.restsOf(part));
    }
  }
  sums.freedom = static_cast<double>(m_divisions.front().parts.size() - 1);
  sums.moved.value = estimate.moved() * m_elements;
  const auto setVariance = [](std::optional<Measured>& of, double variance) {
    if (of) {
      of->variance = variance;
    }
  };
  // Shares of a sample come in steps.
  const double step = 1 / static_cast<double>(m_sample.all().entries());
  const double ofStep = step * step / 4;
  const double squared = m_elements * m_elements;
  for (std::size_t i = 0; i < m_models.size(); ++i) {
    const Source own = source(i);
    PartSpread spread;
    for (const Division& division : m_divisions) {
      spread = sum(spread, spreadOf(division, estimate, own));
    }
    ModelSums& model = *sums.models[m_models[i]];
    model.squared = whole(own.vector, own.vector) * m_elements;
    // What befalls fewer than one entry in a sample is not seen, and the parts of it agree.
    const double unseen = whole(own.vector, own.vector) * step / 2;
    model.apart = {std::max(0.0, estimate.apartFrom(own.vector)) * m_elements, (spread.apart + unseen * unseen) * squared};
    model.dot = {estimate.dotWith(own.vector) * m_elements, (spread.dot + unseen * unseen) * squared};
    model.covariance = spread.covariance * squared;
    sums.moved.variance = std::max(sums.moved.variance, (spread.moved + unseen * unseen) * squared);
    setVariance(model.weight, spread.weight);
    setVariance(model.kept, spread.kept + ofStep);
    setVariance(model.won, spread.won + ofStep);
    setVariance(model.lost, spread.lost + ofStep);
  }
  return sums;
}

Result<TensorPrediction> SketchPrediction::predict() {
  LAYERLOOM_TRY(RunMeans all, run(m_sample.all(), m_sample.isWhole(), 0));
  TensorPrediction prediction;
  prediction.exact = m_sample.isWhole();
  if (prediction.exact) {
    prediction.sums = sumsOf(all);
  } else {
    LAYERLOOM_CHECK(divide());
    prediction.sums = estimate({std::move(all), &m_prepared.all().gram});
  }
  prediction.entries = m_runner.entries();
  return prediction;
}

}  // namespace

Result<TensorPrediction> predictBySketch(const PreviewTask& task, std::uint64_t mostEntries) {
  std::vector<std::size_t> models = sourcesOf(task.link);
  std::unique_ptr<PreparedSample> own;
  std::unique_ptr<PreparedSample>& prepared = task.kept != nullptr ? *task.kept : own;
  if (prepared == nullptr || !prepared->isOf(*task.tensor.sketch, models, mostEntries)) {
    prepared = std::make_unique<PreparedSample>(*task.tensor.sketch, models, mostEntries);
  }
  return SketchPrediction(task, *prepared, models).predict();
}

}  // namespace layerloom
