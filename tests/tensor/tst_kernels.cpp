// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include <QTest>

#include "core/tensor/conversion_kernels.h"
#include "core/tensor/dtype.h"
#include "core/tensor/kernels.h"
#include "tests/common/float_bits.h"
#include "tests/common/instruction_sets.h"
#include "tests/common/safetensors_data.h"

using layerloom::DType;

/// Conversions and loops against scalar definitions.
class TestKernels : public QObject {
  Q_OBJECT

 private slots:
  void everyBf16IsDecoded();
  void everyF16IsDecoded();
  void every16BitNumberSurvives();
  void roundsToNearestEven_data();
  void roundsToNearestEven();
  void encodesHardCases_data();
  void encodesHardCases();
  void wideTypesAreDecoded();
  void oddAddressesAndLengths();
  void linearLoopsRoundOnce();
  void sumsAreInFloat64();
  void valuesAreSurveyed();
  void valuesAreSurveyedOnTheWay_data();
  void valuesAreSurveyedOnTheWay();
  void typesAreNamed_data();
  void typesAreNamed();
  void typesArePromoted();
};

namespace {

constexpr DType kHalves[] = {DType::BF16, DType::F16};

std::uint16_t referenceBits(DType type, float value) {
  return type == DType::BF16 ? layerloom::test::toBf16(value) : layerloom::test::toF16(value);
}

double referenceValue(DType type, std::uint16_t bits) {
  return type == DType::BF16 ? layerloom::test::fromBf16(bits) : layerloom::test::fromF16(bits);
}

std::vector<std::uint16_t> everyPattern() {
  std::vector<std::uint16_t> patterns(1 << 16);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    patterns[i] = static_cast<std::uint16_t>(i);
  }
  return patterns;
}

std::vector<float> decoded(DType type, const std::vector<std::uint16_t>& bits) {
  std::vector<float> values(bits.size());
  layerloom::decode(type, reinterpret_cast<const std::byte*>(bits.data()), values);
  return values;
}

std::vector<std::uint16_t> encoded(DType type, const std::vector<float>& values) {
  std::vector<std::uint16_t> bits(values.size());
  layerloom::encode(type, values, reinterpret_cast<std::byte*>(bits.data()));
  return bits;
}

bool isNan(DType type, std::uint16_t bits) {
  return std::isnan(referenceValue(type, bits));
}

bool decodesAll(DType type) {
  const std::vector<std::uint16_t> patterns = everyPattern();
  const std::vector<float> values = decoded(type, patterns);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const double want = referenceValue(type, patterns[i]);
    const bool same =
        std::isnan(want) ? std::isnan(values[i]) : values[i] == want && std::signbit(values[i]) == std::signbit(want);
    if (!same) {
      return false;
    }
  }
  return true;
}

float fromBits(std::uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Floats of all magnitudes, among them halfway cases and their neighbours.
std::vector<float> hardFloats() {
  std::vector<float> values;
  for (std::uint32_t high = 0; high < (1U << 16); ++high) {
    for (const std::uint32_t low : {0x0000U, 0x7FFFU, 0x8000U, 0x8001U, 0xFFFFU}) {
      values.push_back(fromBits((high << 16) | low));
    }
  }
  std::mt19937 generator(1);
  for (int i = 0; i < 200'000; ++i) {
    values.push_back(fromBits(static_cast<std::uint32_t>(generator())));
  }
  // Around the range of binary16, where random bits seldom fall.
  std::uniform_real_distribution<float> exponent(-26.0F, 17.0F);
  for (int i = 0; i < 200'000; ++i) {
    values.push_back(std::exp2(exponent(generator)) * ((generator() & 1) != 0 ? 1.0F : -1.0F));
  }
  for (std::uint32_t bits = 0; bits < 0x7C00; ++bits) {
    const double middle = (layerloom::test::fromF16(static_cast<std::uint16_t>(bits)) +
                           layerloom::test::fromF16(static_cast<std::uint16_t>(bits + 1))) /
                          2;
    if (std::isfinite(middle)) {
      values.push_back(static_cast<float>(middle));
    }
  }
  return values;
}

}  // namespace

void TestKernels::everyBf16IsDecoded() {
  QVERIFY(decodesAll(DType::BF16));
}

void TestKernels::everyF16IsDecoded() {
  QVERIFY(decodesAll(DType::F16));
}

