// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/checkpoint/adapter.h"
#include "core/checkpoint/quantisation.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr auto kOtherBase = "use the adapter with the model that it was trained on";

/// "model." of "model.layers.0"; empty for a name of one part.
std::string firstPart(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string() : std::string(name.substr(0, dot + 1));
}

/// The last part of a module's name: "q_proj".
std::string_view lastPart(std::string_view module) {
  const std::size_t dot = module.rfind('.');
  return dot == std::string_view::npos ? module : module.substr(dot + 1);
}

std::uint64_t product(const std::vector<std::uint64_t>& shape, std::size_t from) {
  std::uint64_t result = 1;
  for (std::size_t i = from; i < shape.size(); ++i) {
    result *= shape[i];
  }
  return result;
}

/// How the adapter's names become the base's: as they are, without a leading part, or with one more.
struct NameRule {
  std::string drop;
  std::string add;

  std::string apply(const std::string& name, const Model& base) const {
    if (!drop.empty()) {
      return name.starts_with(drop) ? name.substr(drop.size()) : name;
    }
    // A head stands beside the part that the rest lies in.
    return add.empty() || base.find(name) != nullptr ? name : add + name;
  }
};

class AdapterFitter {
 public:
  AdapterFitter(const Adapter& adapter, const Model& base, std::size_t file) : m_adapter(adapter), m_base(base), m_file(file) {}

  Result<std::map<std::string, ModelTensor>> fit();

 private:
  tl::unexpected<Error> bad(const std::string& what, const char* remedy = kOtherBase) const {
    return refused(fmt::format("adapter {}: {}", escaped(m_adapter.path.string(), 1000), what), remedy);
  }
  Status findRule();
  bool holds(const NameRule& rule) const;
  Status replace(const AdapterReplacement& replacement);
  Status update(const AdapterFactors& factors);
  tl::unexpected<Error> misfit(const AdapterFactors& factors, const TensorEntry& base) const;
  void gatherOrientations();
  bool liesTransposed(const AdapterFactors& factors) const;

  const Adapter& m_adapter;
  const Model& m_base;
  const std::size_t m_file;
  std::set<std::string> m_targets;  ///< tensors that the adapter changes, by its own names
  NameRule m_rule;
  std::map<std::string, bool, std::less<>> m_transposed;  ///< what oblong weights show, by the last part of their modules
  std::map<std::string, ModelTensor> m_changed;
};

bool fitsPlain(const TensorEntry& base, const AdapterFactors& factors) {
  return base.shape.size() >= 2 && factors.a.shape.size() >= 2 && factors.b.shape.size() >= 2 && base.shape[0] == factors.b.shape[0] &&
         std::equal(base.shape.begin() + 1, base.shape.end(), factors.a.shape.begin() + 1, factors.a.shape.end());
}

bool fitsTransposed(const TensorEntry& base, const AdapterFactors& factors) {
  return base.shape.size() == 2 && factors.a.shape.size() == 2 && factors.b.shape.size() == 2 && base.shape[0] == factors.a.shape[1] &&
         base.shape[1] == factors.b.shape[0];
}

Result<std::map<std::string, ModelTensor>> AdapterFitter::fit() {
  if (const std::string scheme = quantisationOf(m_base); !scheme.empty()) {
    return bad(fmt::format("its base {} is quantised ({})", escaped(m_base.path().string(), 1000), escaped(scheme)),
               "use the model before quantisation");
  }
  for (const AdapterFactors& factors : m_adapter.factors) {
    m_targets.insert(factors.module + ".weight");
  }
  for (const AdapterReplacement& replacement : m_adapter.replacements) {
    m_targets.insert(replacement.tensor);
  }
  LAYERLOOM_CHECK(findRule());
  for (const AdapterReplacement& replacement : m_adapter.replacements) {
    LAYERLOOM_CHECK(replace(replacement));
  }
  gatherOrientations();
  for (const AdapterFactors& factors : m_adapter.factors) {
    LAYERLOOM_CHECK(update(factors));
  }
  return std::move(m_changed);
}

bool AdapterFitter::holds(const NameRule& rule) const {
  std::set<std::string> reached;
  return std::all_of(m_targets.begin(), m_targets.end(), [&](const std::string& target) {
    std::string name = rule.apply(target, m_base);
    return m_base.find(name) != nullptr && reached.insert(std::move(name)).second;
  });
}

