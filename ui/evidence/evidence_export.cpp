// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/evidence_export.h"

#include <QPainter>
#include <QSaveFile>
#include <QWidget>
#include <limits>

#include "core/support/csv.h"
#include "ui/evidence/heat_model.h"
#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kPictureScale = 2;
constexpr int kTitle = 32;
constexpr int kPadding = 12;

QString quoted(const QString& text) {
  return QString::fromStdString(csvField(text.toStdString()));
}

QString headerOf(const QAbstractItemModel& table, int section, Qt::Orientation orientation) {
  return quoted(table.headerData(section, orientation, Qt::AccessibleTextRole).toString());
}

QString cellOf(const QModelIndex& index, bool isName) {
  if (isName) {
    return quoted(index.data(Qt::DisplayRole).toString());
  }
  const QVariant value = index.data(ValueRole);
  return value.isValid() ? QString::number(value.toDouble(), 'g', std::numeric_limits<double>::max_digits10) : QString();
}

}  // namespace

QString tableAsCsv(const QAbstractItemModel& table, bool rowNames) {
  QString csv;
  QStringList line;
  if (rowNames) {
    line << QString();
  }
  for (int column = 0; column < table.columnCount(); ++column) {
    line << headerOf(table, column, Qt::Horizontal);
  }
  csv += line.join(QLatin1Char(',')) + QStringLiteral("\r\n");
  for (int row = 0; row < table.rowCount(); ++row) {
    line.clear();
    if (rowNames) {
      line << headerOf(table, row, Qt::Vertical);
    }
    for (int column = 0; column < table.columnCount(); ++column) {
      line << cellOf(table.index(row, column), !rowNames && column == 0);
    }
    csv += line.join(QLatin1Char(',')) + QStringLiteral("\r\n");
  }
  return csv;
}

bool saveCsv(const QString& csv, const QString& path, QString& reason) {
  QSaveFile file(path);
  const QByteArray bytes = csv.toUtf8();
  const bool written = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
  reason = written ? QString() : QStringLiteral("%1: %2").arg(path, file.errorString());
  return written;
}

QImage pictureOf(const QString& title, QWidget* legend, QWidget& content) {
  const QSize size(content.width() + 2 * kPadding, content.height() + kTitle + kPadding);
  QImage picture(size * kPictureScale, QImage::Format_RGB32);
  picture.setDevicePixelRatio(kPictureScale);
  picture.fill(currentTheme().panel);
  QPainter painter(&picture);
  const int legendWidth = legend == nullptr ? 0 : legend->width();
  paintLine(painter, QRectF(kPadding, 0, size.width() - legendWidth - 3 * kPadding, kTitle), strongFont(), currentTheme().text, title);
  if (legend != nullptr) {
    legend->render(&painter, QPoint(size.width() - legendWidth - kPadding, (kTitle - legend->height()) / 2), {}, QWidget::DrawChildren);
  }
  content.render(&painter, QPoint(kPadding, kTitle), {}, QWidget::DrawChildren);
  return picture;
}

bool savePicture(const QImage& picture, const QString& path, QString& reason) {
  QSaveFile file(path);
  const bool written = file.open(QIODevice::WriteOnly) && picture.save(&file, "PNG") && file.commit();
  reason = written ? QString() : QStringLiteral("%1: %2").arg(path, file.errorString());
  return written;
}

}  // namespace layerloom
