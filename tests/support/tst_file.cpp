// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/support/file.h"
#include "core/support/folder.h"
#include "tests/common/safetensors_data.h"

using layerloom::ErrorKind;
using layerloom::File;
using layerloom::test::readBytes;
using layerloom::test::writeBytes;

/// System calls on files and the faults they meet.
class TestFile : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }

  void readsAtOffsets();
  void endBeforeTimeIsAnIoError();
  void refusesWhatIsNoRegularFile_data();
  void refusesWhatIsNoRegularFile();
  void absentFileIsNamed();
  void createNeverOverwrites();
  void changeShowsInTheIdentity();
  void textFilesHaveALimit();
  void replacingIsOneStep();
  void replacingInAnAbsentFolderFails();
  void freeBytesOfAFolderToBe();

 private:
  std::string path(const std::string& name) const { return m_folder->path().toStdString() + "/" + name; }

  std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

std::string readPart(const File& file, std::uint64_t offset, std::size_t length) {
  std::string out(length, '\0');
  const auto status = file.read(offset, std::as_writable_bytes(std::span(out)));
  return status.has_value() ? out : status.error().message;
}

}  // namespace

void TestFile::readsAtOffsets() {
  writeBytes(path("file"), "0123456789");
  const auto file = File::openForReading(path("file"));
  QVERIFY(file.has_value());
  QCOMPARE(file->identity().bytes, std::uint64_t{10});
  QCOMPARE(readPart(*file, 3, 4), std::string("3456"));
  QCOMPARE(readPart(*file, 10, 0), std::string());
}

void TestFile::endBeforeTimeIsAnIoError() {
  writeBytes(path("file"), "0123456789");
  const auto file = File::openForReading(path("file"));
  QVERIFY(file.has_value());
  std::array<std::byte, 8> out{};
  const auto status = file->read(5, out);
  QVERIFY(!status.has_value());
  QVERIFY(status.error().kind == ErrorKind::Io);
  QVERIFY(status.error().message.find("file") != std::string::npos);
}

void TestFile::refusesWhatIsNoRegularFile_data() {
  QTest::addColumn<QString>("kind");
  QTest::newRow("folder") << "folder";
  QTest::newRow("pipe") << "pipe";
  QTest::newRow("device") << "device";
  QTest::newRow("link to itself") << "loop";
}

void TestFile::refusesWhatIsNoRegularFile() {
  QFETCH(QString, kind);
  std::string name = path("thing");
  if (kind == "folder") {
    std::filesystem::create_directory(name);
  } else if (kind == "pipe") {
    QCOMPARE(mkfifo(name.c_str(), 0600), 0);
  } else if (kind == "loop") {
    QCOMPARE(symlink(name.c_str(), name.c_str()), 0);
  } else {
    name = "/dev/zero";
  }
  const auto file = File::openForReading(name);
  QVERIFY(!file.has_value());
  QVERIFY2(file.error().message.find(name) != std::string::npos, file.error().message.c_str());
}

void TestFile::absentFileIsNamed() {
  const auto file = File::openForReading(path("absent"));
  QVERIFY(!file.has_value());
  QVERIFY2(file.error().message.find("absent") != std::string::npos, file.error().message.c_str());
}

void TestFile::createNeverOverwrites() {
  writeBytes(path("old"), "old");
  QVERIFY(!File::create(path("old")).has_value());
  QCOMPARE(symlink(path("elsewhere").c_str(), path("link").c_str()), 0);
  QVERIFY(!File::create(path("link")).has_value());
  QVERIFY(!std::filesystem::exists(path("elsewhere")));

  auto file = File::create(path("new"));
  QVERIFY(file.has_value());
  const std::string text = "written";
  QVERIFY(file->allocate(text.size()).has_value());
  QVERIFY(file->write(0, std::as_bytes(std::span(text))).has_value());
  QVERIFY(file->syncAndClose().has_value());
  QCOMPARE(readBytes(path("new")), text);
  QCOMPARE(readBytes(path("old")), std::string("old"));
}

void TestFile::changeShowsInTheIdentity() {
  writeBytes(path("file"), "0123456789");
  const auto file = File::openForReading(path("file"));
  QVERIFY(file.has_value());
  QVERIFY(file->currentIdentity().value() == file->identity());
  std::filesystem::resize_file(path("file"), 4);
  QVERIFY(!(file->currentIdentity().value() == file->identity()));
}

void TestFile::textFilesHaveALimit() {
  writeBytes(path("text"), "0123456789");
  QCOMPARE(layerloom::readTextFile(path("text"), 10).value(), std::string("0123456789"));
  const auto tooLong = layerloom::readTextFile(path("text"), 9);
  QVERIFY(!tooLong.has_value());
  QVERIFY(tooLong.error().kind == ErrorKind::Refused);
}

void TestFile::replacingIsOneStep() {
  QVERIFY(layerloom::replaceTextFile(path("text"), "first").has_value());
  QVERIFY(layerloom::replaceTextFile(path("text"), "second").has_value());
  QCOMPARE(readBytes(path("text")), std::string("second"));
  // No draft stays beside it.
  QCOMPARE(std::distance(std::filesystem::directory_iterator(m_folder->path().toStdString()), {}), std::ptrdiff_t{1});
}

void TestFile::replacingInAnAbsentFolderFails() {
  const auto status = layerloom::replaceTextFile(path("absent/text"), "text");
  QVERIFY(!status.has_value());
  QVERIFY(status.error().kind == ErrorKind::Io);
}

void TestFile::freeBytesOfAFolderToBe() {
  const auto here = layerloom::freeBytes(m_folder->path().toStdString());
  const auto later = layerloom::freeBytes(path("a/b/c"));
  QVERIFY(here.has_value() && later.has_value());
  QVERIFY(*here > 0 && *later > 0);
}

QTEST_APPLESS_MAIN(TestFile)
#include "tst_file.moc"