Status AdapterFitter::findRule() {
  constexpr std::size_t kMostParts = 32;
  if (holds(m_rule)) {
    return {};
  }
  std::set<std::string> drops;
  std::set<std::string> adds;
  for (const std::string& target : m_targets) {
    drops.insert(firstPart(target));
  }
  for (const auto& [name, tensor] : m_base.tensors()) {
    adds.insert(firstPart(name));
  }
  std::vector<NameRule> found;
  const auto tryAll = [&](const std::set<std::string>& parts, std::string NameRule::* part) {
    std::size_t tried = 0;
    for (const std::string& candidate : parts) {
      NameRule rule;
      rule.*part = candidate;
      if (!candidate.empty() && tried++ < kMostParts && holds(rule)) {
        found.push_back(std::move(rule));
      }
    }
  };
  tryAll(drops, &NameRule::drop);
  tryAll(adds, &NameRule::add);
  if (found.size() == 1) {
    m_rule = found.front();
    return {};
  }
  if (found.size() > 1) {
    return bad(fmt::format("the tensor \"{}\" could be several of the base's", escaped(*m_targets.begin())));
  }
  constexpr auto kSharedHead = "the base has no head of its own: save it with tie_word_embeddings false first";
  const auto lost =
      std::find_if(m_targets.begin(), m_targets.end(), [this](const std::string& name) { return m_base.find(name) == nullptr; });
  return bad(fmt::format("changes the tensor \"{}\", which the base {} does not have", escaped(*lost), escaped(m_base.path().string(), 1000)),
             lost->ends_with("lm_head.weight") ? kSharedHead : kOtherBase);
}

Status AdapterFitter::replace(const AdapterReplacement& replacement) {
  const ModelTensor& base = *m_base.find(m_rule.apply(replacement.tensor, m_base));
  if (base.entry.shape != replacement.entry.shape) {
    return bad(fmt::format("the tensor \"{}\" is {}, but the base's \"{}\" is {}", escaped(replacement.entry.name),
                           formatShape(replacement.entry.shape), escaped(base.entry.name), formatShape(base.entry.shape)));
  }
  ModelTensor changed{m_file, replacement.entry};
  changed.entry.name = base.entry.name;
  // It counts as of the base's type, as in the merged model that peft would save.
  changed.storedDtype = replacement.entry.dtype;
  changed.entry.dtype = isMergeable(base.entry.dtype) ? base.entry.dtype : replacement.entry.dtype;
  m_changed.insert_or_assign(base.entry.name, std::move(changed));
  return {};
}

void AdapterFitter::gatherOrientations() {
  for (const AdapterFactors& factors : m_adapter.factors) {
    const TensorEntry& base = m_base.find(m_rule.apply(factors.module + ".weight", m_base))->entry;
    const bool plain = fitsPlain(base, factors);
    if (!factors.isEmbedding && plain != fitsTransposed(base, factors)) {
      m_transposed.emplace(lastPart(factors.module), !plain);
    }
  }
}

bool AdapterFitter::liesTransposed(const AdapterFactors& factors) const {
  const auto alike = m_transposed.find(lastPart(factors.module));
  return alike == m_transposed.end() ? m_adapter.config.fanInFanOut : alike->second;
}

tl::unexpected<Error> AdapterFitter::misfit(const AdapterFactors& factors, const TensorEntry& base) const {
  return bad(fmt::format("the factors \"{}\" {} and \"{}\" {} do not fit the base's \"{}\" {}", escaped(factors.a.name),
                         formatShape(factors.a.shape), escaped(factors.b.name), formatShape(factors.b.shape), escaped(base.name),
                         formatShape(base.shape)));
}

Status AdapterFitter::update(const AdapterFactors& factors) {
  const std::string name = m_rule.apply(factors.module + ".weight", m_base);
  const ModelTensor& base = *m_base.find(name);
  const bool plain = !factors.isEmbedding && fitsPlain(base.entry, factors);
  const bool transposed = fitsTransposed(base.entry, factors);
  const bool sameRank = factors.b.shape.size() >= 2 && factors.b.shape[1] == factors.a.shape[0] && product(factors.b.shape, 2) == 1;
  if ((!plain && !transposed) || !sameRank) {
    return misfit(factors, base.entry);
  }
  if (!isMergeable(base.entry.dtype)) {
    return bad(fmt::format("changes the tensor \"{}\", which is of type {} in the base", escaped(name), safetensorsName(base.entry.dtype)),
               "use the model before quantisation");
  }
  const std::uint64_t rank = factors.a.shape[0];
  if (rank != static_cast<std::uint64_t>(m_adapter.config.rankOf(factors.module))) {
    return bad(fmt::format("the factor \"{}\" is {}, but adapter_config.json gives the module the rank {}", escaped(factors.a.name),
                           formatShape(factors.a.shape), m_adapter.config.rankOf(factors.module)),
               "fetch adapter_config.json and adapter_model.safetensors again: they are of different versions");
  }
  LowRankUpdate added{m_file, factors.a, factors.b};
  added.rank = rank;
  added.columns = product(base.entry.shape, 1);
  added.transposed = plain && transposed ? liesTransposed(factors) : transposed;
  added.scale = m_adapter.config.scaleOf(factors.module);
  ModelTensor changed = m_changed.contains(name) ? m_changed.at(name) : base;
  changed.update = std::make_shared<const LowRankUpdate>(std::move(added));
  m_changed.insert_or_assign(name, std::move(changed));
  return {};
}

}  // namespace

Result<std::map<std::string, ModelTensor>> fitAdapter(const Adapter& adapter, const Model& base, std::size_t file) {
  return AdapterFitter(adapter, base, file).fit();
}

}  // namespace layerloom
