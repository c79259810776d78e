// What a set of CAA records allows: who may issue what (RFC 8659 sections 3 and 4, RFC 9495 section 3). It is advice to CAs, who read
// it when they issue; nobody may judge a certificate by it (RFC 8659 section 1).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rdata_caa.hpp"

namespace danelaw::cli {

struct CaaAllowance {
  bool is_restricted = false;        ///< false: CAA has nothing to say of it
  std::vector<std::string> issuers;  ///< their domain names, each once; none: nobody
  friend bool operator==(const CaaAllowance&, const CaaAllowance&) = default;
};

struct CaaSet {
  CaaAllowance names;
  CaaAllowance wildcards;
  CaaAllowance mail;   ///< S/MIME
  CaaAllowance marks;  ///< verified marks
  std::vector<std::string>
      critical;  ///< tags that no standard defines, and that forbid to issue where they are not known
  std::size_t malformed = 0;
};

/// Of all RDATA of an RRset.
[[nodiscard]] CaaSet caa_set_of(std::span<const std::string> rdatas);

/// "ca.example, ca.example.org", "nobody", "anybody"
[[nodiscard]] std::string to_text(const CaaAllowance& allowance);

/// The name above in presentation form, "" above the last label: CAA of the root is not asked for (RFC 8659 section 3).
[[nodiscard]] std::string parent_of(std::string_view name);

}  // namespace danelaw::cli
