// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/advice/report_language.h"

#include <QCoreApplication>
#include <QLocale>

#include "ui/advice/advice_panel.h"

namespace layerloom {

report::ReportLanguage reportLanguage() {
  report::ReportLanguage language;
  // A language without a translation stays English, and then must not call itself anything else.
  const bool isTranslated = QCoreApplication::translate("Report", "Advice") != QLatin1String("Advice");
  language.code = isTranslated ? QLocale().bcp47Name().toStdString() : "en";
  language.decimalPoint = isTranslated ? QLocale().decimalPoint().toStdString() : ".";
  language.translate = [](const char* text) { return QCoreApplication::translate("Report", text).toStdString(); };
  language.advice = [](const Advice& advice) { return adviceText(advice).toStdString(); };
  return language;
}

}  // namespace layerloom
