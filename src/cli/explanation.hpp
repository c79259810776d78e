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

[[nodiscard]] Explanation explain_caa(Octets rdata);
[[nodiscard]] Explanation explain_cert(Octets rdata);

/// What all CAA records of an RRset mean together.
[[nodiscard]] Explanation explain_caa_set(std::span<const std::string> rdatas);

}  // namespace danelaw::cli
