// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/html.h"

#include <fmt/format.h>

#include <cmath>

namespace layerloom::report {
namespace {

constexpr const char* kStyle =
    "body{font:14px/1.45 system-ui,sans-serif;color:#1c2126;background:#fff;max-width:1000px;margin:32px auto;padding:0 24px}"
    "h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:32px 0 8px;border-bottom:1px solid #d8dde2;padding-bottom:4px}"
    ".sub{color:#56616b;margin:0;overflow-wrap:anywhere}p{margin:6px 0}table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:8px 0}"
    "th,td{padding:3px 10px;text-align:right;border-bottom:1px solid #e6eaee}th{color:#56616b;font-weight:600}"
    "th.t,td.t{text-align:left;overflow-wrap:anywhere}pre{background:#f5f7f8;padding:12px;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}"
    "svg{display:block;max-width:100%;height:auto;margin:8px 0}svg text{font:11px system-ui,sans-serif;fill:#1c2126}"
    "@media print{body{margin:0}h2{break-after:avoid}svg,table tr{break-inside:avoid}}";

std::string htmlText(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string hex(const Colour& colour) {
  const auto part = [](double value) { return static_cast<int>(std::lround(255 * value)); };
  return fmt::format("#{:02x}{:02x}{:02x}", part(colour.red), part(colour.green), part(colour.blue));
}

/// A text in an SVG picture.
std::string label(double x, double y, const char* anchor, const std::string& text, const char* fill = "#1c2126") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" style=\"fill:{}\">{}</text>", x, y, anchor, fill, htmlText(text));
}

class HtmlWriter {
 public:
  void operator()(const Paragraph& paragraph) {
    const std::string strong = paragraph.label.empty() ? "" : "<b>" + htmlText(paragraph.label) + ":</b> ";
    m_text += "<p>" + strong + htmlText(paragraph.text) + "</p>\n";
  }

  void operator()(const Table& table) {
    m_text += "<table><thead><tr>";
    addCells(table.header, "th", table.textColumns);
    m_text += "</tr></thead><tbody>\n";
    for (const auto& row : table.rows) {
      m_text += "<tr>";
      addCells(row, "td", table.textColumns);
      m_text += "</tr>\n";
    }
    m_text += "</tbody></table>\n";
  }

  void operator()(const LineChart& chart) {
    constexpr double kWidth = 940, kHeight = 260, kLeft = 56, kRight = 12, kTop = 16, kBottom = 40;
    const Axis axis = axisOf(chart);
    const std::size_t layers = layersOf(chart);
    const auto x = [&](std::size_t layer) { return kLeft + (static_cast<double>(layer) + 0.5) * (kWidth - kLeft - kRight) / static_cast<double>(std::max<std::size_t>(1, layers)); };
    const auto y = [&](double value) { return kHeight - kBottom - (value - axis.least) / (axis.greatest - axis.least) * (kHeight - kTop - kBottom); };
    startPicture(kWidth, kHeight + 20 * static_cast<double>(chart.lines.size()), chart.axis);
    for (const double value : axis.ticks()) {
      m_text += fmt::format("<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#d8dde2\"/>", kLeft, kWidth - kRight, y(value), y(value));
      m_text += label(kLeft - 6, y(value) + 4, "end", shortNumber(value, m_point));
    }
    const std::size_t step = layers / 24 + 1;
    for (std::size_t layer = 0; layer < layers; layer += step) {
      m_text += label(x(layer), kHeight - kBottom + 16, "middle", fmt::format("{}", layer));
    }
    m_text += label(kLeft, kHeight - kBottom + 32, "start", chart.axis, "#56616b");
    for (std::size_t line = 0; line < chart.lines.size(); ++line) {
      addLine(chart.lines[line], hex(lineColour(line)), x, y);
      const double key = kHeight + 20 * static_cast<double>(line) + 8;
      m_text += fmt::format("<line x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"2.5\"/>", kLeft, kLeft + 24, key, key, hex(lineColour(line)));
      m_text += label(kLeft + 32, key + 4, "start", chart.lines[line].name);
    }
    m_text += "</svg>\n";
  }

