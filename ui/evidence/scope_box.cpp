// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/scope_box.h"

#include <QSignalBlocker>
#include <algorithm>

#include "ui/evidence/heat_grid.h"

namespace layerloom {
namespace {

// What an entry stands for, as its data: a word and what it names.
const QString kWhole = QStringLiteral("whole");
const QString kKind = QStringLiteral("kind %1");
const QString kLayer = QStringLiteral("layer %1 %2");
const QString kTensor = QStringLiteral("tensor %1");

QString keyOf(const KindStatistics& kind) {
  return kKind.arg(static_cast<int>(kind.kind));
}

QString keyOf(const LayerStatistics& layer) {
  return kLayer.arg(layer.layer).arg(QString::fromStdString(layer.module));
}

template <class T>
const GroupStatistics* findByKey(const std::vector<T>& groups, const QString& key) {
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const T& group) { return keyOf(group) == key; });
  return found == groups.end() ? nullptr : &found->figures;
}

}  // namespace

ScopeBox::ScopeBox(QWidget* parent) : QComboBox(parent) {
  setAccessibleName(tr("Tensors that count"));
  setToolTip(tr("Tensors that count"));
  setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
  setMinimumContentsLength(14);
}

void ScopeBox::addScopes() {
  addItem(tr("All tensors"), kWhole);
  if (!m_tensor.isEmpty()) {
    addItem(m_tensor, kTensor.arg(m_tensor));
  }
  if (m_data.statistics != nullptr) {
    for (const KindStatistics& kind : m_data.statistics->kinds()) {
      addItem(tr("kind %1").arg(kindText(kind.kind)), keyOf(kind));
    }
    for (const LayerStatistics& layer : m_data.statistics->layers()) {
      addItem(columnText({layer.layer, layer.module, TensorKind::Other, false}), keyOf(layer));
    }
  }
}

void ScopeBox::setData(const EvidenceData& evidence) {
  const QSignalBlocker quiet(this);
  const QString chosen = currentData().toString();
  m_data = evidence;
  clear();
  addScopes();
  setCurrentIndex(std::max(0, findData(chosen)));
}

void ScopeBox::chooseTensor(const std::string& tensor) {
  {
    const QSignalBlocker quiet(this);
    m_tensor = QString::fromStdString(tensor);
    setData(m_data);
  }
  setCurrentIndex(std::max(0, findData(kTensor.arg(m_tensor))));
}

GroupStatistics ScopeBox::figures() const {
  if (m_data.statistics == nullptr) {
    return {};
  }
  const Statistics& statistics = *m_data.statistics;
  const QString key = currentData().toString();
  if (!m_tensor.isEmpty() && key == kTensor.arg(m_tensor)) {
    const auto found = std::find_if(statistics.tensors.begin(), statistics.tensors.end(),
                                    [&](const TensorStatistics& tensor) { return tensor.name == m_tensor.toStdString(); });
    return found == statistics.tensors.end() ? GroupStatistics() : found->figures;
  }
  const auto kinds = statistics.kinds();
  if (const GroupStatistics* kind = findByKey(kinds, key)) {
    return *kind;
  }
  const auto layers = statistics.layers();
  if (const GroupStatistics* layer = findByKey(layers, key)) {
    return *layer;
  }
  return statistics.total();
}

}  // namespace layerloom
