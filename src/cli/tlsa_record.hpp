// TLSA records of what a server shows (RFC 6698 section 2): which part of it each certificate usage and selector mean.
//
// Usages 1 and 3 are about the server's own certificate, 0 and 2 about a CA's above it (RFC 6698 section 2.1.1).
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "credential.hpp"

namespace danelaw::cli {

/// The three that say what a record's data are (RFC 7671 section 8 speaks of "TLSA parameters").
struct Parameters {
  int usage = 3;
  int selector = 1;
  int matching_type = 1;

  friend auto operator<=>(const Parameters&, const Parameters&) = default;
  [[nodiscard]] bool is_about_ca() const { return usage == 0 || usage == 2; }
};

/// "3 1 1"
[[nodiscard]] std::string to_text(const Parameters& parameters);
/// "3 1 1, 2 1 1"
[[nodiscard]] std::string to_text(const std::vector<Parameters>& list);
/// RFC 7218: "DANE-EE SPKI SHA2-256"
[[nodiscard]] std::string acronyms(const Parameters& parameters);

/// The words after --record. Throws a Failure with Exit::Usage.
[[nodiscard]] Parameters parse_parameters(const std::vector<std::string>& words, const char* option);

struct TlsaRecord {
  Parameters parameters;
  std::string data;  ///< octets

  friend auto operator<=>(const TlsaRecord&, const TlsaRecord&) = default;
};

/// "3 1 1 9f14…", and RFC 3597's "\# 35 0301019f14…"
[[nodiscard]] std::string to_text(const TlsaRecord& record);
[[nodiscard]] std::string to_generic(const TlsaRecord& record);
[[nodiscard]] std::string hex_of(std::string_view octets);

/// RDATA (RFC 6698 section 2.1); nothing where there are fewer than three octets.
[[nodiscard]] std::optional<TlsaRecord> record_of_rdata(std::string_view rdata);

/// Known values, and as many data as they ask for (RFC 6698 section 4.1): the others no client acts on.
[[nodiscard]] bool is_usable(const TlsaRecord& record);

/// The certificate that a record for usage 0 or 2 is made of: the topmost that is there, or a CA's alone. Null: there is
/// none.
[[nodiscard]] const X509* anchor_of(const Credential& credential);

/// Throws a Failure with Exit::Usage where the credential does not have what the record is about. A key alone counts as the
/// server's or as a CA's, as the usage has it.
[[nodiscard]] TlsaRecord make_record(const Credential& credential, const Parameters& parameters);

/// All that can be said of a chain as a server sends it, by any parameters: what may match it. For usages 0 and 2 there can be
/// several; the topmost certificate's is the last. A lone certificate or key is the server's.
using Associations = std::map<Parameters, std::vector<std::string>>;
[[nodiscard]] Associations associations_of(const Credential& credential);

[[nodiscard]] bool matches(const Associations& chain, const TlsaRecord& record);

}  // namespace danelaw::cli
