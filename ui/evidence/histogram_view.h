// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCharts/QChartView>
#include <optional>
#include <utility>
#include <vector>

#include "ui/evidence/evidence_data.h"

class QCategoryAxis;

namespace layerloom {

/// How large the changes are: the share of entries per doubling of |Δ|, one outline per model in its colour and dash.
class HistogramView : public QChartView {
  Q_OBJECT

 public:
  explicit HistogramView(QWidget* parent = nullptr);

  /// `onlyModel`: −1 shows all models.
  void setContent(const EvidenceData& evidence, const GroupStatistics& figures, int onlyModel);
  void setLogarithmic(bool logarithmic);
  /// First and last bin that are drawn: those with so many entries that something is to be seen; nothing when no entry changed.
  std::optional<std::pair<int, int>> bins() const { return m_bins; }
  /// Share of the model's entries in a bin.
  double share(int model, int bin) const;

  QSize sizeHint() const override { return {480, 170}; }
  QSize minimumSizeHint() const override { return {200, 90}; }

 protected:
  bool viewportEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void makeAxes();
  void rebuild();
  void addOutline(int model);
  void findBins();
  void rangeSizes();
  void rangeShares(double most);
  double heightOf(double percent) const;
  void colour();
  std::vector<int> shownModels() const;
  QString binText(int bin) const;

  EvidenceData m_data;
  GroupStatistics m_figures;
  int m_onlyModel = -1;
  bool m_logarithmic = false;
  std::optional<std::pair<int, int>> m_bins;
  QCategoryAxis* m_sizes = nullptr;
  QCategoryAxis* m_shares = nullptr;
};

}  // namespace layerloom
