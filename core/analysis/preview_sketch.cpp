// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis/merge_in_memory.h"
#include "core/analysis/preview_tensor.h"
#include "core/analysis/sketch_sample.h"
#include "core/support/random.h"
#include "core/tensor/kernels.h"

namespace layerloom {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

/// InputTally per entry.
struct Shares {
  double kept = 0;
  double won = 0;
  double lost = 0;
};

/// What a run of the method on some entries gave, per entry. Of vectors the base is first, then the sources.
struct RunMeans {
  double moved = 0;  ///< d²
  Vector dots;       ///< d · base, d · Δ
  Vector apart;      ///< (result − model)²; nothing at the base's place
  Matrix gram;       ///< of base and Δ
  std::vector<std::optional<double>> factors;  ///< these: by input
  bool trims = false;
  bool elects = false;
  std::vector<std::optional<Shares>> shares;
};

/// Runs the method of a job on samples of its inputs.
class SampleRunner {
 public:
  SampleRunner(const PreviewTask& task, std::span<const std::size_t> sources) : m_task(task), m_settings(task.job.settings) {
    for (const StatisticsSlot slot : task.link.inputs) {
      const auto source = std::find(sources.begin(), sources.end(), slot) - sources.begin();
      m_vectors.push_back(slot == kBaseSlot ? 0 : static_cast<std::size_t>(source) + 1);
    }
  }

  /// `draw` tells apart the random numbers of runs.
  Result<RunMeans> run(const SampleView& view, bool isWhole, std::uint64_t draw);
  std::uint64_t entries() const { return m_entries; }

 private:
  static constexpr double kBelowOne = 1 - 1e-9;

  void ditherShares(std::uint64_t draw);
  std::vector<std::span<const float>> inputsOf(const SampleView& view);
  RunMeans measure(const SampleView& view);

  const PreviewTask& m_task;
  MergeSettings m_settings;
  std::vector<std::size_t> m_vectors;  ///< per input, which of the sample's
  std::vector<std::vector<float>> m_rounded;
  std::vector<float> m_out;
  std::vector<float> m_deltas;
  std::uint64_t m_entries = 0;
};

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
std::vector<std::span<const float>> SampleRunner::inputsOf(const SampleView& view) {
  std::vector<std::span<const float>> inputs;
  m_rounded.resize(m_vectors.size());
  for (std::size_t i = 0; i < m_vectors.size(); ++i) {
    const ModelTensor* tensor = m_task.job.inputs[i].tensor;
    const auto values = view.vectors[m_vectors[i]];
    const auto& dtype = m_task.job.inputDtype;
    if (!dtype || *dtype == DType::F32 || (tensor->update == nullptr && tensor->entry.dtype == *dtype)) {
      inputs.push_back(values);
      continue;
    }
    m_rounded[i].assign(values.begin(), values.end());
    roundTo(*dtype, m_rounded[i]);
    inputs.emplace_back(m_rounded[i]);
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
  m_out.resize(view.entries());
  MergeTally tally;
  LAYERLOOM_TRY(const auto merge, mergeInMemory(m_settings, inputsOf(view), m_out, &tally));
  m_entries += view.entries() * m_vectors.size();
  RunMeans means = measure(view);
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

RunMeans SampleRunner::measure(const SampleView& view) {
  const std::size_t count = view.vectors.size();
  const std::size_t size = view.entries();
  m_deltas.resize((count + 1) * size);
  std::vector<std::span<const float>> basis;
  for (std::size_t i = 0; i < count; ++i) {
    const auto delta = std::span(m_deltas).subspan(i * size, size);
    if (i > 0) {
      subtract(view.vectors[i], view.vectors[0], delta);
    }
    basis.push_back(i > 0 ? std::span<const float>(delta) : view.vectors[0]);
  }
  const auto change = std::span(m_deltas).subspan(count * size, size);
  subtract(m_out, view.vectors[0], change);

  const auto entries = static_cast<double>(size);
  RunMeans means{dot(change, change) / entries, Vector(count), Vector(count), Matrix(count, count), {}, false, false, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    means.dots[row] = dot(change, basis[i]) / entries;
    means.apart[row] = deltaSums(m_out, view.vectors[i]).delta / entries;
    for (std::size_t j = 0; j <= i; ++j) {
      const double product = dot(basis[i], basis[j]) / entries;
      means.gram(row, static_cast<Eigen::Index>(j)) = product;
      means.gram(static_cast<Eigen::Index>(j), row) = product;
    }
  }
  return means;
}

/// How far the parts of a sample lie from each other in the figures of one model: variances of the mean of all parts.
struct PartSpread {
  double moved = 0;
  double apart = 0;
  double dot = 0;
  double covariance = 0;
  double weight = 0;
  double kept = 0;
  double won = 0;
  double lost = 0;
};

/// The covariance of two means over parts, given the parts.
double covarianceOfMeans(const std::vector<double>& a, const std::vector<double>& b) {
  const auto count = static_cast<double>(a.size());
  double meanA = 0;
  double meanB = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    meanA += a[i] / count;
    meanB += b[i] / count;
  }
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - meanA) * (b[i] - meanB);
  }
  return sum / (count * (count - 1));
}

