// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <array>
#include <vector>

#include "core/analysis/advice.h"

namespace layerloom {

/// How much advice there is of each level, for the title of the dock: icon, figure and, where there is room, the word.
class AdviceSummary : public QWidget {
  Q_OBJECT

 public:
  explicit AdviceSummary(QWidget* parent = nullptr);

  /// Counts by AdviceLevel.
  void setCounts(const std::array<int, 4>& counts);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Entry {
    AdviceLevel level;
    QString figure;
    QString words;
  };
  double widthOf(QString Entry::*text) const;

  std::vector<Entry> m_entries;
};

/// A shape of its own for every level, not only a colour.
QIcon adviceIcon(AdviceLevel level);
/// "2 cautions".
QString adviceCountText(AdviceLevel level, int count);

}  // namespace layerloom
