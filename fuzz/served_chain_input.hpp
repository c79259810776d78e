// The services of the target served_chain, and what proves their records.
#pragma once

#include <string>
#include <vector>

#include "dns/base_domain.hpp"
#include "dnssec/authentication_chain.hpp"
#include "tlsa/owner.hpp"
#include "world.hpp"

namespace served_chain_input {

inline const std::vector<danelaw::dns::TlsaQuestion>& services() {
  static const std::vector<danelaw::dns::TlsaQuestion> all = [] {
    std::vector<danelaw::dns::TlsaQuestion> made;
    for (const char* apex : {"n1.example", "n3.example", "oo.example"})
      for (const char* host : {"www.child.", "www.", "no.", "there.moved.", "x.wild.", "www.insecure."})
        made.push_back({lab::name(std::string(host) + apex), 443});
    return made;
  }();
  return all;
}

/// Extension data with all that a judgement of the service asks for.
inline danelaw::Buffer proof_of(const danelaw::dns::TlsaQuestion& service) {
  const auto owner = danelaw::tlsa::owner_name(service.port, service.transport, service.host).value();
  const lab::Records records = lab::common_world().collect({owner, danelaw::RrType::Tlsa});
  return danelaw::dnssec::DnssecChainExtension{1, records}.to_wire().value();
}

}  // namespace served_chain_input
