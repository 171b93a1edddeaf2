// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace layerloom {

/// The folder with the sample models and the starter recipe: beside the installed program, or in the source tree when the program runs
/// where it was built. Empty when there is none.
QString samplesFolder();
/// The starter recipe; empty when there are no samples.
QString starterRecipe();
/// True for a file in the samples' folder.
bool isSampleFile(const QString& path);
/// Names of all sample models.
QStringList sampleModels();

}  // namespace layerloom
