// The state of one SSL: the service it was named, the plan in the making, what of the SSL is ours, and how
// far the present handshake has come.
//
// Kept in the SSL's ex_data: freed with it, copied by SSL_dup(). Used in the SSL's thread only.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "hook/anonymous_suites.hpp"
#include "hook/attachment.hpp"
#include "hook/dnssec_chain.hpp"
#include "hook/lookup.hpp"
#include "hook/own_names.hpp"
#include "verify/verdict.hpp"

namespace danelaw::hook {

/// What belongs to one handshake and is forgotten when the next one starts.
struct Handshake {
  using Random = std::array<std::uint8_t, SSL3_RANDOM_SIZE>;

  bool announced = false;  ///< our handshake-start hook ran, and no ClientHello has been made since
  bool running = false;    ///< between our start and our end of it
  bool verified = false;   ///< our verify callback has reached a verdict
  Random former_random{};  ///< of the last ClientHello before this handshake; zeros where there was none
  std::optional<Random> hello_random;  ///< of the ClientHello that followed the announcement
  Deadline deadline{};                 ///< for all waiting together
  EpochSeconds time = 0;
  std::string server_name;  ///< the SNI that was set; empty for none
  ServedChain chain;
  InfoCallback application_info = nullptr;  ///< whom OpenSSL would call of this handshake without us
};

class Connection final {
 public:
  explicit Connection(SharedAttachment attachment) : m_attachment(std::move(attachment)) {}

  /// Null where the SSL has no state of ours.
  [[nodiscard]] static Connection* find(const SSL* ssl);
  /// Null where the SSL_CTX is not attached or there is no memory.
  [[nodiscard]] static Connection* find_or_make(SSL* ssl);
  /// For an SSL that has none. Null where there is no attachment or no memory.
  [[nodiscard]] static Connection* make(SSL* ssl, SharedAttachment attachment);
  /// What SSL_dup() takes along: the service, not the handshake or the verdict.
  [[nodiscard]] std::unique_ptr<Connection> duplicate() const;

  [[nodiscard]] const AttachSettings& settings() const { return m_attachment->settings; }
  /// What the SSL was given, or else its SSL_CTX.
  [[nodiscard]] const ConnectionSettings& chosen() const { return overridden ? *overridden : settings(); }
  [[nodiscard]] const verify::Policy& policy() const;
  [[nodiscard]] verify::Service service() const;
  [[nodiscard]] bool has_service() const { return lookup.has_value(); }

  /// The plan that decides, where it is there by `until`; null where it is not. May leave errors in the queue.
  [[nodiscard]] verify::SharedPlan plan(SSL* ssl, Deadline until) const;
  /// The plan of a lookup that could not be waited for.
  [[nodiscard]] verify::SharedPlan too_late() const;
  /// A plan for this SSL whose evidence is `evidence`.
  [[nodiscard]] verify::SharedPlan plan_without_records(verify::Evidence evidence) const;

  /// To be called before the plan is looked at. In a forked child the search begins anew, and with it the patience of a
  /// handshake that the parent began: the child shall not pay for what the parent has waited.
  void follow_fork();

  /// Until when the present handshake may wait in a callback that cannot suspend it.
  [[nodiscard]] Deadline blocking_until() const;

  /// Who is asked for plans; may be null.
  [[nodiscard]] const std::shared_ptr<verify::PlanSource>& source() const {
    return own_source == nullptr ? settings().source : own_source;
  }

  /// Keeps the verdict and reports it.
  void conclude(SSL* ssl, verify::Verdict verdict);
  /// Starts to ask for a service as the SSL's settings want it.
  [[nodiscard]] Result<Lookup> look_up(const verify::Service& service) const;

  /// The same for a verification that the application kept us from.
  void conclude_bypassed(SSL* ssl, verify::SharedPlan plan);
  /// The same for a handshake that may not begin.
  void conclude_refused(SSL* ssl);
  /// The last word on a fault of ours: whatever was concluded, it is a failure.
  void undo_verdict();

  /// The settings that hold from the next service on: the SSL may have been moved to another SSL_CTX.
  void adopt(SharedAttachment attachment) { m_attachment = std::move(attachment); }

  std::optional<Lookup> lookup;
  std::optional<ConnectionSettings> overridden;
  std::shared_ptr<verify::PlanSource> own_source;  ///< null: the SSL_CTX's
  bool named_by_callback = false;                  ///< `lookup` is what the attachment's name_service said
  std::optional<std::string> refused;              ///< why the handshake must not begin
  OwnNames names;
  AnonymousSuites anonymous_suites;
  bool verification_enforced = false;  ///< SSL_VERIFY_PEER is ours; the application asked for none
  bool transparency_waived = false;    // CT was switched off for a peer of usage 2 or 3, for good
  InfoCallback application_info = nullptr;
  bool in_info_callback = false;
  bool killed = false;  ///< ended at the end of a handshake; nothing may follow but SSL_clear()
  Handshake handshake;
  std::optional<verify::Verdict> verdict;

 private:
  void conclude_undecided(SSL* ssl, verify::Reason reason, verify::SharedPlan plan);

  SharedAttachment m_attachment;
};

/// Of the last ClientHello, each of which has its own but those that answer a server which wants to see it once more.
[[nodiscard]] Handshake::Random client_random(const SSL* ssl);

/// True where the application has called SSL_dane_enable(): it does its own DANE on this SSL. Asking leaves errors in the queue.
[[nodiscard]] bool does_own_dane(SSL* ssl);

}  // namespace danelaw::hook
