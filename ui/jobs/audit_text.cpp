// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/audit_text.h"

#include <algorithm>
#include <limits>

#include <QCoreApplication>
#include <QLocale>

#include "ui/jobs/amount_text.h"

namespace layerloom {
namespace {

struct AuditText {
  Q_DECLARE_TR_FUNCTIONS(AuditText)
};

QString figures(std::uint64_t count) {
  return QLocale().toString(static_cast<qulonglong>(count));
}

/// For the choice of a plural form.
int asCount(std::uint64_t count) {
  return static_cast<int>(std::min<std::uint64_t>(count, std::numeric_limits<int>::max()));
}

}  // namespace

QString auditChip(const AuditData& audit) {
  if (audit.tensorsFound > 0) return AuditText::tr("%n tensor(s) look odd", nullptr, asCount(audit.tensorsFound));
  if (!audit.warnings.isEmpty())
    return AuditText::tr("%n remark(s) on the sources", nullptr, static_cast<int>(audit.warnings.size()));
  return AuditText::tr("no NaN, no overflow");
}

std::vector<std::pair<QString, QString>> auditFacts(const AuditData& audit) {
  return {{AuditText::tr("NaN in the inputs"), figures(audit.inputNans)},
          {AuditText::tr("Infinite in the inputs"), figures(audit.inputInfinities)},
          {AuditText::tr("NaN in the result"), figures(audit.outputNans)},
          {AuditText::tr("Infinite in the result"), figures(audit.outputInfinities)},
          {AuditText::tr("NaN or infinite by the merge alone"), figures(audit.created)},
          {AuditText::tr("Too large for the output precision"), figures(audit.saturations)},
          {AuditText::tr("Tensors with an unusual norm"), figures(audit.normOutliers)}};
}

QString findingText(const AuditTensor& tensor) {
  QStringList parts;
  const auto add = [&](std::uint64_t count, const QString& what) {
    if (count > 0) parts << what.arg(figures(count));
  };
  add(tensor.inputNans, AuditText::tr("%1 NaN in the inputs"));
  add(tensor.inputInfinities, AuditText::tr("%1 infinite in the inputs"));
  add(tensor.outputNans, AuditText::tr("%1 NaN in the result"));
  add(tensor.outputInfinities, AuditText::tr("%1 infinite in the result"));
  add(tensor.saturations, AuditText::tr("%1 too large for the output precision"));
  if (tensor.normRatio)
    parts << AuditText::tr("norm %1 times that of the nearest input").arg(QLocale().toString(*tensor.normRatio, 'g', 3));
  return parts.join(QStringLiteral(", "));
}

QString moreFindingsText(const AuditData& audit) {
  if (audit.tensorsFound <= audit.tensors.size()) return {};
  return AuditText::tr("%n more tensor(s) are not listed.", nullptr, asCount(audit.tensorsFound - audit.tensors.size()));
}

QString mergeSummary(const JobData& job) {
  QStringList parts{job.method};
  if (job.tensors >= 0) parts << AuditText::tr("%n tensor(s)", nullptr, job.tensors);
  if (job.secondsTaken >= 0) parts << durationText(job.secondsTaken);
  if (job.audit && job.audit->tensorsKept > 0)
    parts << AuditText::tr("%n kept from the interrupted merge", nullptr, job.audit->tensorsKept);
  return parts.join(QStringLiteral(" · "));
}

QString auditAsText(const JobData& job) {
  const AuditData audit = job.audit.value_or(AuditData());
  QStringList lines{AuditText::tr("Audit of %1", "folder").arg(job.folder), mergeSummary(job), auditChip(audit), {}};
  for (const auto& [label, value] : auditFacts(audit)) lines << AuditText::tr("%1: %2", "label, figure").arg(label, value);
  for (const QString& warning : audit.warnings) lines << warning;
  if (!audit.tensors.empty()) lines << QString();
  for (const AuditTensor& tensor : audit.tensors)
    lines << AuditText::tr("%1: %2", "label, figure").arg(tensor.name, findingText(tensor));
  lines << moreFindingsText(audit);
  while (lines.last().isEmpty()) lines.removeLast();
  return lines.join(u'\n') + u'\n';
}

}  // namespace layerloom
