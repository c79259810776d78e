// The engine that asks the configured resolvers and trusts them with nothing: replies are fetched raw (relay.hpp), and
// dnssec::judge() decides. A cold lookup takes one or two round trips; what was proven about zones is remembered, so that
// another name there takes one question.
//
// A resolver with which a proof fails (bogus, or never complete) need not be right about it: the lookup starts over with each of the
// others alone, and fails only where none of them does better. One that does not hand on DNSSEC records is named; its answers are
// never taken for insecure.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "dns/chase.hpp"
#include "dns/engine.hpp"
#include "dns/proof_store.hpp"
#include "dns/resolv_conf.hpp"
#include "dns/resolver_address.hpp"
#include "dns/trust_anchors.hpp"

namespace danelaw::dns {

struct StubSettings {
  TrustAnchors anchors;
  std::vector<ResolverAddress> resolvers;        ///< empty: those of `resolv_conf`
  std::string resolv_conf = system_resolv_conf;  ///< read again when it has changed
  std::string tls_ca_file;                       ///< for resolvers over TLS; empty: the system's trust store
  std::chrono::milliseconds first_patience{
      1000};  ///< before a silent resolver is asked again, or the next one
  std::chrono::milliseconds patience_for_guesses{250};  ///< once all that is known to be needed is there
  std::chrono::milliseconds patience_for_others{
      2000};                         ///< for all other resolvers together, once a proof has failed
  WallClock clock = system_seconds;  ///< for signatures and lifetimes
  Proofs proofs = Proofs::Forget;    ///< Keep: nothing is remembered from lookup to lookup
  std::string anchor_state;          ///< file of RFC 5011's state; empty: anchors stay as they are
  std::vector<std::shared_ptr<ProofStore>> stores = {};  ///< asked in this order before DNS is
  std::chrono::milliseconds most_patience{1000};         ///< with each of them, whatever it asks for
};

[[nodiscard]] EngineFactory stub_engine(StubSettings settings);

}  // namespace danelaw::dns
