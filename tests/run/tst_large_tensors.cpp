// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <bit>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include <QTest>

#include "core/checkpoint/tensor_values.h"
#include "core/support/random.h"
#include "tests/run/run_folder.h"

namespace layerloom {
namespace {

using test::RunFolder;
using Json = nlohmann::json;

constexpr std::uint64_t kRows = 65537;
constexpr std::uint64_t kColumns = 32768;
constexpr std::uint64_t kElements = kRows * kColumns;
static_assert(kElements > (std::uint64_t{1} << 31) && kElements * 2 > (std::uint64_t{1} << 32));
constexpr std::size_t kSmall = 8;
constexpr auto kLarge = "model.layers.0.mlp.up_proj.weight";
constexpr auto kFar = "model.layers.1.mlp.up_proj.weight";

/// Positions in the large tensor where entries are not zero: around 2³¹ elements, and the last.
constexpr std::array<std::uint64_t, 4> kMarked = {(std::uint64_t{1} << 31) - 1, std::uint64_t{1} << 31, (std::uint64_t{1} << 31) + 1,
                                                  kElements - 1};

std::uint16_t bf16(float value) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16U);
}

void put(std::fstream& file, std::uint64_t offset, float value) {
  const std::uint16_t bits = bf16(value);
  file.seekp(static_cast<std::streamoff>(offset));
  file.write(reinterpret_cast<const char*>(&bits), sizeof bits);
}

float get(std::ifstream& file, std::uint64_t offset) {
  std::uint16_t bits = 0;
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(&bits), sizeof bits);
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

/// Tensors of more than 2³¹ elements and 4 GiB, in files that are holes but for a few entries.
class TestLargeTensors : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<RunFolder>(); }

  void farEntriesAreRead();
  void sizesArePlanned();
  void tensorsBehindAreMerged();
  void filesAreWrittenFarOut();
  void randomNumbersDoNotRepeat();
  void wholeTensorsAreMerged_data();
  void wholeTensorsAreMerged();

 private:
  void writeModel(const std::string& name, float marked) const;

  std::unique_ptr<RunFolder> m_folder;
};

/// Layer 0 is large and zero but for the marked entries, layer 1 small and full of the same number.
void TestLargeTensors::writeModel(const std::string& name, float marked) const {
  const std::string folder = m_folder->path(name);
  const Json header = {
      {kLarge, {{"dtype", "BF16"}, {"shape", {kRows, kColumns}}, {"data_offsets", {0, kElements * 2}}}},
      {kFar, {{"dtype", "BF16"}, {"shape", {kSmall}}, {"data_offsets", {kElements * 2, kElements * 2 + kSmall * 2}}}}};
  test::writeBytes(folder + "/config.json", test::tinyLlamaConfig(2));
  const std::string start = test::safetensorsBytes(header.dump(), {});
  test::writeBytes(folder + "/model.safetensors", start);
  std::filesystem::resize_file(folder + "/model.safetensors", start.size() + (kElements + kSmall) * 2);
  std::fstream file(folder + "/model.safetensors", std::ios::in | std::ios::out | std::ios::binary);
  for (const std::uint64_t position : kMarked) {
    put(file, start.size() + position * 2, marked);
  }
  for (std::uint64_t i = 0; i < kSmall; ++i) {
    put(file, start.size() + (kElements + i) * 2, marked);
  }
  QVERIFY(file.good());
}

void TestLargeTensors::farEntriesAreRead() {
  writeModel("a", 3);
  const auto model = Model::open(m_folder->path("a"));
  QVERIFY2(model.has_value(), model.has_value() ? "" : model.error().message.c_str());
  const ModelTensor& tensor = *(*model)->find(kLarge);
  QCOMPARE(tensor.entry.elements(), kElements);
  QCOMPARE((*model)->parameters(), kElements + kSmall);
  QCOMPARE((*model)->bytes(), (kElements + kSmall) * 2);

  ReadScratch scratch;
  std::array<float, 5> around{};
  QVERIFY(readValues(**model, tensor, kMarked[0] - 1, around, scratch).has_value());
  QCOMPARE(around, (std::array<float, 5>{0, 3, 3, 3, 0}));
  std::array<float, 2> last{};
  QVERIFY(readValues(**model, tensor, kElements - 2, last, scratch).has_value());
  QCOMPARE(last, (std::array<float, 2>{0, 3}));
}

void TestLargeTensors::sizesArePlanned() {
  writeModel("a", 1);
  const ParsedRecipe parsed = parseRecipe("merge_method: passthrough\nslices:\n"
                                          "  - sources: [{model: a, layer_range: [0, 2]}]\n"
                                          "  - sources: [{model: a, layer_range: [0, 2]}]\n");
  const PlanResult planned = planMerge(*parsed.recipe, m_folder->planOptions());
  QVERIFY(planned.plan.has_value());
  QCOMPARE(planned.plan->parameters(), 2 * (kElements + kSmall));
  QCOMPARE(planned.plan->bytesToWrite, 4 * (kElements + kSmall));
  // No two of the large ones fit into a shard of 5 GB.
  QCOMPARE(planned.plan->shards.size(), std::size_t{2});
  QCOMPARE(planned.plan->jobs[1].output.begin, kElements * 2);
  QCOMPARE(planned.plan->jobs[2].shard, std::size_t{1});
}

