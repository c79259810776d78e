// What speaks against a record that was asked for: it is made all the same, and said (RFC 7671 sections 4, 5 and 10.1; RFC
// 7672 section 3.1.3).
#pragma once

#include <string>
#include <vector>

#include "credential.hpp"
#include "tlsa_record.hpp"
#include "tlsa_service.hpp"

namespace danelaw::cli {

struct Advice {
  std::string code;  ///< stable word
  std::string text;  ///< one line for people

  friend bool operator==(const Advice&, const Advice&) = default;
};

struct MadeRecord {
  TlsaRecord record;
  std::vector<const Credential*> sources;  ///< all of which it was made
};

/// Where the credentials come from: what a server was seen to send it does send.
enum class Source { Files, Server };

[[nodiscard]] std::vector<Advice> advice_on(const std::vector<MadeRecord>& records,
                                            const std::vector<TlsaService>& services, Source source);

}  // namespace danelaw::cli
