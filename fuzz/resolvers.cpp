// Whom to ask: a resolver as a person or a setting names it, and the system's resolv.conf.
#include <string>
#include <string_view>

#include "base/ip_address.hpp"
#include "dns/resolv_conf.hpp"
#include "dns/resolver_address.hpp"
#include "fuzz_assert.hpp"

using danelaw::dns::ResolverAddress;

namespace {

void check_resolver(const ResolverAddress& resolver) {
  FUZZ_ASSERT(resolver.port != 0);
  FUZZ_ASSERT(danelaw::is_address_literal(resolver.ip));
  const std::string text = resolver.to_text();
  const auto again = ResolverAddress::from_text(text);
  FUZZ_ASSERT(again.ok() && *again == resolver);
  // Over TLS there is always somebody to authenticate, known by one thing; and the text says that it is TLS.
  FUZZ_ASSERT(resolver.tls.has_value() == text.starts_with("tls://"));
  if (!resolver.tls) return;
  FUZZ_ASSERT(resolver.tls->name.empty() != resolver.tls->pin.empty());
  FUZZ_ASSERT(resolver.tls->pin.empty() || resolver.tls->pin.size() == 32);
  FUZZ_ASSERT(!danelaw::is_address_literal(resolver.tls->name));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto resolver = ResolverAddress::from_text(text)) check_resolver(*resolver);
  const auto system = danelaw::dns::resolvers_in(text);
  FUZZ_ASSERT(system.size() <= danelaw::dns::max_system_resolvers);
  for (const ResolverAddress& resolver : system) {
    FUZZ_ASSERT(!resolver.tls && resolver.port == ResolverAddress::dns_port);
    check_resolver(resolver);
  }
  return 0;
}
