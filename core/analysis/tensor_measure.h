// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis/sketch_places.h"
#include "core/analysis/statistics.h"
#include "core/analysis/statistics_pass.h"
#include "core/analysis/top_shares.h"
#include "core/checkpoint/tensor_values.h"
#include "core/tensor/delta_kernels.h"

namespace layerloom {

/// One tensor of a comparison.
struct ComparedTensor {
  TensorStatistics place;         ///< name, layer, kind, shape
  const ModelTensor* base = nullptr;          ///< null: the mean of the models
  std::vector<const ModelTensor*> models;     ///< null where a model lacks it or has it in another shape
  std::uint64_t elements = 0;
};

/// The differences of one model from the base, as float32 where all are such numbers.
struct PieceDeltas {
  bool isNarrow = false;
  std::vector<float> narrow;  ///< magnitudes only, and rounded, where `isNarrow` does not hold
  std::vector<double> wide;   ///< where `isNarrow` does not hold, or somebody asked for them
};

/// Room that a thread keeps from block to block.
struct MeasureBuffers {
  ReadScratch scratch;
  std::vector<std::vector<float>> values;  ///< of base and models
  std::vector<double> base;  ///< of a piece, where there is none among the values or differences are wide
  std::vector<PieceDeltas> deltas;
  std::vector<std::uint8_t> bins;
};

/// Measures one tensor in blocks that threads take side by side; what they find is added up in the order of the tensor, so that the result
/// does not depend on their number.
class TensorMeasure {
 public:
  TensorMeasure(const StatisticsSources& sources, const ComparedTensor& tensor);
  ~TensorMeasure();

  static std::uint64_t blocksOf(std::uint64_t elements);
  /// Measures a block; returns true where it was the last one that was missing. Safe from several threads, each block once.
  Result<bool> measureBlock(std::uint64_t block, MeasureBuffers& buffers);
  /// After the last block: the tensor's figures. May read the tensor again, when a sample misled.
  Result<TensorStatistics> finish(MeasureBuffers& buffers);

 private:
  /// What is known of a run of elements.
  struct Block;

  /// Reads elements from `first` on; the first values are those of the base, where there is one.
  Status readAll(std::uint64_t first, std::size_t size, MeasureBuffers& buffers) const;
  void takeBase(std::size_t at, std::size_t size, MeasureBuffers& buffers) const;
  Status takeSample(double deviations, MeasureBuffers& buffers);
  Status measureChunk(std::uint64_t first, std::size_t size, Block& block, MeasureBuffers& buffers);
  void measurePiece(std::size_t at, std::size_t size, Block& block, MeasureBuffers& buffers) const;
  double baseSquares(std::size_t at, std::size_t size, const MeasureBuffers& buffers) const;
  void measureDeltas(std::size_t model, std::size_t at, std::size_t size, Block& block, MeasureBuffers& buffers) const;
  void measureWideDeltas(std::size_t model, std::size_t at, std::size_t size, Block& block, MeasureBuffers& buffers) const;
  void settle(Block& block) const;
  Status findTopShares(Block& sum, MeasureBuffers& buffers);
  GroupStatistics figuresOf(const Block& sum) const;

  const StatisticsSources& m_sources;
  const ComparedTensor& m_tensor;
  std::vector<std::size_t> m_present;  ///< models that have the tensor
  std::vector<bool> m_mayBeNarrow;     ///< per model in m_present: its differences may all be float32 numbers
  SketchPlaces m_places;
  std::shared_ptr<TensorSketch> m_sketch;
  std::once_flag m_sampled;
  std::optional<Error> m_sampleError;
  std::vector<TopShares> m_topShares;  ///< per model in m_present
  std::vector<std::unique_ptr<Block>> m_blocks;
  std::atomic<std::uint64_t> m_missing;
};

}  // namespace layerloom
