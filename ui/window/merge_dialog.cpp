// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/merge_dialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/run/staged_run.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

bool isFilledFolder(const QString& path) {
  return QFileInfo::exists(path) && !QDir(path).isEmpty();
}

}  // namespace

MergeDialog::MergeDialog(const QString& suggestion, QStringList busy, QWidget* parent) : QDialog(parent), m_busy(std::move(busy)) {
  setWindowTitle(tr("Merge"));
  auto* heading = new QLabel(tr("Where should the merged model go?"), this);
  heading->setFont(dialogTitleFont());
  m_note = new QLabel(this);
  m_note->setTextFormat(Qt::PlainText);
  m_note->setFont(smallFont());
  m_note->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 24, 24, 16);
  layout->setSpacing(12);
  layout->addWidget(heading);
  layout->addWidget(makePathRow(suggestion));
  m_overwrite = new QCheckBox(tr("Replace the merged model that is there"), this);
  layout->addWidget(m_overwrite);
  layout->addWidget(makeUnfinishedPart());
  layout->addWidget(m_note);
  layout->addWidget(makeButtons());
  connect(m_overwrite, &QCheckBox::toggled, this, &MergeDialog::check);
  setMinimumWidth(520);
  check();
}

QWidget* MergeDialog::makeUnfinishedPart() {
  m_unfinished = new QWidget(this);
  auto* layout = new QVBoxLayout(m_unfinished);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  auto* words = new QLabel(tr("A merge into this folder was interrupted. What it has finished is kept."), m_unfinished);
  words->setWordWrap(true);
  m_continue = new QRadioButton(tr("Continue that merge"), m_unfinished);
  m_startAnew = new QRadioButton(tr("Start anew"), m_unfinished);
  m_continue->setChecked(true);
  layout->addWidget(words);
  layout->addWidget(m_continue);
  layout->addWidget(m_startAnew);
  connect(m_continue, &QRadioButton::toggled, this, &MergeDialog::check);
  return m_unfinished;
}

QDialogButtonBox* MergeDialog::makeButtons() {
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  m_merge = buttons->addButton(tr("Merge"), QDialogButtonBox::AcceptRole);
  m_merge->setIcon(themedIcon(QStringLiteral("play"), IconTone::OnAccent));
  m_merge->setProperty("accent", true);
  m_merge->setDefault(true);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  return buttons;
}

QWidget* MergeDialog::makePathRow(const QString& suggestion) {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  m_path = new QLineEdit(QDir::toNativeSeparators(suggestion), row);
  m_path->setAccessibleName(tr("Folder of the merged model"));
  auto* choose = new QPushButton(tr("Choose…"), row);
  layout->addWidget(m_path, 1);
  layout->addWidget(choose);
  connect(m_path, &QLineEdit::textChanged, this, &MergeDialog::check);
  connect(choose, &QPushButton::clicked, this, &MergeDialog::browse);
  return row;
}

QString MergeDialog::output() const {
  return QDir::fromNativeSeparators(m_path->text().trimmed());
}

bool MergeDialog::overwrite() const {
  return m_overwrite->isVisibleTo(this) && m_overwrite->isChecked();
}

UnfinishedMerge MergeDialog::unfinished() const {
  if (!m_unfinished->isVisibleTo(this)) {
    return UnfinishedMerge::Refuse;
  }
  return m_continue->isChecked() ? UnfinishedMerge::Resume : UnfinishedMerge::Discard;
}

void MergeDialog::browse() {
  const QString parent = QFileDialog::getExistingDirectory(this, tr("Folder that will hold the merged model"), QFileInfo(output()).path());
  if (!parent.isEmpty()) {
    m_path->setText(QDir::toNativeSeparators(QDir(parent).filePath(QFileInfo(output()).fileName())));
  }
}

bool MergeDialog::isBusy() const {
  const QString path = QDir::cleanPath(output());
  return std::any_of(m_busy.begin(), m_busy.end(), [&](const QString& busy) { return QDir::cleanPath(busy) == path; });
}

bool MergeDialog::standsUnfinished() const {
  return !isBusy() && !unfinishedFolder(output().toStdString()).empty();
}

void MergeDialog::check() {
  const QString path = output();
  const bool absolute = !path.isEmpty() && QFileInfo(path).isAbsolute();
  const bool filled = isFilledFolder(path);
  const bool replaceable = filled && QFileInfo::exists(path + QStringLiteral("/mergekit_config.yml"));
  m_overwrite->setVisible(replaceable);
  m_unfinished->setVisible(absolute && (!filled || replaceable) && standsUnfinished());
  m_note->setText(note(replaceable, filled));
  m_merge->setText(unfinished() == UnfinishedMerge::Resume ? tr("Continue") : tr("Merge"));
  m_merge->setEnabled(absolute && !isBusy() && (!filled || (replaceable && m_overwrite->isChecked())));
  // A dialog asks its layout how high it is at its best width only; texts that wrap need more at this one.
  setMinimumHeight(layout()->totalHeightForWidth(std::max(width(), minimumWidth())));
}

QString MergeDialog::note(bool isReplaceable, bool isFilled) const {
  if (!QFileInfo(output()).isAbsolute()) {
    return tr("Write the full path of a folder.");
  }
  if (isFilled && !isReplaceable) {
    return tr("This folder holds something else than a merged model. Name a new folder.");
  }
  if (isBusy()) {
    return tr("A merge into this folder is under way. Name another folder.");
  }
  switch (unfinished()) {
    case UnfinishedMerge::Resume:
      return tr("It continues if recipe and models are the same as then; otherwise nothing is changed.");
    case UnfinishedMerge::Discard:
      return tr("What the interrupted merge has finished is discarded.");
    case UnfinishedMerge::Refuse:
      break;
  }
  return tr("The folder is made when the merge is complete; nothing half-done is left behind.");
}

}  // namespace layerloom