  void operator()(const HeatMap& map) {
    constexpr double kLeft = 110, kTop = 24, kRow = 20;
    const double cell = std::min(40.0, 820.0 / static_cast<double>(std::max<std::size_t>(1, map.columns.size())));
    const double height = kTop + kRow * static_cast<double>(map.rows.size()) + 44;
    const HeatScale scale = scaleOf(map);
    startPicture(kLeft + std::max(320.0, cell * static_cast<double>(map.columns.size())) + 12, height, map.title);
    m_text += label(0, 14, "start", map.title);
    for (std::size_t row = 0; row < map.rows.size(); ++row) {
      const double y = kTop + kRow * static_cast<double>(row);
      m_text += label(kLeft - 8, y + 14, "end", map.rows[row]);
      for (std::size_t column = 0; column < map.columns.size(); ++column) {
        const auto& value = map.cells[row][column];
        const std::string fill = value ? hex(heatColour(scale.greatest == 0 ? 0 : *value / scale.greatest)) : "url(#absent)";
        m_text += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" fill=\"{}\"><title>{}</title></rect>",
                              kLeft + cell * static_cast<double>(column), y, cell - 1, kRow - 1, fill,
                              htmlText(fmt::format("{}, {}: {}", map.rows[row], map.columns[column], value ? shortNumber(*value, m_point) : "–")));
      }
    }
    const double below = kTop + kRow * static_cast<double>(map.rows.size()) + 12;
    const std::size_t step = static_cast<std::size_t>(24 / cell) + 1;
    for (std::size_t column = 0; column < map.columns.size(); column += step) {
      m_text += label(kLeft + cell * (static_cast<double>(column) + 0.5), below, "middle", map.columns[column]);
    }
    for (int i = 0; i < 60; ++i) {
      m_text += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"2.5\" height=\"10\" fill=\"{}\"/>", kLeft + 30 + 2 * i, below + 10, hex(heatColour(i / 59.0)));
    }
    m_text += label(kLeft + 24, below + 19, "end", "0") + label(kLeft + 158, below + 19, "start", (scale.isClipped ? "≥ " : "") + shortNumber(scale.greatest, m_point)) + "</svg>\n";
  }

  void operator()(const Code& code) { m_text += "<pre>" + htmlText(code.text) + "</pre>\n"; }

  std::string write(const Document& document) {
    m_point = document.decimalPoint;
    m_text = "<!DOCTYPE html>\n<html lang=\"" + htmlText(document.language) + "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
             htmlText(document.title) + "</title><style>" + kStyle + "</style></head><body>\n" +
             "<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs><pattern id=\"absent\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
             "<path d=\"M0 6L6 0\" stroke=\"#b6bec6\"/></pattern></defs></svg>\n<h1>" +
             htmlText(document.title) + "</h1>\n";
    for (const std::string& line : document.subtitle) {
      m_text += "<p class=\"sub\">" + htmlText(line) + "</p>\n";
    }
    for (const Section& section : document.sections) {
      m_text += "<h2>" + htmlText(section.heading) + "</h2>\n";
      for (const Block& block : section.blocks) {
        std::visit(*this, block);
      }
    }
    return m_text + "</body></html>\n";
  }

 private:
  void addCells(const std::vector<std::string>& texts, const char* tag, std::size_t textColumns) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      m_text += fmt::format("<{}{}>{}</{}>", tag, i < textColumns ? " class=\"t\"" : "", htmlText(texts[i]), tag);
    }
  }

  void startPicture(double width, double height, const std::string& title) {
    m_text += fmt::format("<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" role=\"img\" aria-label=\"{2}\">", width, height, htmlText(title));
  }

  template <class X, class Y>
  void addLine(const LineChart::Line& line, const std::string& colour, const X& x, const Y& y) {
    std::string path;
    bool pen = false;
    for (std::size_t layer = 0; layer < line.values.size(); ++layer) {
      const auto& value = line.values[layer];
      path += value ? fmt::format("{}{:.1f} {:.1f}", pen ? "L" : "M", x(layer), y(*value)) : "";
      pen = value.has_value();
    }
    m_text += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>", path, colour);
  }

  std::string m_text;
  std::string m_point;
};

}  // namespace

std::string toHtml(const Document& document) {
  return HtmlWriter().write(document);
}

}  // namespace layerloom::report
