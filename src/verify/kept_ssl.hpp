// An SSL that never connects and holds a plan's records for OpenSSL's DANE engine (decisions 0003, 0030). To make one costs
// more than to hold a chain against a record, so a plan that decides about many connections keeps one between them.
//
// Nothing of a chain is in it. What the host attaches to every SSL (ex_data) is freed with it: when the plan goes, in the
// thread that lets the plan go.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <memory>

namespace danelaw::verify {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using ScratchSsl = std::unique_ptr<SSL, SslFree>;

/// A place for one, in the plan whose records it holds. Any number of threads; nothing waits, also after a fork.
class KeptSsl final {
 public:
  KeptSsl() = default;
  /// The copy of a plan is made to be altered: it begins with nothing, also where it is made by moving.
  KeptSsl(const KeptSsl&) noexcept {}
  KeptSsl& operator=(const KeptSsl&) = delete;
  ~KeptSsl() { static_cast<void>(take()); }

  /// Null where none is kept, or somebody has it.
  [[nodiscard]] ScratchSsl take() const { return ScratchSsl(m_ssl.exchange(nullptr)); }

  /// Keeps the second that comes, and those that take() has lent, cleared of the last chain. The first one goes: most plans
  /// decide about one connection, which would carry the SSL about until its end.
  void keep(ScratchSsl ssl) const {
    if (!m_used.exchange(true) || SSL_clear(ssl.get()) != 1) return;
    SSL* nothing = nullptr;
    if (m_ssl.compare_exchange_strong(nothing, ssl.get())) static_cast<void>(ssl.release());
  }

 private:
  mutable std::atomic<SSL*> m_ssl = nullptr;
  mutable std::atomic<bool> m_used = false;
};

}  // namespace danelaw::verify
