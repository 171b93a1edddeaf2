// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace layerloom {

/// A part of a family that mergekit merges as a module of its own.
struct FamilyModule {
  std::string_view name;
  std::string_view prefix;    ///< of its tensors; the longest that fits decides
  std::string_view countKey;  ///< where config.json has its number of layers; "a.b" is b inside a
};

/// The modules of a family that mergekit knows to consist of several; empty for all others.
std::span<const FamilyModule> familyModules(std::string_view architecture);

/// True for the architectures that mergekit 0.1.5 has a description of. For all others it takes every tensor outside the layers to come
/// before them, and leaves out of the merge what a model lacks.
bool isDescribedInMergekit(std::string_view architecture);

/// True where mergekit reads a head that a model shares with its embedding there; in other families only models with a head of their own give
/// one.
bool readsSharedHead(std::string_view architecture);

/// True for tensors that mergekit does without where a model lacks them: by its description of the family, or any tensor of a family that
/// it has no description of.
bool isOptionalPart(std::string_view architecture, std::string_view tensor);

}  // namespace layerloom
