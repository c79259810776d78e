// SSLs that never connect and hold the records for OpenSSL's DANE engine (decision 0003).
//
// To make one costs more than to hold a chain against a record, so one that has served waits for the next chain that is held
// against the very same records (decision 0030). What it keeps of the former chain until then is a reference to the certificate that
// matched; OpenSSL forgets it, and all else about that match, when the next verification starts.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "tlsa/usability.hpp"

namespace danelaw::verify {

/// Whether DANE-EE compares names, too.
enum class DaneEeNameChecks { Made, Skipped };

/// Any number of threads. Nothing in here ever waits: not for another thread, nor after a fork for one that is no more.
class ScratchSsls final {
 public:
  /// How many wait at most, and for how long a list of records: others are made anew each time.
  static constexpr std::size_t most_waiting = 8;
  static constexpr std::size_t longest_key = 1024;

  /// An SSL with records, for one thread, and not for longer than the ScratchSsls. Empty where there is none.
  class Loan final {
   public:
    Loan() = default;
    ~Loan();
    Loan(Loan&& other) noexcept = default;
    Loan& operator=(Loan&&) = delete;

    [[nodiscard]] SSL* get() const { return m_ssl.get(); }
    [[nodiscard]] explicit operator bool() const { return m_ssl != nullptr; }

   private:
    friend class ScratchSsls;
    struct Free {
      void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    using Owned = std::unique_ptr<SSL, Free>;
    Loan(ScratchSsls& owner, Buffer key, Owned ssl)
        : m_owner(&owner), m_key(std::move(key)), m_ssl(std::move(ssl)) {}

    ScratchSsls* m_owner = nullptr;
    Buffer m_key;
    Owned m_ssl;
  };

  /// Takes over `ctx`, in which DANE is enabled.
  explicit ScratchSsls(SSL_CTX* ctx);
  ~ScratchSsls();
  ScratchSsls(const ScratchSsls&) = delete;
  ScratchSsls& operator=(const ScratchSsls&) = delete;

  /// An SSL that holds these records and no others. Empty where not a single one could be had: OpenSSL would take an empty set
  /// for plain PKIX.
  [[nodiscard]] Loan with(std::span<const tlsa::UsableRecord> records, DaneEeNameChecks checks);

 private:
  struct Waiting {
    Buffer key;
    Loan::Owned ssl;
  };

  [[nodiscard]] Loan::Owned take(const Buffer& key);
  void give_back(Buffer key, Loan::Owned ssl);
  [[nodiscard]] Loan::Owned make(std::span<const tlsa::UsableRecord> records, DaneEeNameChecks checks) const;

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> m_ctx;
  std::mutex m_lock;                                // WARNING: only ever tried
  std::unique_ptr<std::vector<Waiting>> m_waiting;  // who has waited longest is the first
};

}  // namespace danelaw::verify
