// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/stages.h"

namespace layerloom {

Result<std::shared_ptr<const Model>> announcedModel(const MergePlan& plan, const std::string& name) {
  std::vector<TensorEntry> entries;
  for (const TensorJob& job : plan.jobs) {
    entries.push_back(job.output);
  }
  return Model::announce(name, plan.config, std::move(entries));
}

}  // namespace layerloom
