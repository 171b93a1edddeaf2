// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/audit_json.h"

#include <algorithm>
#include <limits>

namespace layerloom {

using Json = nlohmann::ordered_json;

Json auditToJson(const MergeAudit& audit) {
  Json json = {{"input_nan", audit.inputNans},
               {"input_infinite", audit.inputInfinities},
               {"output_nan", audit.outputNans},
               {"output_infinite", audit.outputInfinities},
               {"created", audit.created},
               {"saturated", audit.saturations},
               {"norm_outliers", audit.normOutliers},
               {"tensors_found", audit.findingCount}};
  json["tensors"] = Json::array();
  for (const TensorFinding& finding : audit.findings) {
    // JSON knows no infinite numbers, which a result of inputs that are all zero has.
    const Json ratio = finding.normRatio ? Json(std::min(*finding.normRatio, std::numeric_limits<double>::max())) : Json(nullptr);
    json["tensors"].push_back({{"tensor", finding.tensor},
                               {"input_nan", finding.inputNans},
                               {"input_infinite", finding.inputInfinities},
                               {"output_nan", finding.outputNans},
                               {"output_infinite", finding.outputInfinities},
                               {"saturated", finding.saturations},
                               {"norm_ratio", ratio}});
  }
  return json;
}

}  // namespace layerloom
