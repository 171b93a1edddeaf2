// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/preview_store.h"

#include <QtConcurrentRun>
#include <atomic>

#include "core/analysis/dry_run.h"

namespace layerloom {
namespace {

std::optional<MergePlan> planOf(const PreviewRequest& request) {
  PlanOptions options;
  options.locator = request.places;
  options.opened = request.models;
  return planMerge(request.recipe, options).plan;
}

std::shared_ptr<const Preview> predict(const PreviewRequest& request, PreviewMemory& memory, const std::stop_token& stop) {
  const std::optional<MergePlan> plan = planOf(request);
  if (!plan) {
    return nullptr;  // the problems of the recipe are told elsewhere
  }
  auto preview = std::make_shared<Preview>(
      memory.predict(*plan, request.statistics, linkPreview(*plan, *request.statistics), request.quick ? quickPreview(*plan) : PreviewOptions(), stop));
  return preview->complete ? preview : nullptr;
}

DryRunResult mergeLayer(const PreviewRequest& request, int layer, const std::stop_token& stop, const DryRunProgress& progress) {
  DryRunResult result;
  result.layer = layer;
  const std::optional<MergePlan> plan = planOf(request);
  if (!plan) {
    result.failure = PreviewStore::tr("the recipe has problems");
    return result;
  }
  const PreviewLinks links = linkPreview(*plan, *request.statistics);
  const std::vector<std::size_t> jobs = jobsOfLayer(links, layer);
  result.predicted = predictJobs(*plan, *request.statistics, links, jobs, {}, stop);
  auto measured = dryRun(*plan, request.sources, *request.statistics, links, jobs, 0, stop, progress);
  if (measured) {
    result.measured = *std::move(measured);
  } else {
    result.failure = QString::fromStdString(measured.error().message);
  }
  return result;
}

}  // namespace

PreviewStore::PreviewStore(QObject* parent) : QObject(parent) {
  m_pool.setMaxThreadCount(1);
  m_dryPool.setMaxThreadCount(1);
}

PreviewStore::~PreviewStore() {
  m_stop.request_stop();
  m_dryStop.request_stop();
  m_pool.waitForDone();
  m_dryPool.waitForDone();
}

void PreviewStore::clear() {
  m_stop.request_stop();
  m_dryStop.request_stop();
  ++m_generation;
  m_waiting.reset();
  m_last.reset();
  m_dryRun.reset();
  if (m_preview != nullptr) {
    m_preview.reset();
    emit updated();
  }
}

void PreviewStore::request(PreviewRequest request) {
  m_waiting = std::make_shared<PreviewRequest>(std::move(request));
  if (!m_running) {
    start();
  }
}

void PreviewStore::start() {
  m_running = true;
  const auto before = std::exchange(m_last, std::exchange(m_waiting, nullptr));
  if (before != nullptr && !sameRecipe(before->recipe, m_last->recipe)) {
    m_dryRun.reset();  // it says nothing of another recipe
  }
  m_stop = std::stop_source();
  QtConcurrent::run(&m_pool, [request = m_last, memory = m_memory, stop = m_stop.get_token()] { return predict(*request, *memory, stop); })
      .then(this, [this, generation = m_generation](const std::shared_ptr<const Preview>& preview) {
        m_running = false;
        if (generation == m_generation) {
          m_preview = preview;
          emit updated();
        }
        if (m_waiting != nullptr) {
          start();
        }
      });
}

void PreviewStore::runDry(int layer) {
  if (m_last == nullptr || m_dryRunning) {
    return;
  }
  m_dryRunning = true;
  m_dryStop = std::stop_source();
  const auto progress = [this, told = std::make_shared<std::atomic<int>>(0)](std::uint64_t done, std::uint64_t all) {
    const int percent = static_cast<int>(100 * done / std::max<std::uint64_t>(1, all));
    if (told->exchange(percent) != percent) {
      emit dryRunAdvanced(percent);
    }
  };
  QtConcurrent::run(&m_dryPool, [request = m_last, layer, stop = m_dryStop.get_token(), progress] { return mergeLayer(*request, layer, stop, progress); })
      .then(this, [this, request = m_last, stop = m_dryStop.get_token()](const DryRunResult& result) {
        m_dryRunning = false;
        // Another recipe may have come meanwhile.
        if (!stop.stop_requested() && m_last != nullptr && sameRecipe(request->recipe, m_last->recipe)) {
          m_dryRun = result;
        }
        emit dryRunChanged();
      });
  emit dryRunChanged();
}

}  // namespace layerloom
