// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/divergence_store.h"

#include <QtConcurrentRun>
#include <algorithm>

namespace layerloom {
namespace {

constexpr int kPublishMs = 100;

}  // namespace

DivergenceStore::DivergenceStore(QObject* parent) : QObject(parent) {
  m_pool.setMaxThreadCount(1);
  m_timer.setInterval(kPublishMs);
  connect(&m_timer, &QTimer::timeout, this, &DivergenceStore::publish);
}

DivergenceStore::~DivergenceStore() {
  if (m_running != nullptr) {
    m_running->stop.request_stop();
  }
  m_pool.waitForDone();
}

void DivergenceStore::setWanted(std::shared_ptr<const Model> base, const std::vector<std::shared_ptr<const Model>>& models) {
  if (base != m_base) {
    m_results.clear();
    m_kept.clear();
    m_base = std::move(base);
    if (m_running != nullptr) {
      m_running->stop.request_stop();
      m_running.reset();
    }
  }
  const auto isWanted = [&](const std::shared_ptr<const Model>& model) { return std::find(models.begin(), models.end(), model) != models.end(); };
  if (m_running != nullptr && !isWanted(m_running->model)) {
    m_running->stop.request_stop();
    m_results.erase(m_running->model.get());
    m_running.reset();
  }
  m_waiting.clear();
  for (const auto& model : models) {
    const bool underWay = m_running != nullptr && m_running->model == model;
    if (m_base != nullptr && model != nullptr && model != m_base && !underWay && !m_results.contains(model.get())) {
      m_waiting.push_back(model);
    }
  }
  startNext();
}

void DivergenceStore::startNext() {
  if (m_running != nullptr || m_waiting.empty() || m_base == nullptr) {
    return;
  }
  m_running = std::make_shared<Run>();
  m_running->model = m_waiting.front();
  m_waiting.erase(m_waiting.begin());
  m_kept.push_back(m_running->model);
  m_results[m_running->model.get()];
  m_timer.start();
  QtConcurrent::run(&m_pool,
                    [run = m_running, base = m_base] {
                      return measureDivergence(base, run->model, {}, run->stop.get_token(), [&](const TensorDivergence& tensor) {
                        const std::lock_guard lock(run->mutex);
                        run->fresh.push_back(tensor);
                      });
                    })
      .then(this, [this, run = m_running](const Status& status) { finish(run, status); });
}

void DivergenceStore::publish() {
  if (m_running == nullptr) {
    return;
  }
  std::vector<TensorDivergence> fresh;
  {
    const std::lock_guard lock(m_running->mutex);
    fresh.swap(m_running->fresh);
  }
  if (!fresh.empty()) {
    auto& results = m_results[m_running->model.get()];
    results.insert(results.end(), fresh.begin(), fresh.end());
    emit updated();
  }
}

void DivergenceStore::finish(const std::shared_ptr<Run>& run, const Status& status) {
  if (run != m_running) {
    return;  // cancelled meanwhile; its results are not wanted
  }
  publish();
  m_running.reset();
  m_timer.stop();
  if (!status) {
    emit failed(QString::fromStdString(status.error().message));
  }
  startNext();
}

std::vector<TensorDivergence> DivergenceStore::results(const Model* model) const {
  const auto found = m_results.find(model);
  return found == m_results.end() ? std::vector<TensorDivergence>() : found->second;
}

}  // namespace layerloom
