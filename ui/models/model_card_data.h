// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace layerloom {

enum class CardRole { Base, Source };
enum class CardState { Ok, Warning, Error };

/// What the models dock says about one model.
struct ModelCardData {
  QString reference;     ///< as the recipe writes it; what "Copy path" copies when there is no path
  QString path;          ///< folder or file on this machine; empty: not found, the file manager cannot show it
  QString name;          ///< short, as on the curve's label
  QString detail;        ///< second line, for example "Qwen2.5-Math-1.5B · bf16 · 3.1 GB"
  int colourIndex = -1;  ///< order of arrival; ignored for the base
  CardRole role = CardRole::Source;
  CardState state = CardState::Ok;
  QString finding;      ///< worst finding in words; empty: no third row
  QString fixLabel;     ///< words of the finding's button; empty: no button
  bool busy = false;    ///< still being read: the state icon is left out and the second line says so
  bool inMerge = true;  ///< false: loaded but not part of the merge; shown muted, with "Add to merge"
  bool curveVisible = true;

  bool operator==(const ModelCardData&) const = default;
};

}  // namespace layerloom
