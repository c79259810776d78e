// MX and SRV RDATA (RFC 1035 section 3.3.9, RFC 2782): what stands there. Names are uncompressed, as answers of the library have them.
#pragma once

#include <optional>
#include <string>

#include "cursor.hpp"

namespace danelaw::cli {

struct MxRdata {
  std::uint16_t preference = 0;
  std::string exchange;  ///< presentation form without the final dot; "." is the root
};
struct SrvRdata {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  std::string target;  ///< likewise
};

/// Nothing where the octets are none, or where more follow.
[[nodiscard]] std::optional<MxRdata> mx_of_rdata(Octets rdata);
[[nodiscard]] std::optional<SrvRdata> srv_of_rdata(Octets rdata);

}  // namespace danelaw::cli
