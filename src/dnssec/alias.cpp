#include "dnssec/alias.hpp"

namespace danelaw::dnssec {

Result<DnsName> alias_target(Bytes rdata) {
  ByteReader reader(rdata);
  auto target = DnsName::from_wire(reader);
  if (target && reader.remaining() != 0) return Problem{Fault::Name, "octets behind the name"};
  return target;
}

Result<DnsName> substituted(const DnsName& name, const DnsName& owner, const DnsName& target) {
  Buffer wire = to_buffer(name.wire().first(name.wire().size() - owner.wire().size()));
  wire.insert(wire.end(), target.wire().begin(), target.wire().end());
  ByteReader reader(wire);
  return DnsName::from_wire(reader);
}

}  // namespace danelaw::dnssec
