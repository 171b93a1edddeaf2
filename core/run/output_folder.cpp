// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/output_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/run/model_card.h"
#include "core/run/output_checks.h"
#include "core/run/refusal.h"
#include "core/support/folder.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxCompanionBytes = 256'000'000;
constexpr std::uint64_t kMaxManifestBytes = 256'000'000;
constexpr const char* kReplacedFolder = "replaced";
constexpr const char* kIndexName = "model.safetensors.index.json";

struct SmallFile {
  std::string name;
  std::string text;
};

/// All but the manifest and the index.
Result<std::vector<SmallFile>> smallFiles(const MergePlan& plan, const std::string& title, const RunOptions& options) {
  std::vector<SmallFile> files;
  for (const fs::path& companion : plan.companions) {
    LAYERLOOM_TRY(std::string text, readTextFile(companion, kMaxCompanionBytes));
    files.push_back({companion.filename().string(), std::move(text)});
  }
  for (const TokenizerFile& file : plan.files) {
    files.push_back({file.name, file.text});
  }
  if (!plan.config.empty()) {
    files.push_back({"config.json", plan.config});
  }
  files.push_back({"README.md", makeModelCard(plan, title, options)});
  files.push_back({"mergekit_config.yml", options.recipeText});
  return files;
}

bool isThere(const fs::path& path) {
  const auto status = statusOf(path);
  return status && status->has_value();
}

ContentHash hashOfText(const std::string& text) {
  return contentHash(std::as_bytes(std::span(text)));
}

bool saysInPlace(const JournalContent& content, const fs::path& output) {
  if (!content.complete || isThere(partialFolder(output) / kModelFolder)) {
    return false;
  }
  const auto manifest = readTextFile(output / kManifestName, kMaxManifestBytes);
  return manifest && hashOfText(*manifest) == *content.complete;
}

}  // namespace

fs::path partialFolder(const fs::path& output) {
  fs::path folder = withoutTrailingSlash(output);
  folder += ".partial";
  return folder;
}

bool isInPlace(const fs::path& output, std::size_t jobs) {
  const auto content = readJournal(partialFolder(output) / kJournalName, jobs);
  return content && saysInPlace(*content, output);
}

void sweepPartialFolder(const fs::path& output) {
  const fs::path partial = partialFolder(output);
  const auto names = namesIn(partial);
  const bool isBare = names && std::all_of(names->begin(), names->end(), [](const std::string& name) { return name == MergeLock::kFileName; });
  if (isBare) {
    if (auto lock = MergeLock::take(partial)) {
      lock->release();
    }
    (void)removeFolder(partial);
  }
}

OutputFolder::OutputFolder(const fs::path& output)
    : m_output(withoutTrailingSlash(output)),
      m_partial(partialFolder(output)),
      m_model(m_partial / kModelFolder),
      m_replaced(m_partial / kReplacedFolder) {}

Result<OutputFolder> OutputFolder::open(const MergePlan& plan, const fs::path& output, const RunOptions& options,
                                        const MergeIdentity& identity) {
  OutputFolder folder(output);
  LAYERLOOM_TRY(folder.m_madeFolders, makeFolders(folder.m_output.parent_path()));
  for (const fs::path& made : folder.m_madeFolders) {
    LAYERLOOM_CHECK(syncFolder(made.parent_path()));
  }
  const auto isNew = makeFolder(folder.m_partial);
  Status status = isNew ? Status() : tl::unexpected(isNew.error());
  if (status && !*isNew) {
    status = folder.checkOwn();
  }
  if (status) {
    auto lock = MergeLock::take(folder.m_partial);
    status = lock ? Status() : tl::unexpected(lock.error());
    folder.m_lock = lock ? *std::move(lock) : MergeLock();
  }
  if (status) {
    folder.m_owned = *isNew;
    status = folder.start(plan, options, identity);
  }
  if (!status) {
    return tl::unexpected(folder.settle(std::move(status).error()));
  }
  return folder;
}

/// Refuses a folder that happens to have the name.
Status OutputFolder::checkOwn() const {
  constexpr std::array kOwn = {MergeLock::kFileName, kJournalName, kModelFolder, kReplacedFolder};
  LAYERLOOM_TRY(const std::vector<std::string> names, namesIn(m_partial));
  for (const std::string& name : names) {
    if (std::find(kOwn.begin(), kOwn.end(), name) == kOwn.end()) {
      return refused(fmt::format("{}: is in the way, and no folder of an unfinished merge: it holds {}", shown(m_partial), shown(name)),
                     "move it away, or name another folder");
    }
  }
  return {};
}

