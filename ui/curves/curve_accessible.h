// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace layerloom {

class CurveView;

/// Makes screen readers see the active curve's points as sliders. Any number of calls installs it once.
void installCurveAccessible();

/// Tells them that a point was selected or has a new value.
void tellPointChanged(CurveView& view, int point);

}  // namespace layerloom
