// RR types that we name ourselves (IANA registry of RR types). Any 16-bit value may be met or asked for.
#pragma once

#include <cstdint>

namespace danelaw {

enum class RrType : std::uint16_t {
  A = 1,
  Ns = 2,
  Cname = 5,
  Soa = 6,
  Ptr = 12,
  Mx = 15,
  Txt = 16,
  Aaaa = 28,
  Srv = 33,
  Cert = 37,
  Dname = 39,
  Opt = 41,
  Ds = 43,
  Rrsig = 46,
  Nsec = 47,
  Dnskey = 48,
  Nsec3 = 50,
  Tlsa = 52,
  Caa = 257,
};

}  // namespace danelaw
