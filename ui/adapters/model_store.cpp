// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/model_store.h"

#include <QtConcurrentRun>

namespace layerloom {
namespace {

LoadedModel load(const ModelReference& reference, const LocatorOptions& places) {
  LoadedModel loaded;
  const auto address = addressOf(reference);
  auto model = address ? openModel(*address, places) : Result<std::shared_ptr<const Model>>(tl::unexpected(address.error()));
  if (!model) {
    loaded.error = std::move(model).error();
    return loaded;
  }
  loaded.model = *std::move(model);
  loaded.layout = std::make_shared<const ModelLayout>(findLayout(*loaded.model));
  return loaded;
}

}  // namespace

ModelStore::ModelStore(QObject* parent) : QObject(parent) {
  m_pool.setMaxThreadCount(2);
}

ModelStore::~ModelStore() {
  m_pool.clear();
  m_pool.waitForDone();
}

void ModelStore::setPlaces(const LocatorOptions& places) {
  if (places == m_places) {
    return;
  }
  m_places = places;
  m_models.clear();
  ++m_generation;
}

void ModelStore::setAddress(const QString& reference, const ModelAddress& address) {
  m_addresses[reference] = address;
}

ModelReference ModelStore::referenceTo(const QString& reference) const {
  const auto known = m_addresses.find(reference);
  return {reference.toStdString(), {}, known == m_addresses.end() ? std::nullopt : std::optional(known->second)};
}

void ModelStore::request(const QString& reference) {
  const auto [entry, added] = m_models.try_emplace(reference);
  if (!added) {
    return;
  }
  QtConcurrent::run(&m_pool, load, referenceTo(reference), m_places)
      .then(this, [this, reference, generation = m_generation](LoadedModel loaded) { apply(reference, generation, std::move(loaded)); });
}

void ModelStore::reload(const QString& reference) {
  m_models.erase(reference);
  request(reference);
}

const LoadedModel* ModelStore::find(const QString& reference) const {
  const auto found = m_models.find(reference);
  return found == m_models.end() ? nullptr : &found->second;
}

void ModelStore::apply(const QString& reference, int generation, LoadedModel loaded) {
  const auto found = m_models.find(reference);
  if (generation == m_generation && found != m_models.end()) {
    found->second = std::move(loaded);
    emit modelChanged(reference);
  }
}

}  // namespace layerloom
