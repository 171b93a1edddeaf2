// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/preview_report.h"

#include <fmt/format.h>

#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kJsonVersion = 1;

Json toJson(const std::optional<Estimate>& estimate) {
  return estimate ? Json{{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}} : Json(nullptr);
}

Json toJson(const ModelPreview& model) {
  return {{"distance", toJson(model.distance)},   {"cosine", toJson(model.cosine)},
          {"weight", toJson(model.weight)},       {"kept", toJson(model.kept)},
          {"conflicts_won", toJson(model.conflictsWon)}, {"conflicts_lost", toJson(model.conflictsLost)}};
}

/// Appends the figures to an object.
void addFigures(Json& object, const PreviewFigures& figures) {
  Json models = Json::array();
  for (const auto& model : figures.models) {
    models.push_back(model ? toJson(*model) : Json(nullptr));
  }
  object["elements"] = figures.elements;
  object["moved"] = toJson(figures.moved);
  object["moved_ratio"] = toJson(figures.movedRatio);
  object["relative_move"] = toJson(figures.relativeMove);
  object["models"] = std::move(models);
}

std::string_view basisName(PreviewBasis basis) {
  switch (basis) {
    case PreviewBasis::Exact:
      return "exact";
    case PreviewBasis::Sampled:
      return "sampled";
    case PreviewBasis::None:
      break;
  }
  return "none";
}

Json layerToJson(int layer) {
  return layer < 0 ? Json(nullptr) : Json(layer);
}

Json partsToJson(const Preview& preview) {
  Json tensors = Json::array();
  for (const TensorPreview& tensor : preview.tensors) {
    Json object = {{"name", tensor.name}, {"layer", layerToJson(tensor.layer)}, {"module", tensor.module}, {"basis", basisName(tensor.basis)}};
    if (tensor.basis == PreviewBasis::None) {
      object["note"] = tensor.note;
    } else {
      addFigures(object, tensor.figures);
    }
    tensors.push_back(std::move(object));
  }
  Json layers = Json::array();
  for (const LayerPreview& layer : preview.layers) {
    Json object = {{"layer", layerToJson(layer.layer)}, {"module", layer.module}};
    addFigures(object, layer.figures);
    layers.push_back(std::move(object));
  }
  Json total = Json::object();
  addFigures(total, preview.total);
  return {{"tensors", std::move(tensors)}, {"layers", std::move(layers)}, {"total", std::move(total)}};
}

std::string show(const std::optional<Estimate>& estimate) {
  if (!estimate) {
    return "–";
  }
  const double reach = (estimate->high - estimate->low) / 2;
  return reach > 0 ? fmt::format("{:.4g} ±{:.2g}", estimate->value, reach) : fmt::format("{:.4g}", estimate->value);
}

/// A cell of at least that width, which counts characters and not bytes.
std::string cell(const std::string& text, std::size_t width) {
  return fmt::format("{:>{}}", text, width);
}

std::string layerName(const LayerPreview& layer) {
  const std::string number = layer.layer < 0 ? "outside" : std::to_string(layer.layer);
  return layer.module.empty() ? number : layer.module + " " + number;
}

std::string row(const std::string& name, const PreviewFigures& figures) {
  std::string line = fmt::format("{:<12}{}{}{}", name, cell(show(figures.moved), 18), cell(show(figures.movedRatio), 18), cell(show(figures.relativeMove), 20));
  for (const auto& model : figures.models) {
    line += cell(model ? show(model->cosine) : "–", 18);
  }
  return line + "\n";
}

std::string layerTable(const Preview& preview) {
  std::string table = fmt::format("{:<12}{:>18}{:>18}{:>20}", "layer", "moved", "of mean |delta|", "of |base|");
  for (std::size_t i = 0; i < preview.models.size(); ++i) {
    table += cell(fmt::format("cosine {}", i + 1), 18);
  }
  table += "\n";
  for (const LayerPreview& layer : preview.layers) {
    table += row(layerName(layer), layer.figures);
  }
  return table + row("all", preview.total);
}

std::string modelTable(const Preview& preview) {
  std::string table = fmt::format("{:<24}{:>18}{:>18}{:>18}{:>18}{:>18}{:>18}\n", "model", "distance", "cosine", "weight", "kept", "conflicts won", "conflicts lost");
  for (std::size_t i = 0; i < preview.models.size(); ++i) {
    const auto& model = preview.total.models[i];
    if (model) {
      table += fmt::format("{:<24}{}{}{}{}{}{}\n", fmt::format("{} {}", i + 1, escaped(preview.models[i])), cell(show(model->distance), 18), cell(show(model->cosine), 18),
                           cell(show(model->weight), 18), cell(show(model->kept), 18), cell(show(model->conflictsWon), 18),
                           cell(show(model->conflictsLost), 18));
    }
  }
  return table;
}

}  // namespace

nlohmann::ordered_json previewToJson(const MethodSpec& method, const Preview& preview, const std::optional<Preview>& truth) {
  Json json = {{"version", kJsonVersion},
               {"method", method.name},
               {"base", preview.base.empty() ? Json(nullptr) : Json(preview.base)},
               {"models", preview.models},
               {"notes", preview.notes}};
  json.update(partsToJson(preview));
  if (truth) {
    json["truth"] = partsToJson(*truth);
  }
  return json;
}

std::string describePreview(const MethodSpec& method, const Preview& preview, const std::optional<Preview>& truth) {
  std::string text = fmt::format("{}: what the result will be, against {}\n\n", method.name,
                                 preview.base.empty() ? std::string("the mean of the models") : "\"" + escaped(preview.base) + "\"");
  text += layerTable(preview) + "\n" + modelTable(preview);
  if (truth) {
    text += "\nMerged for real:\n" + layerTable(*truth) + "\n" + modelTable(*truth);
  }
  for (const std::string& note : preview.notes) {
    text += "\nnote: " + note;
  }
  return preview.notes.empty() ? text : text + "\n";
}

}  // namespace layerloom
