// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/methods/task_kernels.h"
#include "tests/common/instruction_sets.h"
#include "tests/common/loop_data.h"

namespace layerloom {
namespace {

using test::bitsOf;
using test::kLoopSizes;
using test::oddValues;
using test::onEachInstructionSet;

/// Every kernel against a plain loop, on every instruction set, for lengths around those of vectors and words.
class TestTaskKernels : public QObject {
  Q_OBJECT

 private slots:
  void votes();
};

void TestTaskKernels::votes() {
  for (const std::size_t size : kLoopSizes) {
    const std::vector<float> delta = oddValues(size, 9);
    const std::vector<float> total = oddValues(size, 10);
    const std::vector<float> base = oddValues(size, 11);
    std::vector<float> kept(size, 0.25F);
    std::vector<float> divisor(size, -0.5F);
    for (std::size_t i = 0; i < size; ++i) {
      const bool agrees = total[i] >= 0 ? delta[i] > 0 : -delta[i] > 0;
      kept[i] += agrees ? delta[i] : 0.0F;
      divisor[i] += agrees ? 0.5F : 0.0F;
    }
    std::vector<float> divided(size);
    std::vector<float> added(size);
    for (std::size_t i = 0; i < size; ++i) {
      divided[i] = divisor[i] == 0 ? kept[i] : kept[i] / divisor[i];
      added[i] = delta[i] == 0 ? base[i] : base[i] + 0.3F * delta[i];
    }
    onEachInstructionSet([&] {
      std::vector<float> gotKept(size, 0.25F);
      std::vector<float> gotDivisor(size, -0.5F);
      addAgreeing(delta, total, 0.5F, gotKept, gotDivisor);
      QVERIFY(bitsOf(gotKept) == bitsOf(kept));
      QVERIFY(bitsOf(gotDivisor) == bitsOf(divisor));
      divideByNonzero(gotDivisor, gotKept);
      QVERIFY(bitsOf(gotKept) == bitsOf(divided));
      std::vector<float> gotAdded = delta;
      addToBase(base, 0.3F, gotAdded);
      QVERIFY(bitsOf(gotAdded) == bitsOf(added));
    });
  }
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestTaskKernels)
#include "tst_task_kernels.moc"
