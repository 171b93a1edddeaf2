// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/methods/narrowing.h"
#include "core/methods/spec.h"
#include "core/support/result.h"

namespace layerloom {

/// What holds for one input of an output tensor.
struct InputSettings {
  std::string model;           ///< names the random stream
  std::vector<double> values;  ///< one per parameter of the method's spec; those of the whole method are not used here

  bool operator==(const InputSettings&) const = default;
};

/// Everything a method is told about one output tensor: parameters resolved for it, shape, seed.
struct MergeSettings {
  const MethodSpec* method = nullptr;
  std::string tensor;  ///< output name; names the random stream
  std::vector<std::uint64_t> shape;
  std::uint64_t elements = 0;
  std::uint64_t seed = 0;
  std::vector<InputSettings> inputs;
  std::optional<std::size_t> base;  ///< which input is the base model, where there is one
  std::vector<double> values;       ///< one per parameter of the method's spec, booleans as 0 and 1; those of inputs are not used here
  Narrowing narrowing = Narrowing::ToNearest;  ///< of what is added up in float64; another one where the result becomes 16-bit numbers
  /// A choice that depends on the rounding of what it compares is made as float64 makes it, not as mergekit makes it in float32: the rule
  /// where a model or the result is of 16 bits.
  bool choosesPrecisely = false;

  /// The value of a parameter of the whole method, by mergekit's name; 0 where the method has none of that name.
  double value(std::string_view parameter) const;
  bool flag(std::string_view parameter) const { return value(parameter) != 0; }
  /// The value of a parameter of one input.
  double value(std::size_t input, std::string_view parameter) const;

  bool operator==(const MergeSettings&) const = default;
};

/// The values that hold where a recipe gives none, one per parameter of the spec; 0 for those that are required.
std::vector<double> standardValues(const MethodSpec& method);

/// A piece of a tensor: the same elements of every input, as float32.
struct Chunk {
  std::uint64_t index = 0;   ///< counted over the tensor; chunks have `TensorMerge::chunkElements()` each but for the last
  std::uint64_t offset = 0;  ///< first element, in the flattened tensor
  std::vector<std::span<const float>> inputs;

  std::size_t size() const { return inputs.empty() ? 0 : inputs.front().size(); }
};

/// A sample of a tensor: pieces of neighbours from places all over it, the same of every input.
class TensorSample {
 public:
  virtual ~TensorSample() = default;
  virtual std::size_t size() const = 0;   ///< entries, in whole pieces
  virtual std::size_t piece() const = 0;  ///< entries of a piece
  /// out ← entries of one input, from `from` on; both in whole pieces.
  virtual Status read(std::size_t input, std::size_t from, std::span<float> out) = 0;
};

/// Elements of a chunk where a method does not ask for another size. Part of the contract of determinism: partial sums belong to chunks, so another size may change last bits.
inline constexpr std::uint64_t kChunkElements = 16 * 1024;

/// What one task has seen of one pass; tasks run side by side, each over consecutive chunks.
class Observation {
 public:
  virtual ~Observation() = default;
  virtual void observe(const Chunk& chunk) = 0;
};

struct SpanSettings;

/// What became of the changes of one input, its differences from the base that are not 0.
struct InputTally {
  std::uint64_t kept = 0;  ///< entries at which a change is left after trimming or selection
  std::uint64_t won = 0;   ///< of these, entries at which changes of inputs differ in sign and this one went into the result
  std::uint64_t lost = 0;  ///< the same, and this one was left out
};

/// Counted while a result is computed. Inputs that the method does not trim or elect have nothing.
struct MergeTally {
  bool trims = false;
  bool elects = false;  ///< a sign per entry
  std::vector<std::optional<InputTally>> inputs;
};

/// A merge method at work on one output tensor: observes the inputs as many times as it needs, then computes the result chunk by chunk. It
/// knows nothing of files or threads. First a sample, if it wants one; for each pass: one `startObservation` per task, `absorb` of every task's observation in the order of
/// the tensor, then `endPass`. After the last pass `compute` may be called from several threads at once.
class TensorMerge {
 public:
  virtual ~TensorMerge() = default;

  /// Elements of a chunk, at least 1. A method that looks at whole rows asks for a multiple of the row length.
  virtual std::uint64_t chunkElements() const { return kChunkElements; }
  /// How often the inputs are read as a rule, emission included; for the scale of progress.
  virtual int usualPasses() const { return 1; }
  /// How long a byte takes in a pass that observes, where one takes 1 while the result is computed, as measured; for estimates of time.
  virtual double observationEffort() const { return 1; }
  /// How many entries a sample of the tensor should hold that is shown before the first pass; 0: none is needed.
  virtual std::uint64_t sampleSize() const { return 0; }
  /// Where not 0: its pieces are to be rows of so many entries, of which the tensor consists.
  virtual std::uint64_t samplePiece() const { return 0; }
  /// Looks at a sample. The result must not depend on what it holds, only the number of passes may.
  virtual Status sample(TensorSample&) { return {}; }
  /// True while another observation pass over the inputs is needed.
  virtual bool needsPass() const { return false; }
  /// An empty observation for the pass at hand; safe from several threads.
  virtual std::unique_ptr<Observation> startObservation() const { return nullptr; }
  virtual void absorb(Observation&) {}
  /// Fails where what was seen admits no result.
  virtual Status endPass() { return {}; }
  /// Computes the result of a chunk; `out` has its size and overlaps none of its inputs.
  virtual void compute(const Chunk& chunk, std::span<float> out) const = 0;

  /// True where an entry's result depends on its row in another way than on the whole tensor.
  virtual bool looksAtRows() const { return false; }
  /// The result as a sum of the inputs whose coefficients follow from inner products over the whole tensor, where the method is such. May be
  /// asked at any time.
  virtual std::optional<SpanSettings> span() const;
  /// The factor of each input's difference from the base in the result, normalised, where the method has such; known after the last pass.
  virtual std::vector<std::optional<double>> factors() const { return {}; }
  /// An empty tally, and the same as `compute` with what happens added to it.
  virtual MergeTally startTally() const { return {}; }
  virtual void computeTallied(const Chunk& chunk, std::span<float> out, MergeTally&) const { compute(chunk, out); }
};

/// The method of `settings.method` at work on one tensor; refused where the settings do not fit the method (weights that sum to zero
/// under normalisation, more inputs than it takes).
Result<std::unique_ptr<TensorMerge>> makeTensorMerge(const MergeSettings& settings);

}  // namespace layerloom