Status OutputFolder::admit(const JournalContent& content, const RunOptions& options, const MergeIdentity& identity) const {
  if (!content.identity || options.unfinished == UnfinishedMerge::Discard) {
    return {};
  }
  if (options.unfinished == UnfinishedMerge::Refuse) {
    return refused(fmt::format("{}: an earlier merge into this folder was interrupted", shown(m_partial)),
                   kInterruptedRemedy, RefusalReason::Interrupted);
  }
  const std::string difference = differenceFrom(*content.identity, identity);
  if (!difference.empty()) {
    return refused(fmt::format("{}: cannot be resumed, because this merge differs from the one that was interrupted in {}",
                               shown(m_partial), difference),
                   kOtherMergeRemedy, RefusalReason::OtherMerge);
  }
  return {};
}

Status OutputFolder::start(const MergePlan& plan, const RunOptions& options, const MergeIdentity& identity) {
  LAYERLOOM_TRY(JournalContent content, readJournal(m_partial / kJournalName, plan.jobs.size()));
  LAYERLOOM_CHECK(admit(content, options, identity));
  m_isRecorded.resize(plan.jobs.size());
  if (content.identity && options.unfinished == UnfinishedMerge::Resume) {
    m_inPlace = saysInPlace(content, m_output);
    m_kept = std::move(content.records);
    for (const TensorRecord& record : m_kept) {
      note(record.job);
    }
  }
  m_owned = true;
  if (m_inPlace) {
    return {};
  }
  if (m_kept.empty()) {
    restoreReplaced();
  }
  // Again, now that nobody else writes there.
  LAYERLOOM_CHECK(checkExisting(m_output, options.overwrite));
  if (m_kept.empty()) {
    LAYERLOOM_CHECK(removeTree(m_model));
    LAYERLOOM_TRY(m_journal, Journal::begin(m_partial / kJournalName, identity));
    LAYERLOOM_CHECK(syncFolder(m_partial));
  } else {
    LAYERLOOM_TRY(m_journal, Journal::resume(m_partial / kJournalName, content));
  }
  return createShards(plan);
}

Status OutputFolder::createShards(const MergePlan& plan) {
  LAYERLOOM_TRY(const bool isNew, makeFolder(m_model));
  if (!isNew) {
    LAYERLOOM_CHECK(removeStrays(plan));
  }
  for (const OutputShard& shard : plan.shards) {
    LAYERLOOM_TRY(File file, File::openOrCreate(m_model / shard.fileName));
    LAYERLOOM_CHECK(file.allocate(shard.bytes));
    if (file.identity().bytes > shard.bytes) {
      LAYERLOOM_CHECK(file.setLength(shard.bytes));
    }
    LAYERLOOM_CHECK(file.write(0, std::as_bytes(std::span(shard.header))));
    m_shards.push_back(std::move(file));
  }
  return {};
}

/// The small files of a merge that was stopped near its end are written anew.
Status OutputFolder::removeStrays(const MergePlan& plan) const {
  LAYERLOOM_TRY(const std::vector<std::string> names, namesIn(m_model));
  for (const std::string& name : names) {
    const bool isShard =
        std::any_of(plan.shards.begin(), plan.shards.end(), [&](const OutputShard& shard) { return shard.fileName == name; });
    if (!isShard) {
      LAYERLOOM_CHECK(removeTree(m_model / name));
    }
  }
  return {};
}

void OutputFolder::note(std::size_t job) {
  m_recorded += m_isRecorded[job] ? 0 : 1;
  m_isRecorded[job] = true;
}

Status OutputFolder::record(const TensorRecord& record) {
  LAYERLOOM_CHECK(m_journal.add(record));
  note(record.job);
  return {};
}

Status OutputFolder::syncShards() {
  for (File& shard : m_shards) {
    if (Status synced = shard.syncAndClose(); !synced) {
      // The system may have dropped what it could not write and still show it to readers: a resumed merge must not find it.
      (void)removeFile(shard.path());
      return synced;
    }
  }
  return {};
}

