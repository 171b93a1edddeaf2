// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Marks a text that front ends show translated, for the program that collects such texts; the core itself speaks
/// English only.
#define LAYERLOOM_TEXT(context, text) text
