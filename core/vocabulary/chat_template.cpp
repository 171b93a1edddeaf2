// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vocabulary/chat_template.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kShortestTemplate = 20;

// Each asks of Jinja what chat tools set: trim_blocks and lstrip_blocks. Line breaks of the prompt are written as \n in
// strings, so that those of the template do not matter: every tag trims what follows or precedes it.
constexpr std::string_view kChatMl = R"jinja({%- for message in messages -%}
  {{- '<|im_start|>' ~ message['role'] ~ '\n' ~ message['content'] ~ '<|im_end|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|im_start|>assistant\n' -}}
{%- endif -%}
)jinja";

constexpr std::string_view kLlama3 = R"jinja({%- for message in messages -%}
  {{- bos_token if loop.first else '' -}}
  {{- '<|start_header_id|>' ~ message['role'] ~ '<|end_header_id|>\n\n' ~ (message['content'] | trim) ~ '<|eot_id|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
{%- endif -%}
)jinja";

constexpr std::string_view kMistral = R"jinja({%- set preface = '' -%}
{%- set turns = messages -%}
{%- if messages[0]['role'] == 'system' -%}
  {%- set preface = messages[0]['content'] ~ '\n\n' -%}
  {%- set turns = messages[1:] -%}
{%- endif -%}
{{- bos_token -}}
{%- for turn in turns -%}
  {%- if turn['role'] != ('user' if loop.index0 % 2 == 0 else 'assistant') -%}
    {{- raise_exception('A chat has user and assistant in turn, after a system message at most') -}}
  {%- endif -%}
  {%- if turn['role'] == 'user' -%}
    {{- ' [INST] ' ~ (preface if loop.first else '') ~ turn['content'] ~ ' [/INST]' -}}
  {%- else -%}
    {{- ' ' ~ turn['content'] ~ eos_token -}}
  {%- endif -%}
{%- endfor -%}
)jinja";

constexpr std::string_view kAlpaca = R"jinja({%- set preface = namespace(text='') -%}
{%- for message in messages if message['role'] == 'system' -%}
  {%- set preface.text = message['content'] | trim -%}
{%- endfor -%}
{%- set titles = {'user': 'Instruction', 'assistant': 'Response', 'user_context': 'Input'} -%}
{{- preface.text ~ '\n\n' -}}
{%- for message in messages if message['role'] in titles -%}
  {{- '### ' ~ titles[message['role']] ~ ':\n' ~ (message['content'] | trim) -}}
  {{- '' if message is sameas messages[-1] else '\n\n' -}}
{%- endfor -%}
{%- if add_generation_prompt and messages[-1]['role'] != 'assistant' -%}
  {{- '### Response:\n' -}}
{%- endif -%}
)jinja";

// The spaces and line breaks around the turns are those that mergekit's template of this name leaves.
constexpr std::string_view kExaone = R"jinja({%- for message in messages -%}
  {%- if loop.first and message['role'] != 'system' -%}
    {{- '        [|system|][|endofturn|]\n\n' -}}
  {%- endif -%}
  {{- '    [|' ~ message['role'] ~ '|]' ~ message['content'] ~ '\n' -}}
  {{- '        ' ~ ('\n' if message['role'] == 'user' else '[|endofturn|]\n') ~ '\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '    [|assistant|]\n' -}}
{%- endif -%}
)jinja";

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kKnown = {
    std::pair{std::string_view("chatml"), kChatMl}, std::pair{std::string_view("llama3"), kLlama3},
    std::pair{std::string_view("mistral"), kMistral}, std::pair{std::string_view("alpaca"), kAlpaca},
    std::pair{std::string_view("exaone"), kExaone}};

std::string trimmed(const std::string& text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<std::string> mostCommon(std::span<const std::optional<std::string>> ofModels) {
  std::vector<std::pair<std::string, int>> counts;
  for (const std::optional<std::string>& text : ofModels) {
    const std::string key = trimmed(text.value_or(""));
    const auto found = std::ranges::find(counts, key, &std::pair<std::string, int>::first);
    if (key.empty()) {
      continue;
    }
    if (found == counts.end()) {
      counts.emplace_back(key, 1);
    } else {
      ++found->second;
    }
  }
  const auto best = std::ranges::max_element(counts, {}, &std::pair<std::string, int>::second);
  return best == counts.end() ? std::nullopt : std::optional(best->first);
}

std::size_t codePoints(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

Result<std::optional<std::string>> resolveChatTemplate(const std::string& setting,
                                                       std::span<const std::optional<std::string>> ofModels) {
  if (setting == "auto") {
    return mostCommon(ofModels);
  }
  const auto known = std::ranges::find(kKnown, setting, &std::pair<std::string_view, std::string_view>::first);
  if (known != kKnown.end()) {
    return std::string(known->second);
  }
  if (!isUtf8(setting) || setting.find('{') == std::string::npos || codePoints(setting) < kShortestTemplate) {
    return refused(fmt::format("chat_template: \"{}\" is neither a known template nor Jinja text", escaped(setting)),
                   "write auto, chatml, llama3, mistral, alpaca, exaone, or the text of the template itself");
  }
  return setting;
}

}  // namespace layerloom
