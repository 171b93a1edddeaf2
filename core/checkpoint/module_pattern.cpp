// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/module_pattern.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kMaxKey = 1000;

tl::unexpected<Error> notUnderstood(std::string_view key) {
  return refused(fmt::format("the pattern \"{}\" uses more of regular expressions than this program reads", escaped(key)),
                 "write a key per module name instead");
}

std::bitset<256> one(char c) {
  std::bitset<256> set;
  set.set(static_cast<unsigned char>(c));
  return set;
}

std::bitset<256> range(char first, char last) {
  std::bitset<256> set;
  for (unsigned c = static_cast<unsigned char>(first); c <= static_cast<unsigned char>(last); ++c) {
    set.set(c);
  }
  return set;
}

}  // namespace

Result<ModulePattern> ModulePattern::parse(std::string_view key) {
  if (key.size() > kMaxKey) {
    return notUnderstood(key);
  }
  ModulePattern pattern;
  for (std::size_t start = 0; start <= key.size();) {
    const std::size_t end = std::min(key.find('|', start), key.size());
    LAYERLOOM_TRY(Branch branch, parseBranch(key.substr(start, end - start)));
    pattern.m_branches.push_back(std::move(branch));
    start = end + 1;
  }
  return pattern;
}

Result<ModulePattern::Branch> ModulePattern::parseBranch(std::string_view key) {
  Branch branch;
  if (key.starts_with('^')) {
    branch.fromStart = true;
    key.remove_prefix(1);
  }
  if (key.ends_with('$') && !key.ends_with("\\$")) {
    key.remove_suffix(1);
  }
  for (std::size_t at = 0; at < key.size();) {
    LAYERLOOM_TRY(Step step, parseStep(key, at));
    if (at < key.size() && (key[at] == '*' || key[at] == '+' || key[at] == '?')) {
      step.repeat = key[at] == '*' ? Repeat::Any : key[at] == '+' ? Repeat::Many : Repeat::Optional;
      branch.isPlain = false;
      ++at;
    }
    branch.steps.push_back(step);
  }
  return branch;
}

Result<ModulePattern::Step> ModulePattern::parseStep(std::string_view key, std::size_t& at) {
  const char c = key[at++];
  if (c == '.') {
    return Step{std::bitset<256>().set()};
  }
  if (c == '[') {
    return parseClass(key, at);
  }
  if (c == '\\') {
    const char next = at < key.size() ? key[at++] : '\0';
    if (next == 'd') {
      return Step{range('0', '9')};
    }
    const bool isLetter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9');
    return next == '\0' || isLetter ? Result<Step>(notUnderstood(key)) : Result<Step>(Step{one(next)});
  }
  return std::string_view("()*+?{}^$]").find(c) != std::string_view::npos ? Result<Step>(notUnderstood(key)) : Result<Step>(Step{one(c)});
}

Result<ModulePattern::Step> ModulePattern::parseClass(std::string_view key, std::size_t& at) {
  Step step;
  const bool inverted = at < key.size() && key[at] == '^';
  at += inverted ? 1 : 0;
  while (at < key.size() && key[at] != ']') {
    const char first = key[at++];
    if (first == '\\' || first == '[') {
      return notUnderstood(key);
    }
    const bool isRange = at + 1 < key.size() && key[at] == '-' && key[at + 1] != ']';
    step.characters |= range(first, isRange ? key[at + 1] : first);
    at += isRange ? 2 : 0;
  }
  if (at >= key.size() || step.characters.none()) {
    return notUnderstood(key);
  }
  ++at;
  if (inverted) {
    step.characters.flip();
  }
  return step;
}

bool ModulePattern::matches(std::string_view module) const {
  for (const Branch& branch : m_branches) {
    for (std::size_t start = 0; start != std::string_view::npos;) {
      if (matches(branch, module.substr(start))) {
        return true;
      }
      const std::size_t dot = module.find('.', start);
      start = branch.fromStart || dot == std::string_view::npos ? std::string_view::npos : dot + 1;
    }
  }
  return false;
}

/// Keeps the set of steps that the text so far may have led to: no backtracking.
bool ModulePattern::matches(const Branch& branch, std::string_view text) {
  const std::size_t count = branch.steps.size();
  const auto fits = [&](std::size_t i, char c) { return branch.steps[i].characters.test(static_cast<unsigned char>(c)); };
  if (branch.isPlain) {
    std::size_t i = 0;
    while (i < count && i < text.size() && fits(i, text[i])) {
      ++i;
    }
    return i == count && i == text.size();
  }
  std::vector<char> now(count + 1, 0);
  const auto skipOptional = [&](std::vector<char>& places) {
    for (std::size_t i = 0; i < count; ++i) {
      const Repeat repeat = branch.steps[i].repeat;
      if (places[i] != 0 && (repeat == Repeat::Optional || repeat == Repeat::Any)) {
        places[i + 1] = 1;
      }
    }
  };
  now[0] = 1;
  skipOptional(now);
  for (const char c : text) {
    std::vector<char> next(count + 1, 0);
    for (std::size_t i = 0; i < count; ++i) {
      if (now[i] == 0 || !fits(i, c)) {
        continue;
      }
      next[i + 1] = 1;
      const Repeat repeat = branch.steps[i].repeat;
      next[i] = static_cast<char>(next[i] | (repeat == Repeat::Any || repeat == Repeat::Many ? 1 : 0));
    }
    skipOptional(next);
    now = std::move(next);
  }
  return now[count] != 0;
}

}  // namespace layerloom
