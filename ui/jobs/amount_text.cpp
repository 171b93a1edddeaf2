// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/amount_text.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>

namespace layerloom {
namespace {

struct AmountText {
  Q_DECLARE_TR_FUNCTIONS(AmountText)
};

constexpr double kStep = 1000;

struct Unit {
  double size = 1;
  QString name;
};

Unit unitFor(double bytes) {
  const QString names[] = {AmountText::tr("B"), AmountText::tr("kB"), AmountText::tr("MB"), AmountText::tr("GB"),
                           AmountText::tr("TB")};
  Unit unit{1, names[0]};
  // 999.6 MB would be shown as "1000 MB"; it takes the next unit instead.
  for (int i = 1; i < 5 && bytes >= 0.9995 * unit.size * kStep; ++i) unit = {unit.size * kStep, names[i]};
  return unit;
}

/// Three figures at most: "0.21", "3.1", "220".
QString figures(double value) {
  const int decimals = value == std::floor(value) || value >= 99.95 ? 0 : value < 0.995 ? 2 : 1;
  return QLocale().toString(value, 'f', decimals);
}

QString figuresIn(double bytes, const Unit& unit) {
  return figures(bytes / unit.size);
}

}  // namespace

QString bytesText(std::uint64_t bytes) {
  const auto value = static_cast<double>(bytes);
  const Unit unit = unitFor(value);
  return AmountText::tr("%1 %2", "number, unit").arg(figuresIn(value, unit), unit.name);
}

QString bytesOfText(std::uint64_t part, std::uint64_t whole) {
  const Unit unit = unitFor(static_cast<double>(whole));
  return AmountText::tr("%1 of %2 %3", "done, total, unit")
      .arg(figuresIn(static_cast<double>(part), unit), figuresIn(static_cast<double>(whole), unit), unit.name);
}

QString rateText(double bytesPerSecond) {
  return AmountText::tr("%1/s", "amount per second")
      .arg(bytesText(static_cast<std::uint64_t>(std::max(0.0, bytesPerSecond))));
}

QString durationText(double seconds) {
  if (seconds < 9.95) {
    const bool whole = std::abs(seconds - std::round(seconds)) < 0.05;
    return AmountText::tr("%1 s").arg(QLocale().toString(seconds, 'f', whole ? 0 : 1));
  }
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return AmountText::tr("%1 s").arg(whole);
  if (whole < 3600) return AmountText::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
  return AmountText::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

}  // namespace layerloom
