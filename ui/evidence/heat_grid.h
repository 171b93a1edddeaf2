// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <string>
#include <vector>

#include "ui/evidence/figures.h"

namespace layerloom {

/// A column of the heat map: a layer, or the tensors outside the layers that are of one kind.
struct HeatColumn {
  int layer = -1;  ///< −1: outside the layers
  std::string module;
  TensorKind outer = TensorKind::Other;
  bool tied = false;  ///< a head without a tensor of its own

  bool isOuter() const { return layer < 0; }
};

enum class CellState {
  Measured,
  Pending,    ///< will be measured
  Absent,     ///< no such tensor
  Missing,    ///< the tensor was not measured for this model: it lacks it, or has it in another shape
  Undefined,  ///< the figure is not defined there
  Tied,
};

struct HeatCell {
  CellState state = CellState::Absent;
  std::optional<double> value;  ///< when measured
  std::string tensor;           ///< the first of those that the cell stands for
  int tensors = 0;
};

/// One figure of one model or pair over layers and kinds.
struct HeatGrid {
  Figure figure = Figure::RelativeDelta;
  int subject = 0;
  std::vector<HeatColumn> columns;  ///< in the order of the curves: embedding, layers, the others outside them
  std::vector<TensorKind> kinds;    ///< rows, those inside the layers
  std::vector<HeatCell> cells;      ///< by row; those of an outer column are the same in every row

  const HeatCell& cell(int row, int column) const { return cells[static_cast<std::size_t>(row) * columns.size() + static_cast<std::size_t>(column)]; }
  std::vector<double> values() const;  ///< of the measured cells, each once
};

HeatGrid makeHeatGrid(const EvidenceData& data, Figure figure, int subject);

/// "q", "norm": the field's own words, the same in every language.
QString kindText(TensorKind kind);
/// "emb", "layer 7": as the curves say it.
QString columnText(const HeatColumn& column);
/// Short, for below the column: "emb", "7".
QString columnCaption(const HeatColumn& column);
/// Why there is no value; empty for a measured cell.
QString reasonText(const HeatGrid& grid, const HeatCell& cell);

}  // namespace layerloom
