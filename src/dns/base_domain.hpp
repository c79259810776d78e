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

/// A validated RRset; it may hold nothing usable.
struct TlsaFound {
  std::vector<Buffer> rdatas;
};
/// Validated denial at every candidate.
struct TlsaAbsent {};
/// The base domain, or the last candidate, is provably unsigned.
struct TlsaInsecure {
  std::string reason;
};
using TlsaResult = std::variant<tlsa::LookupError, TlsaFound, TlsaAbsent, TlsaInsecure>;

/// What the search found. Default-constructed it is a failure.
struct TlsaAnswer {
  TlsaResult result;
  DnsName base_domain;    ///< the candidate that decided; the host where none did
  bool expanded = false;  ///< base_domain is the alias-expanded name
  EpochSeconds expires = 0;
};

class BaseDomainSearch final {
 public:
  explicit BaseDomainSearch(TlsaQuestion question);

  /// Questions not yet named by an earlier call. All may be asked at once.
  [[nodiscard]] std::vector<Question> missing();
  /// Takes an answer; ones that were not asked for or came already are ignored.
  void take(const Question& question, const Answer& answer);
  /// Whatever has not come by now has failed. There is an answer after that: an error, unless what came was enough.
  void give_up(const FailedAnswer& failure);

  /// The base domain as soon as no later answer can change which name SNI must carry.
  [[nodiscard]] const std::optional<DnsName>& settled_base_domain() const { return m_settled; }
  [[nodiscard]] const std::optional<TlsaAnswer>& answer() const { return m_answer; }

 private:
  enum class Candidate { Host, Expanded };

  const Answer* known(const Question& question) const;
  const Answer* need(const Question& question);
  const Answer* secure_address() const;
  void advance();
  void with_secure_address(const Answer& address);
  void without_secure_address(const Answer& a, const Answer& aaaa);
  void decide_at(const DnsName& base, Candidate candidate);
  void settle(const DnsName& name);
  void use_until(EpochSeconds expires);
  void finish(TlsaResult result, const DnsName& base, Candidate candidate);

  const TlsaQuestion m_question;
  const Question m_a;
  const Question m_aaaa;
  std::map<Question, std::optional<Answer>> m_questions;  // named, and answered or not
  std::vector<Question> m_missing;                        // named since the last call of missing()
  std::optional<EpochSeconds> m_expires;
  std::optional<std::string> m_insecure_candidate;  // why the expanded name's TLSA counted for nothing
  std::optional<DnsName> m_settled;
  std::optional<TlsaAnswer> m_answer;
};

}  // namespace danelaw::dns
