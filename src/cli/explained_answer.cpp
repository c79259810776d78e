#include "explained_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace danelaw::cli {
namespace {

/// `mnemonic` in any case, or TYPE and the number.
bool is_type(std::string_view type, std::string_view mnemonic, int number) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; };
  return std::ranges::equal(type, mnemonic, {}, upper) ||
         std::ranges::equal(type, fmt::format("TYPE{}", number), {}, upper);
}

std::vector<Explanation> explain_each(const std::vector<std::string>& rdatas,
                                      Explanation (*explain_one)(Octets)) {
  std::vector<Explanation> explanations;
  for (const std::string& rdata : rdatas) {
    const std::vector<std::uint8_t> octets(rdata.begin(), rdata.end());
    explanations.push_back(explain_one(octets));
  }
  return explanations;
}

/// How a type is explained; what an RRset means as a whole, where that is more.
struct Explained {
  std::string_view mnemonic;
  int number;
  Explanation (*explain)(Octets);
  Explanation (*explain_set)(std::span<const std::string>) = nullptr;
  const char* set_name = "";
};
constexpr std::array explained_types = {
    Explained{"CAA", 257, explain_caa, explain_caa_set, "issuance"},
    Explained{"CERT", 37, explain_cert},
    Explained{"DNSKEY", 48, explain_dnskey},
    Explained{"DS", 43, explain_ds},
    Explained{"MX", 15, explain_mx, explain_mx_set, "delivery"},
    Explained{"SRV", 33, explain_srv},
};

std::string text_of(const std::vector<std::string>& lines, std::string_view indent) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("{}{}\n", indent, printable(line));
  return text;
}

}  // namespace

std::vector<std::string> rdatas_of(const danelaw_answer& answer) {
  std::vector<std::string> rdatas;
  for (std::size_t i = 0; i < danelaw_answer_count(&answer); ++i) {
    std::size_t octets = 0;
    const std::uint8_t* const rdata = danelaw_answer_rdata(&answer, i, &octets);
    rdatas.emplace_back(rdata, rdata + octets);
  }
  return rdatas;
}

bool is_caa(std::string_view type) { return is_type(type, "CAA", 257); }

ExplainedAnswer explain(const danelaw_answer& answer, std::string_view type) {
  const std::vector<std::string> rdatas = rdatas_of(answer);
  ExplainedAnswer explained;
  for (const Explained& one : explained_types) {
    if (!is_type(type, one.mnemonic, one.number)) continue;
    explained.records = explain_each(rdatas, one.explain);
    if (one.explain_set != nullptr && !rdatas.empty()) explained.set = one.explain_set(rdatas);
    explained.set_name = one.set_name;
  }
  if (is_type(type, "TLSA", 52)) explained.records = explain_tlsa(rdatas);
  return explained;
}

std::string to_text(const AnswerReport& report, const ExplainedAnswer& explained) {
  if (explained.records.size() != report.records.size()) return to_text(report);
  std::string text;
  for (std::size_t i = 0; i < report.records.size(); ++i)
    text += fmt::format("  {}\n", printable(report.records[i])) + text_of(explained.records[i].lines, "    ");
  if (explained.set) text += text_of(explained.set->lines, "  ");
  return text + end_of_text(report);
}

void add_to(Json& json, const ExplainedAnswer& explained) {
  if (explained.records.empty()) return;
  json["explained"] = Json::array();
  for (const Explanation& explanation : explained.records) json["explained"].push_back(explanation.object);
  if (explained.set) json[explained.set_name] = explained.set->object;
}

}  // namespace danelaw::cli
