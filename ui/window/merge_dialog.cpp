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
#include <QVBoxLayout>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

bool isFilledFolder(const QString& path) {
  return QFileInfo::exists(path) && !QDir(path).isEmpty();
}

}  // namespace

MergeDialog::MergeDialog(const QString& suggestion, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Merge"));
  auto* heading = new QLabel(tr("Where should the merged model go?"), this);
  heading->setFont(dialogTitleFont());
  m_overwrite = new QCheckBox(tr("Replace the merged model that is there"), this);
  m_note = new QLabel(this);
  m_note->setTextFormat(Qt::PlainText);
  m_note->setFont(smallFont());
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  m_merge = buttons->addButton(tr("Merge"), QDialogButtonBox::AcceptRole);
  m_merge->setIcon(themedIcon(QStringLiteral("play"), IconTone::OnAccent));
  m_merge->setProperty("accent", true);
  m_merge->setDefault(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 24, 24, 16);
  layout->setSpacing(12);
  layout->addWidget(heading);
  layout->addWidget(makePathRow(suggestion));
  layout->addWidget(m_overwrite);
  layout->addWidget(m_note);
  layout->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(m_overwrite, &QCheckBox::toggled, this, &MergeDialog::check);
  setMinimumWidth(520);
  check();
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

void MergeDialog::browse() {
  const QString parent = QFileDialog::getExistingDirectory(this, tr("Folder that will hold the merged model"), QFileInfo(output()).path());
  if (!parent.isEmpty()) {
    m_path->setText(QDir::toNativeSeparators(QDir(parent).filePath(QFileInfo(output()).fileName())));
  }
}

void MergeDialog::check() {
  const QString path = output();
  const bool filled = isFilledFolder(path);
  const bool replaceable = filled && QFileInfo::exists(path + QStringLiteral("/mergekit_config.yml"));
  m_overwrite->setVisible(replaceable);
  QString note = tr("The folder is made when the merge is complete; nothing half-done is left behind.");
  if (path.isEmpty() || QFileInfo(path).isRelative()) {
    note = tr("Write the full path of a folder.");
  } else if (filled && !replaceable) {
    note = tr("This folder holds something else than a merged model. Name a new folder.");
  }
  const bool usable = !path.isEmpty() && QFileInfo(path).isAbsolute() && (!filled || (replaceable && m_overwrite->isChecked()));
  m_note->setText(note);
  m_merge->setEnabled(usable);
}

}  // namespace layerloom