void TestLargeTensors::tensorsBehindAreMerged() {
  writeModel("a", 1);
  writeModel("b", 3);
  VERIFY_RUN(m_folder->run("merge_method: linear\nslices:\n  - sources:\n"
                           "      - {model: a, layer_range: [1, 2], parameters: {weight: 0.5}}\n"
                           "      - {model: b, layer_range: [1, 2], parameters: {weight: 0.5}}\n",
                           "merged"));
  const auto tensors = test::readModelFolder(m_folder->path("merged"));
  QCOMPARE(tensors.size(), std::size_t{1});
  QVERIFY(tensors.begin()->second == test::bf16Tensor({kSmall}, std::vector<float>(kSmall, 2)));
}

void TestLargeTensors::filesAreWrittenFarOut() {
  constexpr std::uint64_t kOffset = (std::uint64_t{1} << 33) - 3;  // the text lies across it
  const std::string text = "beyond";
  std::filesystem::create_directories(m_folder->path("far"));
  auto file = File::create(m_folder->path("far/file"));
  QVERIFY(file.has_value());
  QVERIFY(file->write(kOffset, std::as_bytes(std::span(text))).has_value());
  QVERIFY(file->syncAndClose().has_value());

  const auto again = File::openForReading(m_folder->path("far/file"));
  QVERIFY(again.has_value());
  QCOMPARE(again->identity().bytes, kOffset + text.size());
  std::string found(text.size(), ' ');
  QVERIFY(again->read(kOffset, std::as_writable_bytes(std::span(found))).has_value());
  QCOMPARE(found, text);
}

void TestLargeTensors::randomNumbersDoNotRepeat() {
  const RandomStream stream(1, "model", "tensor");
  std::array<std::uint32_t, 8> start{};
  stream.fill(0, start);
  for (const unsigned power : {31U, 32U, 33U, 34U, 35U, 40U}) {
    const std::uint64_t far = std::uint64_t{1} << power;
    std::array<std::uint32_t, 8> whole{};
    stream.fill(far - 4, whole);
    std::array<std::uint32_t, 4> second{};
    stream.fill(far, second);
    QVERIFY(std::equal(second.begin(), second.end(), whole.begin() + 4));
    QVERIFY2(!std::equal(second.begin(), second.end(), start.begin()), std::to_string(power).c_str());
  }
}

void TestLargeTensors::wholeTensorsAreMerged_data() {
  QTest::addColumn<QString>("recipe");

  const QString models = QStringLiteral("models:\n  - {model: a, parameters: {weight: 0.5%1}}\n  - {model: b, parameters: {weight: 0.5%1}}\n");
  QTest::newRow("linear") << QStringLiteral("merge_method: linear\n") + models.arg(QString());
  QTest::newRow("slerp") << QStringLiteral("merge_method: slerp\nbase_model: a\nmodels: [{model: b}]\nparameters: {t: 0.5}\n");
  QTest::newRow("ties") << QStringLiteral("merge_method: ties\nbase_model: base\n") + models.arg(QStringLiteral(", density: 0.5"));
  QTest::newRow("breadcrumbs_ties") << QStringLiteral("merge_method: breadcrumbs_ties\nbase_model: base\nparameters: {normalize: true, gamma: 0}\n") +
                                           models.arg(QStringLiteral(", density: 0.5"));
}

void TestLargeTensors::wholeTensorsAreMerged() {
  if (!qEnvironmentVariableIsSet("LAYERLOOM_LARGE_TESTS")) {
    QSKIP("takes minutes and 5 GB of temporary files; LAYERLOOM_LARGE_TESTS=1 turns it on (QTEST_FUNCTION_TIMEOUT: milliseconds)");
  }
  QFETCH(QString, recipe);
  writeModel("base", 0);
  writeModel("a", 1);
  writeModel("b", 3);

  VERIFY_RUN(m_folder->run(recipe.toStdString(), "merged"));

  const auto merged = Model::open(m_folder->path("merged"));
  QVERIFY(merged.has_value());
  std::ifstream file(m_folder->path("merged/model.safetensors"), std::ios::binary);
  const std::uint64_t large = (*merged)->find(kLarge)->entry.begin;
  for (const std::uint64_t position : kMarked) {
    QCOMPARE(get(file, large + position * 2), 2.0F);
  }
  for (const std::uint64_t position : {std::uint64_t{0}, kMarked[0] - 1, kMarked[2] + 1, kElements - 2}) {
    QCOMPARE(get(file, large + position * 2), 0.0F);
  }
  QCOMPARE(get(file, (*merged)->find(kFar)->entry.begin), 2.0F);
}

}  // namespace
}  // namespace layerloom

QTEST_APPLESS_MAIN(layerloom::TestLargeTensors)
#include "tst_large_tensors.moc"
