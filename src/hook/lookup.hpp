// The plan of one connection, in the making: started when the service is named, renewed for a later handshake
// where it is stale, and held against what was asked before it is used, because a plan source may be the
// application's and may answer wrongly.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "verify/chain_judge.hpp"
#include "verify/plan_source.hpp"

namespace danelaw::hook {

/// A deadline that has passed: what is there already, or nothing.
inline constexpr Deadline no_waiting{};

/// True where `host` is an IP address, with or without a zone: it has no TLSA and is never sent as SNI.
[[nodiscard]] bool is_address_literal(const std::string& host);
/// `text` as SNI carries it: a host name in lower case without a trailing dot (RFC 6066 section 3). Nothing
/// where it is none.
[[nodiscard]] std::optional<std::string> server_name_of(const std::string& text);

/// Copies share the search: SSL_dup() makes them.
class Lookup final {
 public:
  /// Asks `source`, or nobody where mode and host leave nothing to ask. Fails where the service cannot be
  /// asked about.
  static Result<Lookup> start(const verify::Service& service, const verify::Policy& policy,
                              std::shared_ptr<verify::PlanSource> source, verify::Candidates candidates);
  /// A plan that the application made. Fails where there is none or its service is no service.
  /// `source` is not asked for plans, only for what a chain proves where the plan is a failed lookup; may be null.
  static Result<Lookup> hand_over(verify::SharedPlan plan, std::shared_ptr<verify::PlanSource> source);

  [[nodiscard]] const verify::Service& service() const { return m_service; }
  [[nodiscard]] const verify::Policy& policy() const { return m_policy; }
  [[nodiscard]] bool is_handed_over() const { return m_handed_over != nullptr; }

  /// Asks again where an earlier handshake has used the plan and it has expired or failed, or where it
  /// expired unused.
  void renew_if_stale(EpochSeconds now);
  /// Asks again with the host as the only candidate: SNI is about to be sent and cannot wait for aliases.
  void restrict_to_host();
  /// Asks again in a forked child, where nobody is left who would answer what the parent asked. True where it did.
  bool follow_fork();
  /// True where nothing is known yet, or a failure, and somebody can judge what the server proves.
  [[nodiscard]] bool wants_chain() const;
  /// What the server sent as proof; nothing of it is used yet.
  [[nodiscard]] Result<verify::ProvenPlan> judge_chain(Bytes extension_data) const;
  /// Where `proven` is stronger than what is known by now it makes the plan, and nothing is asked any more. Where this throws, all is
  /// as it was.
  void use_chain(const verify::SharedPlan& proven);
  [[nodiscard]] verify::ChainJudge* chain_judge() const;

  /// Nobody polls a descriptor of an earlier search any more.
  void handshake_is_over() { m_replaced.clear(); }

  /// The name that SNI must carry: the base domain; empty where none may be sent. Nothing where it is not
  /// settled by `until`.
  [[nodiscard]] std::optional<std::string> server_name(Deadline until) const;
  /// The service's own name for SNI; empty for an address.
  [[nodiscard]] const std::string& own_server_name() const { return m_own_server_name; }

  /// The plan, where it is there by `until`: one for what was asked and for the `server_name` that was sent,
  /// otherwise one whose evidence is an error.
  [[nodiscard]] verify::SharedPlan plan(Deadline until, std::string_view server_name, EpochSeconds now) const;
  /// The plan of a lookup that could not be waited for.
  [[nodiscard]] verify::SharedPlan too_late() const;

  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] int descriptor();
  /// How long a handshake waits.
  [[nodiscard]] std::chrono::milliseconds patience() const;

 private:
  Lookup(verify::Service service, std::string own_server_name, const verify::Policy& policy)
      : m_service(std::move(service)), m_own_server_name(std::move(own_server_name)), m_policy(policy) {}
  void ask(verify::Candidates candidates);
  void replace_pending(std::shared_ptr<verify::PendingPlan> pending);
  [[nodiscard]] verify::SharedPlan failed(tlsa::LookupFault fault, std::string reason,
                                          verify::Origin origin = verify::Origin::Nobody) const;

  verify::Service m_service;
  std::string m_own_server_name;
  verify::Policy m_policy;
  std::shared_ptr<verify::PlanSource> m_source;        // null: nobody to ask again
  std::shared_ptr<verify::PlanSource> m_chain_source;  // null: nobody judges chains
  std::shared_ptr<verify::PendingPlan> m_pending;
  std::vector<std::shared_ptr<verify::PendingPlan>> m_replaced;  // their descriptors may still be polled
  Deadline m_asked{};
  pid_t m_asker = 0;  // the process in which m_pending was begun
  verify::Candidates m_candidates = verify::Candidates::FollowAliases;  // what the SSL's settings allow
  verify::Candidates m_asked_for = verify::Candidates::FollowAliases;   // in m_pending
  verify::SharedPlan m_handed_over;                                     // null: plans are asked for
  bool m_used = false;                                                  // by a handshake
  bool m_proven = false;        // m_pending is what a chain proved: no search
  verify::SharedPlan m_weaker;  // what a chain proved that takes DANE away: for a search that fails
  bool m_watched = false;       // the descriptor of m_pending was given out
};

}  // namespace danelaw::hook