void TestKernels::every16BitNumberSurvives() {
  for (const DType type : kHalves) {
    const std::vector<std::uint16_t> patterns = everyPattern();
    const std::vector<std::uint16_t> back = encoded(type, decoded(type, patterns));
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      QVERIFY(isNan(type, patterns[i]) ? isNan(type, back[i]) : back[i] == patterns[i]);
    }
  }
}

void TestKernels::roundsToNearestEven_data() {
  QTest::addColumn<int>("type");
  QTest::newRow("bfloat16") << static_cast<int>(DType::BF16);
  QTest::newRow("float16") << static_cast<int>(DType::F16);
}

void TestKernels::roundsToNearestEven() {
  QFETCH(int, type);
  const auto dtype = static_cast<DType>(type);
  const std::vector<float> values = hardFloats();
  const std::vector<std::uint16_t> bits = encoded(dtype, values);
  std::vector<float> rounded = values;
  layerloom::roundTo(dtype, rounded);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t want = referenceBits(dtype, values[i]);
    if (std::isnan(values[i])) {
      QVERIFY(isNan(dtype, bits[i]) && std::isnan(rounded[i]));
      continue;
    }
    if (bits[i] != want) {
      QFAIL(
          qPrintable(QStringLiteral("%1 became %2 instead of %3").arg(values[i]).arg(bits[i], 4, 16).arg(want, 4, 16)));
    }
    QVERIFY(static_cast<double>(rounded[i]) == referenceValue(dtype, want));
    QCOMPARE(std::signbit(rounded[i]), std::signbit(values[i]));
  }
}

void TestKernels::encodesHardCases_data() {
  QTest::addColumn<int>("type");
  QTest::addColumn<quint32>("input");
  QTest::addColumn<int>("output");  // -1: any quiet NaN
  const auto row = [](const char* name, DType type, std::uint32_t input, int output) {
    QTest::newRow(name) << static_cast<int>(type) << input << output;
  };
  row("bf16: NaN with all bits", DType::BF16, 0x7FFFFFFF, -1);
  row("bf16: NaN in the low bits alone", DType::BF16, 0x7F800001, -1);
  row("bf16: negative NaN", DType::BF16, 0xFFFFFFFF, -1);
  row("bf16: half, to even below", DType::BF16, 0x3F808000, 0x3F80);
  row("bf16: half, to even above", DType::BF16, 0x3F818000, 0x3F82);
  row("bf16: greatest float overflows", DType::BF16, 0x7F7FFFFF, 0x7F80);
  row("bf16: infinite stays so", DType::BF16, 0xFF800000, 0xFF80);
  row("bf16: minus zero", DType::BF16, 0x80000000, 0x8000);
  row("f16: 65519.996 is the greatest", DType::F16, 0x477FEFFF, 0x7BFF);
  row("f16: 65520 overflows", DType::F16, 0x477FF000, 0x7C00);
  row("f16: smallest subnormal", DType::F16, 0x33800000, 0x0001);
  row("f16: half the smallest goes to zero", DType::F16, 0x33000000, 0x0000);
  row("f16: just above half the smallest", DType::F16, 0x33000001, 0x0001);
  row("f16: NaN in the low bits alone", DType::F16, 0x7F800001, -1);
}

void TestKernels::encodesHardCases() {
  QFETCH(int, type);
  QFETCH(quint32, input);
  QFETCH(int, output);
  const auto dtype = static_cast<DType>(type);
  const std::uint16_t bits = encoded(dtype, {fromBits(input)}).front();
  if (output < 0) {
    QVERIFY(isNan(dtype, bits));
    QVERIFY((bits & (dtype == DType::BF16 ? 0x0040 : 0x0200)) != 0);
  } else {
    QCOMPARE(static_cast<int>(bits), output);
  }
}

void TestKernels::wideTypesAreDecoded() {
  const std::vector<double> doubles = {0.1, -2.0, 1e300, -1e-320, std::ldexp(1 + std::ldexp(1, -24), 0)};
  std::vector<float> values(doubles.size());
  layerloom::decode(DType::F64, reinterpret_cast<const std::byte*>(doubles.data()), values);
  QCOMPARE(values, (std::vector<float>{0.1F, -2.0F, std::numeric_limits<float>::infinity(), -0.0F, 1.0F}));

  const std::vector<float> floats = {0.1F, -0.0F, 3e38F, std::numeric_limits<float>::denorm_min()};
  std::vector<float> same(floats.size());
  layerloom::decode(DType::F32, reinterpret_cast<const std::byte*>(floats.data()), same);
  QCOMPARE(std::memcmp(same.data(), floats.data(), sizeof(float) * floats.size()), 0);
}

