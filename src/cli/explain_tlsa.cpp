// TLSA in words (RFC 6698, RFC 7218, RFC 7671). Whether a record is usable is the library's to say: it is asked with the whole RRset,
// because a stronger digest beside a record takes it out (RFC 7671 section 9).
#include <fmt/format.h>

#include "explanation.hpp"
#include "handles.hpp"
#include "tlsa_record.hpp"

namespace danelaw::cli {
namespace {

const char* usage_words(int usage) {
  switch (usage) {
    case 0:
      return "a CA that must be in the chain, beside ordinary verification; mail does not count it (RFC 7672 "
             "section 3.1.3)";
    case 1:
      return "the server's certificate, beside ordinary verification; mail does not count it (RFC 7672 "
             "section 3.1.3)";
    case 2:
      return "a trust anchor that must be in the chain that the server sends; names and dates count";
    case 3:
      return "the server's own certificate or key, and nothing else";
    default:
      return "a certificate usage without a meaning";
  }
}

Explanation of_record(const TlsaRecord& record) {
  Explanation explanation;
  const Parameters& parameters = record.parameters;
  explanation.object = {{"type", "TLSA"},
                        {"usage", parameters.usage},
                        {"selector", parameters.selector},
                        {"matching_type", parameters.matching_type},
                        {"acronyms", acronyms(parameters)},
                        {"octets", record.data.size()}};
  explanation.lines = {fmt::format("{}: {}", acronyms(parameters), usage_words(parameters.usage))};
  return explanation;
}

/// What the library makes of each of them; "" of one that it does not take.
std::vector<std::string> standings_of(std::span<const std::string> rdatas) {
  const Records records(danelaw_records_new());
  const Settings settings(danelaw_settings_new());
  std::vector<std::size_t> taken;
  for (std::size_t i = 0; i < rdatas.size(); ++i) {
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(rdatas[i].data());
    if (danelaw_records_add_rdata(records.get(), octets, rdatas[i].size(), nullptr) == DANELAW_OK)
      taken.push_back(i);
  }
  danelaw_plan* raw = nullptr;
  // The records are the same for whatever service they are of.
  danelaw_plan_from_records(settings.get(), "service.invalid", 443, DANELAW_TRANSPORT_TCP, records.get(),
                            &raw, nullptr);
  const Plan plan(raw);
  std::vector<std::string> standings(rdatas.size());
  for (std::size_t i = 0; raw != nullptr && i < taken.size(); ++i)
    standings[taken[i]] = danelaw_plan_record_standing(raw, i);
  return standings;
}

}  // namespace

std::vector<Explanation> explain_tlsa(std::span<const std::string> rdatas) {
  const std::vector<std::string> standings = standings_of(rdatas);
  std::vector<Explanation> explanations;
  for (std::size_t i = 0; i < rdatas.size(); ++i) {
    const auto record = record_of_rdata(rdatas[i]);
    Explanation explanation =
        record ? of_record(*record) : malformed("TLSA", "fewer than three octets (RFC 6698 section 2.1)");
    if (record) {
      const bool is_usable = standings[i] == "usable";
      explanation.lines.push_back(is_usable ? "usable" : "not usable: " + standings[i]);
      explanation.object["usable"] = is_usable;
      explanation.object["standing"] = standings[i];
    }
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

}  // namespace danelaw::cli
