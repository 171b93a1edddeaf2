// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

namespace layerloom {

/// Names of models behind a piece of their line; what does not fit is cut off at the end.
class ModelLegend : public QWidget {
  Q_OBJECT

 public:
  struct Entry {
    QString text;
    int colourIndex = 0;
  };

  explicit ModelLegend(QWidget* parent = nullptr);

  /// `lines`: with a piece of line and marker, else the marker alone.
  void setEntries(std::vector<Entry> entries, bool lines);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double sampleWidth() const { return m_lines ? 22 : 10; }

  std::vector<Entry> m_entries;
  bool m_lines = true;
};

}  // namespace layerloom
