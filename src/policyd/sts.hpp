// MTA-STS for one domain (RFC 8461 section 5.1): the record, the policy that was kept, the policy that is fetched.
//
// What cannot be fetched leaves the policy in force that was kept; where there is none, mail goes on as if there were no
// MTA-STS (section 3.3). Deviations: none known. The caller must still let DANE go first (section 2).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "event_loop.hpp"
#include "handles.hpp"
#include "https_get.hpp"
#include "sts_store.hpp"

namespace danelaw::policyd {

using StsAnnouncement = std::unique_ptr<danelaw_sts, Free<danelaw_sts_free>>;

/// What is known of a domain's policy.
struct StsFinding {
  enum class Fault { None, Fetch, WebPki, Invalid };  ///< of the last fetch (RFC 8460 section 4.3.2.3)
  std::optional<StsPolicy> policy;                    ///< in force
  Fault fault = Fault::None;
  std::string reason;        ///< for people: why there is none, or why another one could not be had
  std::int64_t expires = 0;  ///< to be asked for again from then on
};

/// "", or the result type of RFC 8460 section 4.3.2.3: "sts-policy-fetch-error" …
[[nodiscard]] std::string_view to_string(StsFinding::Fault fault);

struct StsSettings {
  bool enabled = true;
  std::string directory;  ///< empty: none
  std::size_t policies = 10'000;
  HttpsSettings https;
  friend bool operator==(const StsSettings&, const StsSettings&) = default;
};

/// Fetches since the start, by what came of them.
struct FetchCounts {
  std::uint64_t good = 0;
  std::uint64_t unfetched = 0;
  std::uint64_t untrusted = 0;
  std::uint64_t invalid = 0;
};

/// What all searches share.
class Sts final {
 public:
  Sts(EventLoop& loop, StsSettings settings);

  [[nodiscard]] StsStore& store() { return m_store; }
  [[nodiscard]] const StsSettings& settings() const { return m_settings; }
  [[nodiscard]] HttpsGetter& getter() { return m_getter; }
  [[nodiscard]] EventLoop& loop() { return m_loop; }

  /// RFC 8461 section 3.3: a fetch that failed is not tried again for five minutes.
  struct Failure {
    StsFinding::Fault fault = StsFinding::Fault::Fetch;
    std::string reason;
    std::int64_t until = 0;
  };
  [[nodiscard]] const Failure* failure_of(const std::string& domain, std::int64_t now);
  void note_failure(const std::string& domain, Failure failure);
  void forget_failure(const std::string& domain) { m_failures.erase(domain); }

  /// What another one has learned and counted.
  void adopt(const Sts& other);

  FetchCounts counts;

 private:
  EventLoop& m_loop;
  const StsSettings m_settings;
  StsStore m_store;
  HttpsGetter m_getter;
  std::unordered_map<std::string, Failure> m_failures;
};

/// The search for one domain; dropping it ends it.
class StsSearch final {
 public:
  StsSearch(std::shared_ptr<Sts> sts, std::function<void(StsFinding)> done);
  ~StsSearch();
  StsSearch(const StsSearch&) = delete;
  StsSearch& operator=(const StsSearch&) = delete;

  /// `done` is called once, perhaps before this returns.
  void start(danelaw_resolver& resolver, const std::string& domain);

 private:
  void look();
  void take_announcement();
  void fetch(const std::string& id);
  void take_policy(const std::string& id, Fetched fetched);
  void fail(StsFinding::Fault fault, std::string reason);
  void finish(std::optional<StsPolicy> policy, std::int64_t expires);
  void unwatch();

  const std::shared_ptr<Sts> m_sts;
  std::function<void(StsFinding)> m_done;
  StsAnnouncement m_announcement;
  std::string m_domain;
  int m_descriptor = -1;
  std::optional<KeptPolicy> m_kept;
  std::unique_ptr<Transfer> m_transfer;
  StsFinding m_finding;
};

}  // namespace danelaw::policyd
