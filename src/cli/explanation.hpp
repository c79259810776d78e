// What a record means, in lines for people and as an object for programs. Pure functions over RDATA, which comes from strangers: what
// is malformed is shown as such.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cursor.hpp"
#include "records_report.hpp"

namespace danelaw::cli {

struct Explanation {
  std::vector<std::string> lines;  ///< not yet printable()
  Json object = Json::object();    ///< "problem" is there only where the record is malformed
};

/// Of a record that is none of its type: nothing but the type and the problem.
[[nodiscard]] inline Explanation malformed(const char* type, const std::string& problem) {
  Explanation explanation;
  explanation.object = {{"type", type}, {"problem", problem}};
  explanation.lines = {"malformed: " + problem};
  return explanation;
}

[[nodiscard]] Explanation explain_caa(Octets rdata);
[[nodiscard]] Explanation explain_cert(Octets rdata);
[[nodiscard]] Explanation explain_dnskey(Octets rdata);
[[nodiscard]] Explanation explain_ds(Octets rdata);
[[nodiscard]] Explanation explain_mx(Octets rdata);
[[nodiscard]] Explanation explain_srv(Octets rdata);

/// All TLSA records of an RRset, one explanation for each.
[[nodiscard]] std::vector<Explanation> explain_tlsa(std::span<const std::string> rdatas);

/// What all CAA records of an RRset mean together.
[[nodiscard]] Explanation explain_caa_set(std::span<const std::string> rdatas);
/// The same of MX records; no lines where there is nothing to say.
[[nodiscard]] Explanation explain_mx_set(std::span<const std::string> rdatas);

}  // namespace danelaw::cli
