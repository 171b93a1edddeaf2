// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <map>
#include <memory>
#include <optional>

#include "core/checkpoint/layout.h"
#include "core/checkpoint/locator.h"
#include "core/recipe/recipe.h"

namespace layerloom {

/// A model as far as it is read: model and layout, or the error, or neither yet.
struct LoadedModel {
  std::shared_ptr<const Model> model;
  std::shared_ptr<const ModelLayout> layout;
  std::optional<Error> error;
};

/// Opens models by reference in the background (headers only) and keeps them while they are asked for.
class ModelStore : public QObject {
  Q_OBJECT

 public:
  explicit ModelStore(QObject* parent = nullptr);
  ~ModelStore() override;

  /// Forgets all models when the places to look in are others now.
  void setPlaces(const LocatorOptions& places);
  const LocatorOptions& places() const { return m_places; }
  /// Makes sure that the model is read or being read.
  void request(const QString& reference);
  /// Where a reference points whose text alone does not say it (a path with "+" or "@"); to be told before it is requested.
  void setAddress(const QString& reference, const ModelAddress& address);
  /// The reference as a recipe keeps it.
  ModelReference referenceTo(const QString& reference) const;
  /// Reads the model again, after a fault was mended on disk.
  void reload(const QString& reference);
  /// What is known of a requested model; null for one that was not requested.
  const LoadedModel* find(const QString& reference) const;

 signals:
  void modelChanged(const QString& reference);

 private:
  void apply(const QString& reference, int generation, LoadedModel loaded);

  LocatorOptions m_places;
  std::map<QString, LoadedModel> m_models;
  std::map<QString, ModelAddress> m_addresses;
  QThreadPool m_pool;
  int m_generation = 0;  ///< results of an earlier set of places are stale
};

}  // namespace layerloom
