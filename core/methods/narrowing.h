// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace layerloom {

/// How sums in float64 become float32.
enum class Narrowing {
  ToNearest,  ///< to nearest even
  /// For sums that are rounded to 16 bits afterwards. Of two neighbours the one whose last bit is 1 is taken, so that what follows
  /// rounds as if it had seen the sum (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008). A sum within 2⁻⁴⁸ of a
  /// float32, relatively, is that number with an error from adding up: it gives the number.
  ToOdd,
  /// For sums that are rounded to BF16 afterwards: any float32 that rounds to the same BF16 as under ToOdd. Which one it is depends on
  /// nothing but the terms.
  ToBf16,
};

}  // namespace layerloom
