#include "dns/upstream.hpp"

#include "dns/datagram_upstream.hpp"
#include "dns/resolver_address.hpp"
#include "dns/stream_upstream.hpp"
#include "dns/tls_wrapping.hpp"

namespace danelaw::dns {

std::unique_ptr<Upstream> make_upstream(EventLoop& loop, const ResolverAddress& address, TlsClient& tls) {
  if (!address.tls) return std::make_unique<DatagramUpstream>(loop, address);
  return std::make_unique<StreamUpstream>(
      loop, address, [&tls, peer = *address.tls] { return std::make_unique<TlsWrapping>(tls, peer); });
}

}  // namespace danelaw::dns
