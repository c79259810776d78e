#include "dns/query.hpp"

#include "dnssec/message.hpp"

namespace danelaw::dns {
namespace {

void put_u16(Buffer& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFFU));
  out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

/// Up to the length of what the OPT record holds.
Buffer query_with_options(std::uint16_t id, const Question& question, std::size_t option_octets) {
  constexpr std::uint16_t recursion_desired_checking_disabled = 0x0110;
  constexpr std::uint16_t dnssec_ok = 0x8000;
  Buffer out;
  put_u16(out, id);
  put_u16(out, recursion_desired_checking_disabled);
  for (const std::size_t count : {1, 0, 0, 1}) put_u16(out, count);
  const Bytes name = question.name.wire();
  out.insert(out.end(), name.begin(), name.end());
  put_u16(out, static_cast<std::size_t>(question.type));
  put_u16(out, dnssec::class_in);
  out.push_back(0);  // the root owns the OPT record (RFC 6891 section 6.1.2)
  put_u16(out, static_cast<std::size_t>(RrType::Opt));
  put_u16(out, udp_payload_octets);
  put_u16(out, 0);  // extended RCODE and version
  put_u16(out, dnssec_ok);
  put_u16(out, option_octets);
  return out;
}

}  // namespace

Buffer plain_query(std::uint16_t id, const Question& question) { return query_with_options(id, question, 0); }

Buffer padded_query(std::uint16_t id, const Question& question) {
  constexpr std::uint16_t padding_option = 12;  // RFC 7830 section 3
  constexpr std::size_t option_header = 4;
  const std::size_t bare = plain_query(id, question).size() + option_header;
  const std::size_t padding = (padding_block_octets - bare % padding_block_octets) % padding_block_octets;
  Buffer out = query_with_options(id, question, option_header + padding);
  put_u16(out, padding_option);
  put_u16(out, padding);
  out.resize(out.size() + padding);
  return out;
}

}  // namespace danelaw::dns
