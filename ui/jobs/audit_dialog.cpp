// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/audit_dialog.h"

#include <algorithm>

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/jobs/audit_text.h"
#include "ui/parts/painting.h"
#include "ui/parts/quiet_label.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kWidth = 720;
constexpr int kNarrowWidth = 480;
constexpr int kListHeight = 200;

}  // namespace

AuditDialog::AuditDialog(const JobData& job, QWidget* parent) : QDialog(parent), m_job(job) {
  setWindowTitle(tr("Audit of %1", "merged model").arg(job.name));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 24, 24, 16);
  layout->setSpacing(12);
  addHeading(*layout);
  addFacts(*layout);
  addWarnings(*layout);
  addTensors(*layout);
  addButtons(*layout);
  setMinimumWidth(m_job.audit->tensors.empty() ? kNarrowWidth : kWidth);
  // A dialog asks its layout how high it is at its best width only; texts that wrap need more at this one.
  if (layout->hasHeightForWidth()) {
    setMinimumHeight(layout->totalHeightForWidth(minimumWidth()));
  }
  applyColours();
}

void AuditDialog::addHeading(QVBoxLayout& layout) {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  m_icon = new QLabel(this);
  auto* heading = new QLabel(capitalised(auditChip(*m_job.audit)), this);
  heading->setTextFormat(Qt::PlainText);
  heading->setFont(dialogTitleFont());
  row->addWidget(m_icon);
  row->addWidget(heading, 1);
  layout.addLayout(row);
  layout.addWidget(new QuietLabel(mergeSummary(m_job), LabelTone::Text2, LabelFont::Body, this));
}

void AuditDialog::addFacts(QVBoxLayout& layout) {
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(24);
  grid->setVerticalSpacing(4);
  int line = 0;
  for (const auto& [label, value] : auditFacts(*m_job.audit)) {
    auto* figure = new QuietLabel(value, value == QLatin1String("0") ? LabelTone::Text2 : LabelTone::Text,
                                  value == QLatin1String("0") ? LabelFont::Body : LabelFont::Strong, this);
    figure->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    grid->addWidget(new QuietLabel(label, LabelTone::Text2, LabelFont::Body, this), line, 0);
    grid->addWidget(figure, line, 1);
    ++line;
  }
  grid->setColumnStretch(2, 1);
  layout.addLayout(grid);
}

void AuditDialog::addWarnings(QVBoxLayout& layout) {
  for (const QString& warning : m_job.audit->warnings) {
    auto* label = new QuietLabel(capitalised(warning), LabelTone::Text, LabelFont::Body, this);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout.addWidget(label);
  }
}

void AuditDialog::addTensors(QVBoxLayout& layout) {
  if (m_job.audit->tensors.empty()) return;
  auto* list = new QTreeWidget(this);
  list->setAccessibleName(tr("Tensors that look odd"));
  list->setRootIsDecorated(false);
  list->setUniformRowHeights(true);
  list->setAlternatingRowColors(true);
  list->setColumnCount(2);
  list->setHeaderHidden(true);
  for (const AuditTensor& tensor : m_job.audit->tensors) {
    const QString finding = findingText(tensor);
    auto* item = new QTreeWidgetItem(list, {tensor.name, finding});
    item->setFont(0, codeFont());
    item->setToolTip(0, plainToolTip(tensor.name));
    item->setToolTip(1, plainToolTip(finding));
  }
  list->setCurrentItem(list->topLevelItem(0));
  list->resizeColumnToContents(0);
  list->setColumnWidth(0, std::min(list->columnWidth(0) + 16, kWidth * 2 / 5));
  list->setMinimumHeight(kListHeight);
  layout.addWidget(list, 1);
  if (const QString more = moreFindingsText(*m_job.audit); !more.isEmpty())
    layout.addWidget(new QuietLabel(more, LabelTone::Text2, LabelFont::Small, this));
}

void AuditDialog::addButtons(QVBoxLayout& layout) {
  auto* buttons = new QDialogButtonBox(this);
  QPushButton* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
  copy->setIcon(themedIcon(QStringLiteral("copy")));
  QPushButton* close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
  close->setDefault(true);
  connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(auditAsText(m_job)); });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  layout.addSpacing(4);
  layout.addWidget(buttons);
}

void AuditDialog::applyColours() {
  const bool clean = m_job.audit->isClean();
  const QIcon icon = themedIcon(clean ? QStringLiteral("ok") : QStringLiteral("warn"), clean ? IconTone::Ok : IconTone::Warning);
  m_icon->setPixmap(icon.pixmap(QSize(20, 20), devicePixelRatioF()));
}

void AuditDialog::changeEvent(QEvent* event) {
  QDialog::changeEvent(event);
  if (isThemeChange(event)) applyColours();
}

}  // namespace layerloom
