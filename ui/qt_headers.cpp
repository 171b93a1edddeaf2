// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Empty: a precompiled header belongs to a target, and a target has a source.
