// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/plan_checker.h"

#include <QThread>
#include <QtConcurrentRun>

namespace layerloom {
namespace {

constexpr int kDelayMs = 120;
/// What the program itself, its libraries and the headers take, as measured.
constexpr std::uint64_t kBaseMemory = 24'000'000;

/// Buffers of the executor: per thread a chunk of each input and of the result as float32, and one in the stored type.
std::uint64_t estimateMemory(const MergePlan& plan) {
  std::size_t most = 0;
  for (const TensorJob& job : plan.jobs) {
    most = std::max(most, job.inputs.size());
  }
  const std::uint64_t perThread = kChunkElements * sizeof(float) * (2 * most + 3);
  return kBaseMemory + perThread * static_cast<std::uint64_t>(QThread::idealThreadCount());
}

CheckedPlan check(const std::string& text, const LocatorOptions& places) {
  CheckedPlan result;
  ParsedRecipe parsed = parseRecipe(text);
  result.problems = std::move(parsed.problems);
  result.method = parsed.draft.mergeMethod;
  result.draft = std::move(parsed.draft);
  if (result.method.empty()) {
    return result;  // no recipe at all, as its problems say
  }
  PlanOptions options;
  options.locator = places;
  PlanResult planned = planMerge(result.draft, options);
  result.problems.insert(result.problems.end(), planned.problems.begin(), planned.problems.end());
  if (planned.plan && parsed.recipe) {
    std::uint64_t output = 0;
    for (const OutputShard& shard : planned.plan->shards) {
      output += shard.bytes;
    }
    const MergePlan& plan = *planned.plan;
    result.size = CheckedPlan::Size{plan.jobs.size(),  plan.models.size(), plan.layers,    output,
                                    plan.bytesToRead, plan.bytesToWrite,  plan.stageBytes, estimateMemory(plan)};
  }
  return result;
}

}  // namespace

PlanChecker::PlanChecker(QObject* parent) : QObject(parent) {
  m_pool.setMaxThreadCount(1);
  m_delay.setSingleShot(true);
  m_delay.setInterval(kDelayMs);
  connect(&m_delay, &QTimer::timeout, this, &PlanChecker::start);
}

PlanChecker::~PlanChecker() {
  m_pool.clear();
  m_pool.waitForDone();
}

void PlanChecker::request(const QString& text, const LocatorOptions& places) {
  m_text = text;
  m_places = places;
  m_busy = true;
  ++m_request;
  m_delay.start();
}

void PlanChecker::start() {
  m_pool.clear();
  QtConcurrent::run(&m_pool, check, m_text.toStdString(), m_places).then(this, [this, request = m_request](const CheckedPlan& result) {
    if (request == m_request) {
      m_busy = false;
      emit checked(result);
    }
  });
}

}  // namespace layerloom
