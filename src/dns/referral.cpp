#include "dns/referral.hpp"

#include <utility>

namespace danelaw::dns {
namespace {

Problem broken(const char* what) { return Problem{Fault::Record, what}; }

}  // namespace

Result<MxRecord> mx_from_rdata(Bytes rdata) {
  ByteReader reader(rdata);
  const auto preference = reader.take_u16();
  if (!preference) return broken("MX RDATA without a preference");
  auto exchange = DnsName::from_wire(reader);
  if (!exchange) return broken("MX RDATA without a valid name");
  if (reader.remaining() != 0) return broken("MX RDATA with octets after its name");
  return MxRecord{*preference, *std::move(exchange)};
}

Result<SrvRecord> srv_from_rdata(Bytes rdata) {
  ByteReader reader(rdata);
  const auto priority = reader.take_u16();
  const auto weight = reader.take_u16();
  const auto port = reader.take_u16();
  if (!priority || !weight || !port) return broken("SRV RDATA that ends before its name");
  auto target = DnsName::from_wire(reader);
  if (!target) return broken("SRV RDATA without a valid name");
  if (reader.remaining() != 0) return broken("SRV RDATA with octets after its name");
  return SrvRecord{*priority, *weight, *port, *std::move(target)};
}

}  // namespace danelaw::dns
