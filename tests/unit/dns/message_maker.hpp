// Writes DNS messages for tests: uncompressed, and wrong where a test wants it so.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/rr_type.hpp"
#include "support.hpp"

namespace danelaw::dns::test {

inline void put_u16(Buffer& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFFU));
  out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}
inline void put_u32(Buffer& out, std::uint32_t value) {
  put_u16(out, value >> 16);
  put_u16(out, value & 0xFFFFU);
}
inline void put(Buffer& out, Bytes octets) { out.insert(out.end(), octets.begin(), octets.end()); }

struct Rr {
  std::string_view owner;
  RrType type;
  Buffer rdata;
  std::uint32_t ttl = 3600;
  std::uint16_t dns_class = 1;
};

inline Buffer name_rdata(std::string_view target) { return to_buffer(name(target).wire()); }

inline Rr tlsa_rr(std::string_view owner, std::uint8_t data = 1, std::uint32_t ttl = 3600) {
  return {owner, RrType::Tlsa, Buffer{3, 1, data}, ttl};
}
inline Rr cname(std::string_view owner, std::string_view target, std::uint32_t ttl = 3600) {
  return {owner, RrType::Cname, name_rdata(target), ttl};
}
inline Rr dname(std::string_view owner, std::string_view target, std::uint32_t ttl = 3600) {
  return {owner, RrType::Dname, name_rdata(target), ttl};
}
inline Rr soa(std::string_view owner, std::uint32_t ttl, std::uint32_t minimum) {
  Buffer rdata = name_rdata(".");
  put(rdata, name(".").wire());
  for (const std::uint32_t field : {1U, 2U, 3U, 4U, minimum}) put_u32(rdata, field);
  return {owner, RrType::Soa, rdata, ttl};
}
inline Rr nsec(std::string_view owner, std::uint32_t ttl = 3600) {
  Buffer rdata = name_rdata("next.example");
  put(rdata, Buffer{0, 1, 0x40});
  return {owner, RrType::Nsec, rdata, ttl};
}
/// A signature of which only the covered type and the end count here.
inline Rr rrsig(std::string_view owner, RrType covered, EpochSeconds expiration, std::uint32_t ttl = 3600) {
  Buffer rdata;
  put_u16(rdata, static_cast<std::size_t>(covered));
  put(rdata, Buffer{13, 2});
  put_u32(rdata, 3600);
  put_u32(rdata, static_cast<std::uint32_t>(expiration));
  put_u32(rdata, static_cast<std::uint32_t>(the_time - 100));
  put_u16(rdata, 4711);
  put(rdata, name("example").wire());
  put(rdata, Buffer(64, 7));
  return {owner, RrType::Rrsig, rdata, ttl};
}

struct Message {
  Question question;
  std::vector<Rr> answer;
  std::vector<Rr> authority;
  std::uint16_t flags = 0x81A0;  ///< a response with RD, RA and AD
};

inline Buffer wire(const Message& message) {
  Buffer out;
  put_u16(out, 0);
  put_u16(out, message.flags);
  put_u16(out, 1);
  put_u16(out, message.answer.size());
  put_u16(out, message.authority.size());
  put_u16(out, 0);
  put(out, message.question.name.wire());
  put_u16(out, static_cast<std::size_t>(message.question.type));
  put_u16(out, 1);
  for (const auto* section : {&message.answer, &message.authority})
    for (const Rr& record : *section) {
      put(out, name(record.owner).wire());
      put_u16(out, static_cast<std::size_t>(record.type));
      put_u16(out, record.dns_class);
      put_u32(out, record.ttl);
      put_u16(out, record.rdata.size());
      put(out, record.rdata);
    }
  return out;
}

}  // namespace danelaw::dns::test
