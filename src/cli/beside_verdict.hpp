// `danelaw check --all`: what CAA (RFC 8659) and CERT records (RFC 4398) say beside the verdict. For information only: a relying party
// must not use CAA to validate a certificate (RFC 8659 section 1), and CERT records have no authority of their own. So nothing here
// knows the verdict, and nothing that makes one knows this.
//
// CAA names CAs by domain names of theirs, and a certificate names its CA by an X.500 name: which of these belong together DNS does not
// say. So both are shown, and neither "yes" nor "no" is made of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explained_answer.hpp"
#include "peer.hpp"

namespace danelaw::cli {

/// One of the two questions.
struct Beside {
  std::string type;
  std::string outcome;             ///< as `danelaw lookup` has it
  std::string reason;              ///< for people
  std::string found_at;            ///< the last name that was asked
  std::vector<std::string> asked;  ///< all of them
  ExplainedAnswer explained;
  std::vector<std::vector<std::string>> held;  ///< by CERT record the addresses whose certificate it holds
};

struct BesideVerdict {
  Beside caa;
  Beside cert;
  std::vector<std::string> issuers;  ///< of the certificates that were seen, each once
};

/// The octets of the certificate in a CERT record; nothing where it holds none.
[[nodiscard]] std::optional<std::string> certificate_in(Octets cert_rdata);

/// By CERT record the addresses whose certificate it holds.
[[nodiscard]] std::vector<std::vector<std::string>> holders_of(const std::vector<std::string>& cert_rdatas,
                                                               const std::vector<PeerReport>& peers);

/// Blocks for the deadline of the resolver's settings at most, for each question. The host is a name.
[[nodiscard]] BesideVerdict look_beside(danelaw_resolver& resolver, const std::string& host,
                                        const std::vector<PeerReport>& peers);

[[nodiscard]] std::string to_text(const BesideVerdict& beside);
[[nodiscard]] Json to_json(const BesideVerdict& beside);

}  // namespace danelaw::cli