Status OutputFolder::writeFiles(const MergePlan& plan, const RunOptions& options, ManifestContent& manifest) {
  for (std::size_t i = 0; i < plan.shards.size(); ++i) {
    manifest.files.push_back({plan.shards[i].fileName, plan.shards[i].bytes, manifest.shardHashes[i]});
  }
  LAYERLOOM_TRY(std::vector<SmallFile> files, smallFiles(plan, m_output.filename().string(), options));
  if (!plan.index.empty()) {
    files.push_back({kIndexName, plan.index});
  }
  for (const SmallFile& file : files) {
    manifest.files.push_back({file.name, file.text.size(), hashOfText(file.text)});
  }
  // The index last, or the file before it where there is none.
  files.insert(files.end() - 1, {kManifestName, makeManifest(plan, options, manifest)});
  manifest.files.push_back({kManifestName, 0, hashOfText((files.end() - 2)->text)});
  for (const SmallFile& file : files) {
    LAYERLOOM_CHECK(writeNewTextFile(m_model / file.name, file.text));
  }
  return {};
}

Result<std::vector<std::string>> OutputFolder::commit(const MergePlan& plan, const RunOptions& options, ManifestContent manifest) {
  LAYERLOOM_CHECK(syncShards());
  LAYERLOOM_CHECK(writeFiles(plan, options, manifest));
  LAYERLOOM_CHECK(syncFolder(m_model));
  LAYERLOOM_CHECK(m_journal.complete(manifest.files.back().hash));
  LAYERLOOM_CHECK(syncFolder(m_partial));
  LAYERLOOM_CHECK(moveIntoPlace(options.overwrite));
  LAYERLOOM_CHECK(clear());
  std::vector<std::string> names;
  for (const ManifestFile& file : manifest.files) {
    names.push_back(file.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Status OutputFolder::moveIntoPlace(bool overwrite) {
  if (Status allowed = checkExisting(m_output, overwrite); !allowed) {
    // Somebody else's work, which appeared while this merge was at work; not refused, so that this one's is kept.
    return ioError(std::move(allowed).error().message, "move it away, or allow it to be replaced (--overwrite)");
  }
  LAYERLOOM_TRY(const auto standing, statusOf(m_output));
  if (overwrite && standing) {
    LAYERLOOM_CHECK(removeTree(m_replaced));
    LAYERLOOM_CHECK(moveTo(m_output, m_replaced));
  }
  // Over a folder that is not empty this fails: a result that appeared meanwhile is not lost.
  Status moved = moveTo(m_model, m_output);
  if (!moved) {
    restoreReplaced();
  }
  return moved;
}

/// Puts the model that was moved away back, unless its place is taken: then it was replaced, and goes.
void OutputFolder::restoreReplaced() {
  if (!isThere(m_replaced)) {
    return;
  }
  if (isThere(m_output)) {
    (void)removeTree(m_replaced);
  } else {
    (void)moveTo(m_replaced, m_output);
  }
}

Status OutputFolder::clear() {
  LAYERLOOM_CHECK(syncFolder(m_output.parent_path()));
  // What cannot be removed is in nobody's way.
  removeWork();
  return {};
}

void OutputFolder::removeWork() {
  m_shards.clear();
  m_journal = Journal();
  restoreReplaced();
  (void)removeTree(m_model);
  // A model that could not be put back stays, with the journal that explains the folder.
  if (!isThere(m_replaced)) {
    (void)removeFile(m_partial / kJournalName);
    m_lock.release();
    (void)removeFolder(m_partial);
  }
}

void OutputFolder::discard() {
  removeWork();
  for (auto folder = m_madeFolders.rbegin(); folder != m_madeFolders.rend(); ++folder) {
    // Fails where somebody else has put something in.
    (void)removeFolder(*folder);
  }
}

Error OutputFolder::settle(Error error) {
  const bool isOfUse = error.kind != ErrorKind::Refused && m_recorded > 0;
  if (!m_owned) {
    // Neither made by this merge nor to be changed by it; or made by it, but empty.
    m_lock.release();
    (void)removeFolder(m_partial);
  } else if (isOfUse && m_journal.isOpen() && m_journal.stands()) {
    error.remedy += fmt::format("{}{} of {} tensors are kept in {}; {}", error.remedy.empty() ? "" : "; ", m_recorded,
                                m_isRecorded.size(), shown(m_partial), kResumeHint);
    m_shards.clear();
    return error;
  } else if (!m_inPlace) {
    discard();
    return error;
  }
  for (auto folder = m_madeFolders.rbegin(); folder != m_madeFolders.rend(); ++folder) {
    (void)removeFolder(*folder);
  }
  return error;
}

}  // namespace layerloom
