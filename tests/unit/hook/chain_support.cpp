#include "chain_support.hpp"

#include <stdexcept>

namespace hook_test {
namespace {

constexpr unsigned dnssec_chain = 59;

int send(SSL*, unsigned, unsigned, const unsigned char** out, std::size_t* octets, X509*, std::size_t index,
         int*, void* argument) {
  auto& staple = *static_cast<Staple*>(argument);
  const std::string& data = index == staple.position ? staple.chain : staple.second;
  if (data.empty() || index > staple.position + 1) return 0;
  if (index == staple.position && staple.before) staple.before();
  *out = reinterpret_cast<const unsigned char*>(data.data());
  *octets = data.size();
  return 1;
}

int see(SSL*, unsigned, unsigned, const unsigned char* in, std::size_t octets, X509*, std::size_t, int*,
        void* argument) {
  auto& staple = *static_cast<Staple*>(argument);
  staple.asked = std::string(reinterpret_cast<const char*>(in), octets);
  ++staple.hellos;
  if (staple.seen) staple.seen();
  return 1;
}

}  // namespace

void staple(SSL_CTX* server, Staple& staple) {
  constexpr unsigned contexts =
      SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE;
  if (SSL_CTX_add_custom_ext(server, dnssec_chain, contexts, send, nullptr, &staple, see, &staple) != 1)
    throw std::runtime_error("extension 59");
}

danelaw::Result<danelaw::verify::ProvenPlan> Chains::judge(const Service& service, const Policy& policy,
                                                           danelaw::Bytes extension_data) {
  ++judged;
  if (meanwhile) meanwhile();
  const auto found = known.find(std::string(extension_data.begin(), extension_data.end()));
  if (found == known.end()) return danelaw::Problem{danelaw::Fault::Lookup, "a chain that proves nothing"};
  const auto plan = plan_with(found->second, policy, service, [this](danelaw::verify::Plan& made) {
    made.origin = danelaw::verify::Origin::Handshake;
    made.expires = expires;
  });
  return danelaw::verify::ProvenPlan{plan, lifetime};
}

void Chains::pin(const Service& service, std::chrono::hours support_lifetime) {
  pins.push_back("pin " + service.host + " " + std::to_string(support_lifetime.count()));
}

}  // namespace hook_test
