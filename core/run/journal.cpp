// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/journal.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "core/checkpoint/strict_json.h"
#include "core/support/folder.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxBytes = 1'000'000'000;
constexpr std::size_t kHashDigits = 32;

/// Words of a line, one after the other.
class Words {
 public:
  explicit Words(std::string_view line) : m_rest(line) {}

  bool atEnd() const { return m_rest.empty(); }
  std::string_view next() {
    const std::size_t end = m_rest.find(' ');
    const std::string_view word = m_rest.substr(0, end);
    m_rest = end == std::string_view::npos ? std::string_view() : m_rest.substr(end + 1);
    return word;
  }
  /// False where the next word is no such number.
  template <typename Number>
  bool read(Number& out) {
    const std::string_view word = next();
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), out);
    return code == std::errc() && end == word.data() + word.size();
  }

 private:
  std::string_view m_rest;
};

std::string lineOf(const std::string& payload) {
  return hashOf(payload) + ' ' + payload + '\n';
}

std::optional<TensorRecord> parseRecord(Words words, std::size_t jobs) {
  TensorRecord record;
  TensorAudit& audit = record.audit;
  if (!words.read(record.job) || record.job >= jobs) {
    return std::nullopt;
  }
  const auto hash = ContentHash::fromHex(words.next());
  if (!hash || !words.read(audit.inputNans) || !words.read(audit.inputInfinities) || !words.read(audit.outputNans) ||
      !words.read(audit.outputInfinities) || !words.read(audit.saturations) || !words.read(audit.squaredNorm)) {
    return std::nullopt;
  }
  record.hash = *hash;
  while (!words.atEnd()) {
    if (!words.read(audit.squaredInputNorms.emplace_back())) {
      return std::nullopt;
    }
  }
  return record;
}

std::optional<MergeIdentity> parseIdentity(std::string_view payload) {
  const Result<Json> json = parseStrictObject(payload, "journal");
  if (!json) {
    return std::nullopt;
  }
  MergeIdentity identity;
  for (const auto& [name, value] : json->items()) {
    if (!value.is_string()) {
      return std::nullopt;
    }
    identity.emplace_back(name, value.get<std::string>());
  }
  return identity;
}

/// Takes a line whose checksum holds; false where it makes no sense all the same.
bool take(std::string_view payload, std::size_t jobs, JournalContent& content, std::map<std::size_t, TensorRecord>& records) {
  if (!content.identity) {
    content.identity = parseIdentity(payload);
    return content.identity.has_value();
  }
  Words words(payload);
  const std::string_view kind = words.next();
  if (kind == "tensor") {
    auto record = parseRecord(words, jobs);
    if (record) {
      records.insert_or_assign(record->job, *std::move(record));
    }
    return record.has_value();
  }
  const auto manifest = kind == "complete" ? ContentHash::fromHex(words.next()) : std::nullopt;
  if (manifest) {
    content.complete = manifest;
  }
  return manifest.has_value();
}

}  // namespace

JournalContent parseJournal(std::string_view text, std::size_t jobs) {
  JournalContent content;
  std::map<std::size_t, TensorRecord> records;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos || end - start <= kHashDigits || text[start + kHashDigits] != ' ') {
      break;
    }
    const std::string_view payload = text.substr(start + kHashDigits + 1, end - start - kHashDigits - 1);
    if (text.substr(start, kHashDigits) != hashOf(payload) || !take(payload, jobs, content, records)) {
      break;
    }
    start = end + 1;
    content.bytes = start;
  }
  for (auto& [job, record] : records) {
    content.records.push_back(std::move(record));
  }
  return content;
}

Result<JournalContent> readJournal(const std::filesystem::path& path, std::size_t jobs) {
  LAYERLOOM_TRY(const auto status, statusOf(path));
  if (!status) {
    return JournalContent{};
  }
  LAYERLOOM_TRY(const std::string text, readTextFile(path, kMaxBytes));
  return parseJournal(text, jobs);
}

std::string identityLine(const MergeIdentity& identity) {
  Json json = Json::object();
  for (const auto& [name, value] : identity) {
    json[name] = value;
  }
  return lineOf(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string recordLine(const TensorRecord& record) {
  const TensorAudit& audit = record.audit;
  std::string text = fmt::format("tensor {} {} {} {} {} {} {} {}", record.job, record.hash.hex(), audit.inputNans,
                                 audit.inputInfinities, audit.outputNans, audit.outputInfinities, audit.saturations, audit.squaredNorm);
  for (const double norm : audit.squaredInputNorms) {
    text += fmt::format(" {}", norm);
  }
  return lineOf(text);
}

std::string completeLine(const ContentHash& manifest) {
  return lineOf("complete " + manifest.hex());
}

Result<Journal> Journal::begin(const std::filesystem::path& path, const MergeIdentity& identity) {
  LAYERLOOM_CHECK(removeFile(path));
  Journal journal;
  LAYERLOOM_TRY(journal.m_file, File::create(path));
  LAYERLOOM_CHECK(journal.append(identityLine(identity)));
  LAYERLOOM_CHECK(journal.m_file.sync());
  return journal;
}

Result<Journal> Journal::resume(const std::filesystem::path& path, const JournalContent& content) {
  Journal journal;
  LAYERLOOM_TRY(journal.m_file, File::openOrCreate(path));
  LAYERLOOM_CHECK(journal.m_file.setLength(content.bytes));
  journal.m_end = content.bytes;
  return journal;
}

Status Journal::append(const std::string& line) {
  LAYERLOOM_CHECK(m_file.write(m_end, std::as_bytes(std::span(line))));
  m_end += line.size();
  return {};
}

Status Journal::add(const TensorRecord& record) {
  return append(recordLine(record));
}

Status Journal::complete(const ContentHash& manifest) {
  LAYERLOOM_CHECK(append(completeLine(manifest)));
  return m_file.sync();
}

bool Journal::stands() const {
  const auto status = statusOf(m_file.path());
  return status && *status && (*status)->identity.inode == m_file.identity().inode;
}

}  // namespace layerloom
