// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>
#include <QImage>
#include <QString>

namespace layerloom {

/// The table as CSV (RFC 4180): header, then the rows as they stand, figures from ValueRole with all their digits and a decimal point; empty
/// where there is no value. Names come from AccessibleTextRole of the header; csvField keeps those that look like formulas from being run. With
/// `rowNames` the vertical header is the first column.
QString tableAsCsv(const QAbstractItemModel& table, bool rowNames);

/// Writes to a file that appears complete or not at all. False: `reason` says why.
bool saveCsv(const QString& csv, const QString& path, QString& reason);

/// A picture with a title line: `legend` (may be null) at its end, the widget below, twice as fine as the screen.
QImage pictureOf(const QString& title, QWidget* legend, QWidget& content);
bool savePicture(const QImage& picture, const QString& path, QString& reason);

}  // namespace layerloom