/// Estimates figures over a tensor from runs on samples of it: the result is taken apart into a sum of base and Δ, of which the inner products
/// over all entries are known, and a rest, of which only the sample tells (a generalised regression estimator, as survey statistics have it).
class SketchEstimate {
 public:
  SketchEstimate(const RunMeans& all, const Matrix& whole) : m_all(all), m_whole(whole) {
    // Models may be equal or nearly so: any of the sums that come close will do.
    Matrix products = all.gram;
    for (Eigen::Index i = 0; i < products.rows(); ++i) {
      products(i, i) += 1e-12 * products(i, i) + 1e-300;
    }
    m_sum = products.ldlt().solve(all.dots);
    if (!m_sum.allFinite()) {
      m_sum = Vector::Zero(all.dots.size());
    }
    m_energy = all.gram.trace() - all.gram(0, 0);
    const double rest = all.moved - 2 * m_sum.dot(all.dots) + m_sum.dot(all.gram * m_sum);
    m_restPerEnergy = m_energy > 0 ? std::max(0.0, rest) / m_energy : 0;
  }

  /// How much more the models change in the tensor than in the sample: where a sample has missed what is large, its parts also differ too little.
  double weight() const { return m_energy > 0 ? (m_whole.trace() - m_whole(0, 0)) / m_energy : 1; }
  double rest() const { return m_restPerEnergy * (m_whole.trace() - m_whole(0, 0)); }
  double moved() const { return m_sum.dot(m_whole * m_sum) + rest(); }
  /// ⟨d, Δ⟩, per entry as all others.
  double dotWith(Eigen::Index vector) const { return m_whole.row(vector) * m_sum; }
  double apartFrom(Eigen::Index vector) const {
    const Vector difference = m_sum - unit(vector);
    return difference.dot(m_whole * difference) + rest();
  }

  // What a part of the sample has beyond what is known of it; 0 on average.
  double movedRest(const RunMeans& part) const { return part.moved - m_sum.dot(part.gram * m_sum) - restOf(part); }
  double dotRest(const RunMeans& part, Eigen::Index vector) const { return part.dots[vector] - part.gram.row(vector) * m_sum; }
  double apartRest(const RunMeans& part, Eigen::Index vector) const {
    const Vector difference = m_sum - unit(vector);
    return part.apart[vector] - difference.dot(part.gram * difference) - restOf(part);
  }

 private:
  Vector unit(Eigen::Index vector) const { return Vector::Unit(m_sum.size(), vector); }
  double restOf(const RunMeans& part) const { return m_restPerEnergy * (part.gram.trace() - part.gram(0, 0)); }

  const RunMeans& m_all;
  const Matrix& m_whole;
  Vector m_sum;
  double m_energy = 0;
  double m_restPerEnergy = 0;
};

/// The inputs that are a model of the statistics.
std::vector<std::size_t> inputsOf(const PreviewLinks::Job& link, std::size_t source) {
  std::vector<std::size_t> inputs;
  for (std::size_t i = 0; i < link.inputs.size(); ++i) {
    if (link.inputs[i] == source) {
      inputs.push_back(i);
    }
  }
  return inputs;
}

std::optional<double> weightOf(const RunMeans& means, const std::vector<std::size_t>& inputs) {
  std::optional<double> sum;
  for (const std::size_t input : inputs) {
    if (input < means.factors.size() && means.factors[input]) {
      sum = sum.value_or(0) + *means.factors[input];
    }
  }
  return sum;
}

using Share = double Shares::*;

