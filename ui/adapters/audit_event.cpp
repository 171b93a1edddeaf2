// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/audit_event.h"

#include <QJsonArray>

namespace layerloom {
namespace {

std::uint64_t count(const QJsonObject& object, const char* key) {
  const double value = object.value(QLatin1String(key)).toDouble();
  // Exact below; more entries no tensor has, and a cast of what does not fit is undefined.
  constexpr double kMost = 9007199254740992.0;
  return value > 0 && value < kMost ? static_cast<std::uint64_t>(value) : 0;
}

AuditTensor tensorOf(const QJsonObject& object) {
  AuditTensor tensor;
  tensor.name = object.value(QLatin1String("tensor")).toString();
  tensor.inputNans = count(object, "input_nan");
  tensor.inputInfinities = count(object, "input_infinite");
  tensor.outputNans = count(object, "output_nan");
  tensor.outputInfinities = count(object, "output_infinite");
  tensor.saturations = count(object, "saturated");
  if (const QJsonValue ratio = object.value(QLatin1String("norm_ratio")); ratio.isDouble()) {
    tensor.normRatio = ratio.toDouble();
  }
  return tensor;
}

}  // namespace

std::optional<AuditData> auditOf(const QJsonObject& done) {
  const QJsonValue value = done.value(QLatin1String("audit"));
  if (!value.isObject()) {
    return std::nullopt;
  }
  const QJsonObject object = value.toObject();
  AuditData audit;
  audit.inputNans = count(object, "input_nan");
  audit.inputInfinities = count(object, "input_infinite");
  audit.outputNans = count(object, "output_nan");
  audit.outputInfinities = count(object, "output_infinite");
  audit.created = count(object, "created");
  audit.saturations = count(object, "saturated");
  audit.normOutliers = count(object, "norm_outliers");
  audit.tensorsFound = count(object, "tensors_found");
  const QJsonArray tensors = object.value(QLatin1String("tensors")).toArray();
  for (const QJsonValue& tensor : tensors) {
    audit.tensors.push_back(tensorOf(tensor.toObject()));
  }
  const QJsonArray warnings = done.value(QLatin1String("warnings")).toArray();
  for (const QJsonValue& warning : warnings) {
    audit.warnings << warning.toString();
  }
  audit.tensorsKept = done.value(QLatin1String("tensors_kept")).toInt();
  return audit;
}

}  // namespace layerloom
