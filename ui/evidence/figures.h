// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "core/analysis/statistics.h"
#include "ui/evidence/evidence_data.h"

namespace layerloom {

/// The figures that can be looked at. The last three are of a pair of models, the others of one model.
enum class Figure { RelativeDelta, Norm, Rms, MaxAbs, ZeroShare, Top1, Top5, Top20, StableRank, Cosine, SignConflict, WeightedSignConflict };

const std::vector<Figure>& modelFigures();
const std::vector<Figure>& pairFigures();
bool isPairFigure(Figure figure);
/// Has a sign, so that 0 is the middle of its colours.
bool isSigned(Figure figure);

/// `subject`: index of the model or of the pair. Nothing where the model lacks the tensors or the figure is not defined.
std::optional<double> figureOf(const GroupStatistics& group, Figure figure, int subject);

/// "relative delta", "sign conflict"
QString figureName(Figure figure);
/// How the figure is defined, in one line.
QString figureDefinition(Figure figure);
/// "relative delta of prose", "cosine of prose · code"
QString figureTitle(const EvidenceData& data, Figure figure, int subject);

/// Three significant digits, shares in per cent; "–" for nothing.
QString figureText(Figure figure, std::optional<double> value);
/// All digits that tell the value apart, in the reader's language.
QString exactFigureText(std::optional<double> value);

}  // namespace layerloom
