// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/problem_text.h"

#include <QCoreApplication>

#include "ui/parts/painting.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

struct ProblemText {
  Q_DECLARE_TR_FUNCTIONS(ProblemText)
};

}  // namespace

QString severityWord(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return ProblemText::tr("Error");
    case Severity::Warning:
      return ProblemText::tr("Warning");
    case Severity::Note:
      return ProblemText::tr("Note");
  }
  return {};
}

QIcon severityIcon(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return themedIcon(QStringLiteral("error"), IconTone::Error);
    case Severity::Warning:
      return themedIcon(QStringLiteral("warn"), IconTone::Warning);
    case Severity::Note:
      return themedIcon(QStringLiteral("info"), IconTone::Info);
  }
  return {};
}

QColor severityColour(Severity severity) {
  const Theme& theme = currentTheme();
  return severity == Severity::Error ? theme.error : severity == Severity::Warning ? theme.warning : theme.info;
}

QColor severitySoftColour(Severity severity) {
  const Theme& theme = currentTheme();
  return severity == Severity::Error     ? theme.errorSoft
         : severity == Severity::Warning ? theme.warningSoft
                                         : theme.infoSoft;
}

QString problemPlace(const Problem& problem) {
  return problem.where.line > 0 ? ProblemText::tr("line %1").arg(problem.where.line) : QString();
}

QString problemDetail(const Problem& problem) {
  QStringList parts{QString::fromStdString(problem.path), capitalised(QString::fromStdString(problem.remedy))};
  parts.removeAll(QString());
  return parts.join(QStringLiteral(" · "));
}

QString problemWords(const Problem& problem) {
  QString words =
      ProblemText::tr("%1: %2").arg(severityWord(problem.severity), QString::fromStdString(problem.message));
  QStringList places{QString::fromStdString(problem.path), problemPlace(problem)};
  places.removeAll(QString());
  if (!places.isEmpty()) words += QStringLiteral(" (%1)").arg(places.join(QStringLiteral(", ")));
  if (!problem.remedy.empty()) words += u'\n' + capitalised(QString::fromStdString(problem.remedy));
  return words;
}

}  // namespace layerloom