std::optional<double> shareOf(const RunMeans& means, const std::vector<std::size_t>& inputs, Share share) {
  if (inputs.size() != 1 || inputs[0] >= means.shares.size() || !means.shares[inputs[0]]) {
    return std::nullopt;
  }
  return *means.shares[inputs[0]].*share;
}

/// The parts of a sample as one way of dividing it gives them, and the share of the variance that shows between them in the error.
struct Division {
  std::vector<RunMeans> parts;
  double factor = 0;
};

/// One source of a task: its place among the vectors, and its inputs.
struct Source {
  Eigen::Index vector = 0;
  std::vector<std::size_t> inputs;
};

PartSpread spreadOf(const Division& division, const SketchEstimate& estimate, const Source& source) {
  std::array<std::vector<double>, 7> of;
  for (const RunMeans& part : division.parts) {
    of[0].push_back(estimate.movedRest(part));
    of[1].push_back(estimate.apartRest(part, source.vector));
    of[2].push_back(estimate.dotRest(part, source.vector));
    of[3].push_back(weightOf(part, source.inputs).value_or(0));
    of[4].push_back(shareOf(part, source.inputs, &Shares::kept).value_or(0));
    of[5].push_back(shareOf(part, source.inputs, &Shares::won).value_or(0));
    of[6].push_back(shareOf(part, source.inputs, &Shares::lost).value_or(0));
  }
  std::array<double, 7> variances;
  for (std::size_t i = 0; i < of.size(); ++i) {
    variances[i] = division.factor * covarianceOfMeans(of[i], of[i]);
  }
  const double weight = estimate.weight() * estimate.weight();
  return {variances[0] * weight, variances[1] * weight, variances[2] * weight, division.factor * covarianceOfMeans(of[0], of[2]) * weight,
          variances[3], variances[4], variances[5], variances[6]};
}

PartSpread sum(const PartSpread& a, const PartSpread& b) {
  return {a.moved + b.moved,   a.apart + b.apart, a.dot + b.dot, a.covariance + b.covariance,
          a.weight + b.weight, a.kept + b.kept,   a.won + b.won, a.lost + b.lost};
}

std::optional<Measured> measured(const std::optional<double>& value, double variance) {
  return value ? std::optional(Measured{*value, variance}) : std::nullopt;
}

/// The prediction of one task.
class SketchPrediction {
 public:
  SketchPrediction(const PreviewTask& task, std::uint64_t mostEntries)
      : m_task(task),
        m_models(sourcesOf(task.link)),
        m_sample(*task.tensor.sketch, m_models, mostEntries),
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
  MergeSums estimate(const RunMeans& all) const;
  Matrix wholeGram() const;
  Source source(std::size_t i) const { return {static_cast<Eigen::Index>(i) + 1, inputsOf(m_task.link, m_models[i])}; }

  const PreviewTask& m_task;
  const std::vector<std::size_t> m_models;
  const SketchSample m_sample;
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

/// Adds `factor` times `b` to `a`.
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

/// Sets every mean to 0.
void clear(RunMeans& means) {
  addScaled(means, -1, RunMeans(means));
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
  std::vector<float> room;
  const std::size_t count = parts == Parts::Rows ? m_sample.rowParts() : m_sample.entryParts();
  for (std::size_t part = 0; part < count; ++part) {
    const SampleView view = parts == Parts::Rows ? m_sample.rowPart(part) : m_sample.entryPart(part, room);
    LAYERLOOM_TRY(RunMeans means, run(view, false, part + 1));
    division.parts.push_back(std::move(means));
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
    sums.models[m_models[i]] = ModelSums{all.gram(own.vector, own.vector) * m_elements,
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

MergeSums SketchPrediction::estimate(const RunMeans& all) const {
  MergeSums sums = sumsOf(all);
  const Matrix whole = wholeGram();
  const SketchEstimate estimate(all, whole);
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
  LAYERLOOM_TRY(const RunMeans all, run(m_sample.all(), m_sample.isWhole(), 0));
  TensorPrediction prediction;
  prediction.exact = m_sample.isWhole();
  if (prediction.exact) {
    prediction.sums = sumsOf(all);
  } else {
    LAYERLOOM_CHECK(divide());
    prediction.sums = estimate(all);
  }
  prediction.entries = m_runner.entries();
  return prediction;
}

}  // namespace

Result<TensorPrediction> predictBySketch(const PreviewTask& task, std::uint64_t mostEntries) {
  return SketchPrediction(task, mostEntries).predict();
}

}  // namespace layerloom
