// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/random_sparsifier.h"

#include <algorithm>
#include <vector>

#include "core/tensor/kernels.h"
#include "core/tensor/selection_kernels.h"

namespace layerloom {
namespace {

/// Calls each(run, words) for the runs of some entries and the words of their bits, which stand one after the other.
template <typename Values, typename Each>
void forEachRun(std::span<Values> values, std::size_t run, const Each& each) {
  std::size_t word = 0;
  for (std::size_t at = 0; at < values.size(); at += run) {
    const auto part = values.subspan(at, std::min(run, values.size() - at));
    each(at, part, word);
    word += wordsFor(part.size());
  }
}

class DrawView : public Sparsifier::View {
 public:
  DrawView(const EntryDrawer& drawer, bool remembers) : m_drawer(drawer), m_remembers(remembers) {}

  void observe(std::uint64_t first, std::span<const float> x, std::span<const float> base) override {
    const std::size_t longest = std::min(x.size(), m_drawer.run());
    std::vector<std::uint64_t> words;
    words.reserve((x.size() / m_drawer.run() + 1) * wordsFor(longest));
    m_delta.resize(longest);
    // Run by run, so that δ is in the nearest cache.
    forEachRun(x, m_drawer.run(), [&](std::size_t at, std::span<const float> run, std::size_t word) {
      const auto delta = std::span(m_delta).first(run.size());
      subtract(run, base.subspan(at, run.size()), delta);
      words.resize(word + wordsFor(run.size()));
      m_drawer.draw(first + at, run.size(), delta, std::span(words).subspan(word));
      const AbsSums sums = sumAbsChosen(delta, std::span(words).subspan(word));
      all += sums.all;
      kept += sums.chosen;
    });
    if (m_remembers) {
      chunks.push_back(std::move(words));
    }
  }

  double all = 0;
  double kept = 0;
  std::vector<std::vector<std::uint64_t>> chunks;

 private:
  const EntryDrawer& m_drawer;
  const bool m_remembers;
  std::vector<float> m_delta;
};

class DrawnSparsifier : public Sparsifier {
 public:
  DrawnSparsifier(std::unique_ptr<EntryDrawer> drawer, bool rescales, bool remembers)
      : m_drawer(std::move(drawer)), m_rescales(rescales), m_remembers(remembers), m_needsPass(rescales) {}

  int usualPasses() const override { return m_rescales ? 1 : 0; }
  double observationEffort() const override { return m_drawer->effort(); }
  bool needsPass() const override { return m_needsPass; }
  std::unique_ptr<View> startView() const override { return std::make_unique<DrawView>(*m_drawer, m_remembers); }
  void absorb(View& view) override {
    auto& seen = static_cast<DrawView&>(view);
    m_all += seen.all;
    m_kept += seen.kept;
    if (m_chunks.empty()) {
      m_chunks = std::move(seen.chunks);
    } else {
      std::move(seen.chunks.begin(), seen.chunks.end(), std::back_inserter(m_chunks));
    }
  }
  void endPass() override {
    m_factor = rescaleFactor(m_all, m_kept);
    m_needsPass = false;
  }
  double factor() const override { return m_factor; }
  void keep(Cursor& cursor, std::uint64_t first, float factor, std::span<float> delta) const override {
    std::vector<std::uint64_t> words;
    std::size_t used = 0;
    forEachRun(delta, m_drawer->run(), [&](std::size_t at, std::span<float> run, std::size_t word) {
      used = word + wordsFor(run.size());
      if (!m_chunks.empty()) {
        keepChosen(std::span(m_chunks[cursor.chunk]).subspan(cursor.lowSeen + word), factor, run);
        return;
      }
      words.resize(wordsFor(run.size()));
      m_drawer->draw(first + at, run.size(), run, words);
      keepChosen(words, factor, run);
    });
    cursor.lowSeen += used;
  }
  std::span<const std::uint64_t> kept(Cursor& cursor, std::uint64_t first, std::size_t count, std::vector<std::uint64_t>& room) const override {
    const std::size_t run = m_drawer->run();
    const std::size_t words = wordsFor(count);
    if (count > run && run % kBitsPerWord != 0) {
      return {};
    }
    if (!m_chunks.empty()) {
      const auto seen = std::span(m_chunks[cursor.chunk]).subspan(cursor.lowSeen, words);
      cursor.lowSeen += words;
      return seen;
    }
    if (!m_drawer->isBlind()) {
      return {};
    }
    room.resize(words);
    for (std::size_t at = 0; at < count; at += run) {
      m_drawer->draw(first + at, std::min(run, count - at), {}, std::span(room).subspan(at / kBitsPerWord));
    }
    return room;
  }

 private:
  const std::unique_ptr<EntryDrawer> m_drawer;
  const bool m_rescales;
  const bool m_remembers;
  bool m_needsPass;
  double m_all = 0;
  double m_kept = 0;
  double m_factor = 1;
  std::vector<std::vector<std::uint64_t>> m_chunks;  ///< the bits of each; empty where they are decided anew
};

/// For so many inputs as there is room for: memory must not grow with the tensor or with the number of models.
bool isRemembered(std::size_t run, const MergeSettings& settings, std::size_t input) {
  constexpr std::uint64_t kMostBytes = 40 * 1024 * 1024;
  const std::uint64_t bytes = (settings.elements + run - 1) / run * wordsFor(run) * sizeof(std::uint64_t);
  const std::size_t before = input - (settings.base && *settings.base < input ? 1 : 0);
  return bytes <= kMostBytes / (before + 1);
}

}  // namespace

std::unique_ptr<Sparsifier> makeDrawnSparsifier(std::unique_ptr<EntryDrawer> drawer, bool rescale, const MergeSettings& settings,
                                                std::size_t input) {
  const bool remembers = isRemembered(drawer->run(), settings, input);
  return std::make_unique<DrawnSparsifier>(std::move(drawer), rescale, remembers);
}

}  // namespace layerloom
