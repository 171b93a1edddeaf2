// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/figures.h"

#include <QCoreApplication>
#include <QLocale>
#include <array>
#include <cmath>
#include <limits>

namespace layerloom {
namespace {

struct FigureText {
  const char* name;
  const char* definition;
};

/// In the order of Figure.
constexpr std::array<FigureText, 12> kTexts = {{
    {QT_TRANSLATE_NOOP("Figures", "relative delta"), QT_TRANSLATE_NOOP("Figures", "‖Δ‖ / ‖W‖: the length of the change against that of the base")},
    {QT_TRANSLATE_NOOP("Figures", "‖Δ‖"), QT_TRANSLATE_NOOP("Figures", "Length of the change: the root of the sum of its squares")},
    {QT_TRANSLATE_NOOP("Figures", "RMS of Δ"), QT_TRANSLATE_NOOP("Figures", "Root of the mean square of the change: its size per entry")},
    {QT_TRANSLATE_NOOP("Figures", "max |Δ|"), QT_TRANSLATE_NOOP("Figures", "The greatest change of one entry")},
    {QT_TRANSLATE_NOOP("Figures", "unchanged"), QT_TRANSLATE_NOOP("Figures", "Share of entries whose change is exactly 0")},
    {QT_TRANSLATE_NOOP("Figures", "top 1 %"), QT_TRANSLATE_NOOP("Figures", "Share of ‖Δ‖² that the 1 % of entries with the greatest change hold")},
    {QT_TRANSLATE_NOOP("Figures", "top 5 %"), QT_TRANSLATE_NOOP("Figures", "Share of ‖Δ‖² that the 5 % of entries with the greatest change hold")},
    {QT_TRANSLATE_NOOP("Figures", "top 20 %"), QT_TRANSLATE_NOOP("Figures", "Share of ‖Δ‖² that the 20 % of entries with the greatest change hold")},
    {QT_TRANSLATE_NOOP("Figures", "stable rank"), QT_TRANSLATE_NOOP("Figures", "‖Δ‖²_F / ‖Δ‖²₂: in how many directions the change goes")},
    {QT_TRANSLATE_NOOP("Figures", "cosine of deltas"),
     QT_TRANSLATE_NOOP("Figures", "Angle between the changes of two models: 1 the same direction, 0 none of the other, −1 opposite")},
    {QT_TRANSLATE_NOOP("Figures", "sign conflict"),
     QT_TRANSLATE_NOOP("Figures", "Among entries that both models changed, the share with opposite signs")},
    {QT_TRANSLATE_NOOP("Figures", "weighted sign conflict"),
     QT_TRANSLATE_NOOP("Figures", "Sign conflict, each entry counted by the smaller of the two changes")},
}};

const FigureText& textOf(Figure figure) {
  return kTexts[static_cast<std::size_t>(figure)];
}

bool isShare(Figure figure) {
  return (figure >= Figure::ZeroShare && figure <= Figure::Top20) || figure == Figure::SignConflict || figure == Figure::WeightedSignConflict;
}

std::optional<double> modelFigure(const DeltaStatistics& delta, Figure figure) {
  switch (figure) {
    case Figure::RelativeDelta:
      return delta.relative();
    case Figure::Norm:
      return delta.norm();
    case Figure::Rms:
      return delta.rms();
    case Figure::MaxAbs:
      return delta.maxAbs;
    case Figure::ZeroShare:
      return delta.zeroShare();
    case Figure::Top1:
      return delta.topShares[0];
    case Figure::Top5:
      return delta.topShares[1];
    case Figure::Top20:
      return delta.topShares[2];
    case Figure::StableRank:
      return delta.stableRank;
    default:
      return std::nullopt;
  }
}

std::optional<double> pairFigure(const PairStatistics& pair, Figure figure) {
  switch (figure) {
    case Figure::Cosine:
      return pair.cosine();
    case Figure::SignConflict:
      return pair.signConflict();
    case Figure::WeightedSignConflict:
      return pair.weightedSignConflict();
    default:
      return std::nullopt;
  }
}

}  // namespace

const std::vector<Figure>& modelFigures() {
  static const std::vector<Figure> figures = {Figure::RelativeDelta, Figure::Norm, Figure::Rms,   Figure::MaxAbs,    Figure::ZeroShare,
                                              Figure::Top1,          Figure::Top5, Figure::Top20, Figure::StableRank};
  return figures;
}

const std::vector<Figure>& pairFigures() {
  static const std::vector<Figure> figures = {Figure::Cosine, Figure::SignConflict, Figure::WeightedSignConflict};
  return figures;
}

bool isPairFigure(Figure figure) {
  return figure >= Figure::Cosine;
}

bool isSigned(Figure figure) {
  return figure == Figure::Cosine;
}

std::optional<double> figureOf(const GroupStatistics& group, Figure figure, int subject) {
  const auto index = static_cast<std::size_t>(subject);
  if (isPairFigure(figure)) {
    return index < group.pairs.size() && group.pairs[index] ? pairFigure(*group.pairs[index], figure) : std::nullopt;
  }
  return index < group.models.size() && group.models[index] ? modelFigure(*group.models[index], figure) : std::nullopt;
}

QString figureName(Figure figure) {
  return QCoreApplication::translate("Figures", textOf(figure).name);
}

QString figureDefinition(Figure figure) {
  return QCoreApplication::translate("Figures", textOf(figure).definition);
}

QString figureTitle(const EvidenceData& data, Figure figure, int subject) {
  const QString of = isPairFigure(figure) ? pairName(data, subject) : modelName(data, subject);
  return QCoreApplication::translate("Figures", "%1: %2", "a figure and the models it is of").arg(figureName(figure), of);
}

QString figureText(Figure figure, std::optional<double> value) {
  if (!value || std::isnan(*value)) {
    return QStringLiteral("–");
  }
  const QLocale locale;
  if (std::isinf(*value)) {
    return QStringLiteral("∞");
  }
  if (isShare(figure)) {
    const double share = *value * 100;
    return QCoreApplication::translate("Figures", "%1 %", "per cent").arg(locale.toString(share, 'f', share >= 99.95 || share == 0 ? 0 : 1));
  }
  if (isSigned(figure)) {
    const double rounded = std::abs(*value) < 0.005 ? 0 : *value;  // no "−0.00"
    return locale.toString(rounded, 'f', 2).replace(QLatin1Char('-'), QChar(0x2212));
  }
  const double size = std::abs(*value);
  if (size == 0) {
    return QStringLiteral("0");
  }
  if (size < 1e-4 || size >= 1e5) {
    return locale.toString(*value, 'e', 1);
  }
  const int decimals = std::max(0, 2 - static_cast<int>(std::floor(std::log10(size))));
  return locale.toString(*value, 'f', decimals);
}

QString exactFigureText(std::optional<double> value) {
  return value ? QLocale().toString(*value, 'g', std::numeric_limits<double>::max_digits10) : QStringLiteral("–");
}

}  // namespace layerloom
