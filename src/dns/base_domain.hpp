// The search for the TLSA base domain (RFC 7671 section 7, RFC 7672 section 2.2.2) as a pure state machine: it names
// the questions it misses, is told their answers in any order, and ends with a TlsaAnswer. No I/O, no clock.
//
// Candidates are the alias-expanded name, then the host itself; never a name in between. A candidate counts only if
// its addresses (or first CNAME), or the denial of them, are secure; what TLSA said for any other is discarded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dns/answer.hpp"
#include "tlsa/owner.hpp"

namespace danelaw::dns {

enum class AliasOrder { Follow, HostOnly };

struct TlsaQuestion {
  DnsName host;
  std::uint16_t port = 0;
  tlsa::Transport transport = tlsa::Transport::Tcp;
  AliasOrder aliases = AliasOrder::Follow;
  friend auto operator<=>(const TlsaQuestion&, const TlsaQuestion&) = default;
};

struct TlsaFound { std::vector<Buffer> rdatas; };   ///< a validated RRset; may hold nothing usable
struct TlsaAbsent {};                               ///< validated denial at every candidate
struct TlsaInsecure { std::string reason; };        ///< the base domain, or the last candidate, is provably unsigned
using TlsaResult = std::variant<tlsa::LookupError, TlsaFound, TlsaAbsent, TlsaInsecure>;

/// What the search found. Default-constructed it is a failure.
struct TlsaAnswer {
  TlsaResult result;
  DnsName base_domain;     ///< the candidate that decided; the host where none did
  bool expanded = false;   ///< base_domain is the alias-expanded name
  EpochSeconds expires = 0;
};

class BaseDomainSearch final {
 public:
  explicit BaseDomainSearch(TlsaQuestion question);

  /// Questions not yet named by an earlier call. All may be asked at once.
  [[nodiscard]] std::vector<Question> missing();
  /// Takes an answer; ones that were not asked for or came already are ignored.
  void take(const Question& question, const Answer& answer);

  /// The base domain as soon as no later answer can change which name SNI must carry.
  [[nodiscard]] std::optional<DnsName> settled_base_domain() const;
  [[nodiscard]] const std::optional<TlsaAnswer>& answer() const;

  // (members: see base_domain.cpp's author; private state as needed)
};

}  // namespace danelaw::dns