void TestKernels::oddAddressesAndLengths() {
  const std::vector<float> values = layerloom::test::randomValues(70, 5);
  for (const DType type : {DType::BF16, DType::F16, DType::F32, DType::F64}) {
    const std::size_t size = layerloom::bitsOf(type) / 8;
    for (std::size_t count = 0; count <= values.size(); ++count) {
      const std::vector<float> input(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
      std::vector<std::byte> bytes(1 + count * size + 1, std::byte{0xA5});
      layerloom::encode(type, input, bytes.data() + 1);
      QVERIFY(bytes.front() == std::byte{0xA5} && bytes.back() == std::byte{0xA5});
      std::vector<float> back(count);
      layerloom::decode(type, bytes.data() + 1, back);
      std::vector<float> rounded = input;
      layerloom::roundTo(type, rounded);
      QCOMPARE(back, rounded);
    }
  }
}

void TestKernels::linearLoopsRoundOnce() {
  const std::vector<float> x = layerloom::test::randomValues(1001, 1);
  const std::vector<float> y = layerloom::test::randomValues(1001, 2);
  std::vector<float> scaled(x.size());
  std::vector<float> sum = y;
  std::vector<float> difference(x.size());
  layerloom::scale(x, 0.3F, scaled);
  layerloom::addScaled(x, 0.7F, sum);
  layerloom::subtract(x, y, difference);
  for (std::size_t i = 0; i < x.size(); ++i) {
    // Exact in float64, so that the conversion is the only rounding.
    const auto product = static_cast<float>(static_cast<double>(0.7F) * x[i]);
    QCOMPARE(scaled[i], static_cast<float>(static_cast<double>(0.3F) * x[i]));
    QCOMPARE(sum[i], static_cast<float>(static_cast<double>(y[i]) + product));
    QCOMPARE(difference[i], static_cast<float>(static_cast<double>(x[i]) - y[i]));
  }
  std::vector<float> inTurn(x.size());
  std::vector<float> atOnce(x.size());
  layerloom::scale(y, -1.3F, inTurn);
  layerloom::addScaled(x, 0.7F, inTurn);
  layerloom::test::onEachInstructionSet([&] {
    layerloom::scaleTwo(y, -1.3F, x, 0.7F, atOnce);
    QCOMPARE(atOnce, inTurn);
  });
}

void TestKernels::sumsAreInFloat64() {
  for (const std::size_t count : {0, 1, 7, 16, 1000, 100'003}) {
    const std::vector<float> x = layerloom::test::randomValues(count, 3);
    const std::vector<float> y = layerloom::test::randomValues(count, 4);
    long double dot = 0;
    long double absolute = 0;
    long double delta = 0;
    long double base = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const long double difference = static_cast<long double>(x[i]) - y[i];
      dot += static_cast<long double>(x[i]) * y[i];
      absolute += std::fabs(static_cast<long double>(x[i]));
      delta += difference * difference;
      base += static_cast<long double>(y[i]) * y[i];
    }
    const double room = 1e-12 * static_cast<double>(absolute + delta + base);
    // Far more than the rounding of float64 sums, far less than that of float32 sums.
    QVERIFY(std::fabs(layerloom::dot(x, y) - static_cast<double>(dot)) <= room);
    const layerloom::Products products = layerloom::products(x, y);
    QVERIFY(products.first == layerloom::dot(x, x));
    QVERIFY(products.second == layerloom::dot(y, y));
    QVERIFY(products.mixed == layerloom::dot(x, y));
    QVERIFY(std::fabs(layerloom::sumAbs(x) - static_cast<double>(absolute)) <= room);
    QVERIFY(std::fabs(layerloom::deltaSums(x, y).delta - static_cast<double>(delta)) <= room);
    QVERIFY(std::fabs(layerloom::deltaSums(x, y).base - static_cast<double>(base)) <= room);
  }
  // Would overflow in float32.
  const std::vector<float> large = {2e19F, 2e19F};
  QVERIFY(std::fabs(layerloom::dot(large, large) / 8e38 - 1) < 1e-6);
}

void TestKernels::valuesAreSurveyed() {
  std::vector<float> values = layerloom::test::randomValues(5000, 6);
  const layerloom::Survey finite = layerloom::survey(values);
  QCOMPARE(finite.nans + finite.infinities, std::uint64_t{0});
  QVERIFY(std::fabs(finite.squares / layerloom::dot(values, values) - 1) < 1e-6);

  values[0] = std::numeric_limits<float>::infinity();
  values[500] = -std::numeric_limits<float>::infinity();
  values[4999] = std::numeric_limits<float>::quiet_NaN();
  values[4998] = std::numeric_limits<float>::max();  // its square is no float32
  const layerloom::Survey odd = layerloom::survey(values);
  QCOMPARE(odd.nans, std::uint64_t{1});
  QCOMPARE(odd.infinities, std::uint64_t{2});
  QVERIFY(std::fabs(odd.squares / 1.15792e77 - 1) < 1e-5);
}

/// What is done at once must come out as one after the other, to the bit.
void TestKernels::valuesAreSurveyedOnTheWay_data() {
  QTest::addColumn<DType>("type");
  for (const DType type : {DType::BF16, DType::F16, DType::F32}) {
    QTest::newRow(std::string(layerloom::torchName(type)).c_str()) << type;
  }
}

void TestKernels::valuesAreSurveyedOnTheWay() {
  QFETCH(DType, type);
  for (const std::size_t count : {0, 1, 63, 64, 65, 1000, 1024, 5000}) {
    std::vector<float> values = layerloom::test::randomValues(count, 8);
    const float greatestNan = std::bit_cast<float>(0x7FFFFFFFU);  // which rounding would carry into −0
    for (const float odd : {0.0F, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(), greatestNan}) {
      if (count > 0) {
        values[count / 3] = odd;
      }
      const std::size_t size = count * layerloom::bitsOf(type) / 8;
      std::vector<std::byte> bytes(size);
      layerloom::encode(type, values, bytes.data());
      std::vector<float> decoded(count);
      layerloom::decode(type, bytes.data(), decoded);
      const auto isSame = [](const layerloom::Survey& a, const layerloom::Survey& b) {
        return a.nans == b.nans && a.infinities == b.infinities && a.squares == b.squares;
      };
      layerloom::test::onEachInstructionSet([&] {
        std::vector<std::byte> gotBytes(size);
        QVERIFY(isSame(layerloom::encodeSurveyed(type, values, gotBytes.data()), layerloom::survey(values)));
        QVERIFY(gotBytes == bytes);
        std::vector<float> got(count);
        QVERIFY(isSame(layerloom::decodeSurveyed(type, bytes.data(), got), layerloom::survey(decoded)));
        QVERIFY(count == 0 || std::memcmp(got.data(), decoded.data(), count * sizeof(float)) == 0);
      });
    }
  }
}

void TestKernels::typesAreNamed_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<unsigned>("bits");
  const auto row = [](const char* name, unsigned bits) { QTest::newRow(name) << name << bits; };
  row("BOOL", 8);
  row("F4", 4);
  row("F6_E2M3", 6);
  row("F6_E3M2", 6);
  row("U8", 8);
  row("I8", 8);
  row("F8_E5M2", 8);
  row("F8_E4M3", 8);
  row("F8_E8M0", 8);
  row("F8_E4M3FNUZ", 8);
  row("F8_E5M2FNUZ", 8);
  row("I16", 16);
  row("U16", 16);
  row("F16", 16);
  row("BF16", 16);
  row("I32", 32);
  row("U32", 32);
  row("F32", 32);
  row("C64", 64);
  row("F64", 64);
  row("I64", 64);
  row("U64", 64);
}

void TestKernels::typesAreNamed() {
  QFETCH(QString, name);
  QFETCH(unsigned, bits);
  const auto type = layerloom::dtypeFromSafetensors(name.toStdString());
  QVERIFY(type.has_value());
  QCOMPARE(layerloom::bitsOf(*type), bits);
  QCOMPARE(std::string(layerloom::safetensorsName(*type)), name.toStdString());
  QVERIFY(!layerloom::dtypeFromSafetensors(name.toLower().toStdString()).has_value());
}

void TestKernels::typesArePromoted() {
  // torch.promote_types
  QCOMPARE(layerloom::promoted(DType::F16, DType::BF16), DType::F32);
  QCOMPARE(layerloom::promoted(DType::BF16, DType::F32), DType::F32);
  QCOMPARE(layerloom::promoted(DType::F64, DType::F16), DType::F64);
  QCOMPARE(layerloom::promoted(DType::BF16, DType::BF16), DType::BF16);
}

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
