#include "dns/upstream.hpp"

#include "dns/getdns_upstream.hpp"
#include "dns/resolver_address.hpp"
#include "dns/tls_upstream.hpp"

namespace danelaw::dns {

std::unique_ptr<Upstream> make_upstream(EventLoop& loop, const ResolverAddress& address, TlsClient& tls) {
  if (address.tls) return std::make_unique<TlsUpstream>(loop, address, tls);
  return std::make_unique<GetdnsUpstream>(loop, address);
}

}  // namespace danelaw::dns
