// A trace as a picture: records are boxes, grouped by the zone that signs them; an arrow goes from what vouches to what it vouches for.
#include <fmt/format.h>

#include <map>

#include "dnssec_numbers.hpp"
#include "terminal.hpp"
#include "trace_report.hpp"

namespace danelaw::cli {
namespace {

struct Look {
  const char* fill;
  const char* line;
};

Look look_of(std::string_view state) {
  if (state == "secure") return {"#c8e6c9", "#2e7d32"};
  if (state == "insecure") return {"#fff3c4", "#b58900"};
  if (state == "bogus") return {"#ffcdd2", "#b71c1c"};
  if (state == "missing") return {"#e0e0e0", "#b71c1c"};
  return {"#f5f5f5", "#9e9e9e"};
}

/// Within a quoted string of Graphviz a backslash begins an escape; what is in names must stay what it is.
std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made;
}

std::string quoted(const std::vector<std::string>& lines) {
  std::string made;
  for (const std::string& line : lines)
    if (!line.empty()) made += (made.empty() ? "" : "\\n") + escaped(line);
  return '"' + made + '"';
}

std::vector<std::string> label_of(const TraceLines& trace, const TraceLine& line) {
  std::vector<std::string> label;
  if (line.kind == "anchor")
    label = {"trust anchor", fmt::format("{} {} {}", line.owner, line.type, line.key_tag)};
  if (line.kind == "ds") label = {fmt::format("DS {}", line.key_tag)};
  if (line.kind == "dnskey")
    label = {fmt::format("{} {}", (line.flags & 1) != 0 ? "key (SEP)" : "key", line.key_tag)};
  if (line.kind == "rrset") label = {fmt::format("{} {}", line.owner, line.type)};
  if (line.kind == "signature")
    label = {fmt::format("signature by {} of {}", line.key_tag, line.zone), validity_of(line)};
  if (label.empty()) return {words_of(trace, line)};
  if (line.algorithm >= 0) label.push_back(algorithm_text(line.algorithm));
  if (line.digest_type >= 0) label.push_back(digest_text(line.digest_type));
  if (!line.target.empty()) label.push_back("by " + line.target);
  label.push_back(line.code);
  return label;
}

const char* shape_of(const TraceLine& line) {
  if (line.kind == "end") return "octagon";
  if (line.kind == "ds" || line.kind == "dnskey") return "ellipse";
  return line.kind == "denial" || line.kind == "alias" ? "note" : "box";
}

/// A signature whose key is there is an arrow from that key; another stands for itself.
bool is_arrow(const TraceLine& line) { return line.kind == "signature" && !line.basis.empty(); }

std::string node(const TraceLines& trace, std::size_t i) {
  const TraceLine& line = trace[i];
  const Look look = look_of(line.state);
  return fmt::format("n{} [label={}, shape={}, fillcolor=\"{}\", color=\"{}\"{}];\n", i,
                     quoted(label_of(trace, line)), shape_of(line), look.fill, look.line,
                     line.state == "missing" ? ", style=\"filled,dashed\"" : "");
}

std::string arrow(std::int64_t from, std::int64_t to, const TraceLine& by) {
  const std::string label =
      by.kind == "signature" ? ", label=" + quoted({"signs", validity_of(by), by.code}) : "";
  return fmt::format("  n{} -> n{} [color=\"{}\"{}];\n", from, to, look_of(by.state).line, label);
}

struct ZoneNodes {
  std::string zone;  ///< "": outside of all
  std::string nodes;
};

/// In the order of their first steps.
std::vector<ZoneNodes> nodes_by_zone(const TraceLines& trace) {
  std::vector<ZoneNodes> zones;
  std::map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const TraceLine& line = trace[i];
    if (line.kind == "question" || is_arrow(line)) continue;
    const std::string zone = line.kind == "end" ? "" : line.zone;
    const auto [found, is_new] = at.try_emplace(zone, zones.size());
    if (is_new) zones.push_back({zone, ""});
    zones[found->second].nodes += (zone.empty() ? "  " : "    ") + node(trace, i);
  }
  return zones;
}

std::string arrows_to(const TraceLines& trace, std::size_t i) {
  const TraceLine& line = trace[i];
  const auto self = static_cast<std::int64_t>(i);
  if (line.kind == "question") return "";
  if (line.kind == "signature") return arrow(is_arrow(line) ? line.basis.front() : self, line.rrset, line);
  std::string text;
  for (const std::int64_t basis : line.basis) text += arrow(basis, self, line);
  // Of the keys of a zone some come from DS records that name them; the others by the signatures over all of them.
  if (line.rrset >= 0 && line.basis.empty()) text += arrow(line.rrset, self, line);
  return text;
}

}  // namespace

std::string to_dot(const TraceLines& trace, std::string_view title) {
  std::string text = fmt::format(
      "digraph trace {{\n"
      "  label={};\n  labelloc=t;\n  rankdir=TB;\n  fontname=\"sans-serif\";\n"
      "  node [style=filled, fontname=\"sans-serif\", fontsize=10];\n"
      "  edge [fontname=\"sans-serif\", fontsize=8];\n",
      quoted({std::string(title)}));
  std::size_t cluster = 0;
  for (const ZoneNodes& one : nodes_by_zone(trace)) {
    if (one.zone.empty()) text += one.nodes;
    if (!one.zone.empty())
      text += fmt::format("  subgraph cluster_{} {{\n    label={};\n    color=\"#9e9e9e\";\n{}  }}\n",
                          cluster++, quoted({"zone " + one.zone}), one.nodes);
  }
  for (std::size_t i = 0; i < trace.size(); ++i) text += arrows_to(trace, i);
  return text + "}\n";
}

}  // namespace danelaw::cli
