// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recipe/method_box.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <QCoreApplication>
#include <QEvent>
#include <QStandardItemModel>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

struct MethodGroup {
  const char* heading;
  std::vector<std::string_view> methods;
};

/// From the plain to the particular; a method that stands in no group comes under the last heading.
const std::array<MethodGroup, 5>& methodGroups() {
  static const std::array<MethodGroup, 5> kGroups = {{
      {QT_TRANSLATE_NOOP("MethodBox", "Averages"), {"linear", "model_stock"}},
      {QT_TRANSLATE_NOOP("MethodBox", "Spherical"), {"slerp", "nuslerp", "multislerp", "karcher"}},
      {QT_TRANSLATE_NOOP("MethodBox", "Task vectors"), {"task_arithmetic", "sce", "ram", "ramplus_tl"}},
      {QT_TRANSLATE_NOOP("MethodBox", "Sparse task vectors"),
       {"ties", "dare_linear", "dare_ties", "della_linear", "della", "breadcrumbs", "breadcrumbs_ties"}},
      {QT_TRANSLATE_NOOP("MethodBox", "Others"), {"nearswap", "arcee_fusion", "passthrough"}},
  }};
  return kGroups;
}

bool isGrouped(const MethodSpec& method) {
  return std::any_of(methodGroups().begin(), methodGroups().end(), [&](const MethodGroup& group) {
    return std::find(group.methods.begin(), group.methods.end(), method.name) != group.methods.end();
  });
}

}  // namespace

QString methodToolTip(const MethodSpec& method) {
  QStringList lines{QCoreApplication::translate("Methods", method.summary.c_str())};
  if (!method.formula.empty()) lines << QString::fromStdString(method.formula);
  if (!method.reference.empty()) lines << QString::fromStdString(method.reference);
  return (lines << QStringLiteral("merge_method: %1").arg(QString::fromStdString(method.name))).join(u'\n');
}

MethodBox::MethodBox(QWidget* parent) : QComboBox(parent) {
  setMaxVisibleItems(26);
  for (const MethodGroup& group : methodGroups()) {
    addHeading(QCoreApplication::translate("MethodBox", group.heading));
    for (const std::string_view name : group.methods)
      if (const MethodSpec* method = findMethod(name)) addMethod(*method);
  }
  for (const MethodSpec& method : methodSpecs())
    if (!isGrouped(method)) addMethod(method);
  colourHeadings();
}

void MethodBox::addHeading(const QString& words) {
  addItem(words);
  auto* items = qobject_cast<QStandardItemModel*>(model());
  items->item(count() - 1)->setFlags(Qt::NoItemFlags);
  setItemData(count() - 1, scaledFont(strongFont(), 0.88), Qt::FontRole);
}

void MethodBox::addMethod(const MethodSpec& method) {
  addItem(QCoreApplication::translate("Methods", method.label.c_str()), QString::fromStdString(method.name));
  setItemData(count() - 1, plainToolTip(methodToolTip(method)), Qt::ToolTipRole);
}

void MethodBox::changeEvent(QEvent* event) {
  QComboBox::changeEvent(event);
  if (isThemeChange(event)) colourHeadings();
}

void MethodBox::colourHeadings() {
  for (int i = 0; i < count(); ++i)
    if (itemData(i).isNull()) setItemData(i, currentTheme().text3, Qt::ForegroundRole);
}

}  // namespace layerloom
