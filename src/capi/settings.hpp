// Settings by name: the table of danelaw.h in code, each key with its default and its check.
//
// A value that is stored has been checked, so the typed readers below cannot fail.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/dns_name.hpp"
#include "base/result.hpp"
#include "danelaw/openssl.h"
#include "dns/proof_store.hpp"
#include "dns/resolver_address.hpp"
#include "hook/attach.hpp"
#include "service/served_chains.hpp"
#include "verify/plan.hpp"

struct danelaw_settings {
  danelaw_settings();
  std::map<std::string, std::string, std::less<>> values;  // every key, with its default at first
  bool engine_is_given = false;

  // What is no text: who wants to hear of verdicts (openssl.h).
  void (*verdict_callback)(void* user, const SSL* ssl, const danelaw_verdict* verdict) = nullptr;
  void* verdict_user = nullptr;
  int (*service_callback)(void* user, SSL* ssl, danelaw_problem* problem) = nullptr;
  void* service_user = nullptr;

  std::shared_ptr<danelaw::dns::ProofStore> proof_store;  // null: none (proof_store.h)
};

namespace danelaw::capi {

Result<std::monostate> set(danelaw_settings& settings, std::string_view key, std::string_view value);

/// `settings`, or the defaults where it is null.
[[nodiscard]] danelaw_settings or_defaults(const danelaw_settings* settings);

[[nodiscard]] verify::Policy policy_of(const danelaw_settings& settings);
[[nodiscard]] hook::Waiting waiting_of(const danelaw_settings& settings);
[[nodiscard]] hook::ConnectionSettings connection_settings_of(const danelaw_settings& settings);
[[nodiscard]] std::chrono::milliseconds deadline_of(const danelaw_settings& settings);
[[nodiscard]] service::ServedChainSettings served_chains_of(const danelaw_settings& settings,
                                                            dns::TrustAnchors anchors);
[[nodiscard]] std::size_t cache_entries_of(const danelaw_settings& settings);
/// Of the file cache; empty: none.
[[nodiscard]] std::string cache_directory_of(const danelaw_settings& settings);
[[nodiscard]] std::string text_of(const danelaw_settings& settings, std::string_view key);
[[nodiscard]] std::vector<std::string> list_of(const danelaw_settings& settings, std::string_view key);
[[nodiscard]] std::vector<dns::ResolverAddress> resolvers_of(const danelaw_settings& settings);
[[nodiscard]] std::vector<DnsName> names_of(const danelaw_settings& settings, std::string_view key);

}  // namespace danelaw::capi
