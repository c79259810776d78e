// When the signatures end by which records are secure: those of their own zone, which its operator can make anew.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "answer_report.hpp"

namespace danelaw::cli {

struct SignatureEnd {
  std::int64_t until = 0;  ///< seconds since 1970; 0: not known
  std::string rrset;       ///< "_443._tcp.www.example.org TLSA"
};

/// Of the proof's RRsets of the zone that `name` is in: the delegations above are others' to sign.
[[nodiscard]] SignatureEnd end_in_zone(const std::vector<ProofLine>& proof, const std::string& name);

/// Asks DNS, past every cache. Nothing is known where there are no such records, or the engine keeps no proofs.
[[nodiscard]] SignatureEnd signature_end(const danelaw_settings& settings, const std::string& name,
                                         const char* type);

/// The earlier of both that is known.
[[nodiscard]] SignatureEnd earlier(const SignatureEnd& one, const SignatureEnd& other);

}  // namespace danelaw::cli
