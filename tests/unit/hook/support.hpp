// A TLS client and a TLS server in one process, over a BIO pair, and plan sources that do as they are told.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hook/attach.hpp"
#include "pki.hpp"
#include "verify/plan_source.hpp"

namespace hook_test {

using danelaw::EpochSeconds;
using danelaw::verify::Candidates;
using danelaw::verify::Policy;
using danelaw::verify::Service;
using danelaw::verify::SharedPlan;

struct Free {
  void operator()(SSL_CTX* ctx) const { SSL_CTX_free(ctx); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using Ctx = std::unique_ptr<SSL_CTX, Free>;
using Ssl = std::unique_ptr<SSL, Free>;
using Session = std::unique_ptr<SSL_SESSION, Free>;

/// The rows of every table: what must hold for both.
struct Version {
  int number;
  const char* what;
};
inline constexpr Version versions[] = {{TLS1_2_VERSION, "TLS 1.2"}, {TLS1_3_VERSION, "TLS 1.3"}};

/// Certificates for the whole run: keys take time.
struct Peers {
  pki::Identity root = pki::issue({.common_name = "root", .ca = true});
  pki::Identity leaf =
      pki::issue({.common_name = "leaf", .dns_names = {"www.example", "alias.example"}}, &root);
  pki::Identity renewed = pki::issue({.common_name = "leaf", .dns_names = {"www.example"}}, &root);
  pki::Identity self_signed = pki::issue({.common_name = "self", .dns_names = {"www.example"}});
  pki::Identity other_name = pki::issue({.common_name = "other", .dns_names = {"other.example"}}, &root);
};
const Peers& peers();

inline const Service www{"www.example", 443, danelaw::tlsa::Transport::Tcp};

/// A plan with the TLSA records that name `certificate` (usage DANE-EE(3), SPKI, SHA2-256).
SharedPlan plan_for(const pki::Identity& identity, const Policy& policy = {}, const Service& service = www);
/// The same with any evidence; `change` may alter what it likes.
SharedPlan plan_with(danelaw::verify::Evidence evidence, const Policy& policy = {},
                     const Service& service = www,
                     const std::function<void(danelaw::verify::Plan&)>& change = nullptr);
danelaw::verify::Evidence records_for(const pki::Identity& identity, int usage = 3);

/// A pending plan that a test completes when it likes.
class Promise final : public danelaw::verify::PendingPlan {
 public:
  Promise();
  ~Promise() override;
  void settle(const std::string& base_domain);
  void deliver(SharedPlan plan);  ///< settles the base domain, too

  bool is_waited_for();  ///< by a thread that has nothing to go on with

  std::optional<std::string> wait_for_base_domain(danelaw::Deadline deadline) override;
  SharedPlan wait(danelaw::Deadline deadline) override;
  int descriptor() override { return m_descriptor; }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_waited_for = false;
  std::optional<std::string> m_base_domain;
  SharedPlan m_plan;
  int m_descriptor;
};

/// Calls a script for each question and remembers what was asked.
class Source final : public danelaw::verify::PlanSource {
 public:
  struct Asked {
    Service service;
    Policy policy;
    Candidates candidates;
  };
  using Script = std::function<std::shared_ptr<danelaw::verify::PendingPlan>(const Asked&)>;

  explicit Source(Script script, std::chrono::milliseconds patience = std::chrono::seconds(20))
      : m_script(std::move(script)), m_patience(patience) {}

  std::shared_ptr<danelaw::verify::PendingPlan> start(const Service& service, const Policy& policy,
                                                      Candidates candidates) override;
  std::chrono::milliseconds patience() const override { return m_patience; }
  std::vector<Asked> asked() const;
  void answer_from_now_on(SharedPlan plan);

 private:
  Script m_script;
  std::chrono::milliseconds m_patience;
  mutable std::mutex m_mutex;
  std::vector<Asked> m_asked;
};
/// Gives this plan at once, whatever it is asked.
std::shared_ptr<Source> at_once(SharedPlan plan);

/// Runs something later, and waits for it when it goes out of scope.
class Later final {
 public:
  Later(std::chrono::milliseconds delay, std::function<void()> what)
      : m_thread([delay, what = std::move(what)] {
          std::this_thread::sleep_for(delay);
          what();
        }) {}
  ~Later() { m_thread.join(); }
  Later(const Later&) = delete;
  Later& operator=(const Later&) = delete;

 private:
  std::thread m_thread;
};

Ctx server_context(const pki::Identity& identity, int version = 0);
/// Trusts the root, verifies the peer, collects the sessions it is given.
class Client final {
 public:
  explicit Client(int version = 0);
  [[nodiscard]] SSL_CTX* ctx() const { return m_ctx.get(); }

  danelaw::hook::AttachSettings settings;
  /// Attaches with `settings`; verdicts are counted.
  void attach(std::shared_ptr<danelaw::verify::PlanSource> source);
  [[nodiscard]] Ssl ssl() const { return Ssl(SSL_new(m_ctx.get())); }

  std::atomic<int> verdicts{0};
  std::vector<Session> sessions;

 private:
  Ctx m_ctx;
};

/// One connection. The client side may be used with several servers in turn, after SSL_clear().
class Pair final {
 public:
  Pair(SSL* client, SSL_CTX* server);

  /// Pumps until both sides are done or the client has failed. Polls the descriptor where the handshake is suspended.
  bool handshake();
  /// One step of the client: SSL_get_error() of it.
  int step_client();
  int step_server();
  /// Octets both ways; also lets TLS 1.3 tickets arrive.
  bool exchange();
  void close();

  [[nodiscard]] SSL* client() const { return m_client; }
  [[nodiscard]] SSL* server() const { return m_server.get(); }
  int suspended = 0;  ///< how often SSL_ERROR_WANT_RETRY_VERIFY was seen

 private:
  SSL* m_client;
  Ssl m_server;
};

/// A client SSL that was told its service.
Ssl named(const Client& client, const Service& service = www);
/// A handshake and an exchange; the client's SSL is closed but lives.
bool connects(SSL* client, SSL_CTX* server);

/// "authenticated (matched)", "undecided (hook-bypassed)", "none": a verdict in words, to compare.
std::string in_words(const SSL* ssl);
/// SNI as the server saw it.
std::string seen_server_name(const Pair& pair);
/// What is in the thread's error queue, emptied.
std::vector<std::string> errors();

Session serialized_and_back(SSL_SESSION* session);

}  // namespace hook_test
