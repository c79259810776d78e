#include "proof_ttl.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <vector>

using namespace danelaw::cli;

namespace {

using Octets = std::vector<std::uint8_t>;

void put(Octets& to, std::uint32_t value, int octets) {
  for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

Octets record(std::uint32_t type, const Octets& rdata) {
  Octets octets = {3, 'w', 'w', 'w', 0};
  put(octets, type, 2);
  put(octets, 1, 2);
  put(octets, 17, 4);  // what is left of the TTL
  put(octets, static_cast<std::uint32_t>(rdata.size()), 2);
  octets.insert(octets.end(), rdata.begin(), rdata.end());
  return octets;
}

Octets signature(std::uint32_t covered, std::uint32_t ttl) {
  Octets rdata;
  put(rdata, covered, 2);
  rdata.insert(rdata.end(), {13, 2});
  put(rdata, ttl, 4);
  rdata.insert(rdata.end(), 20, 0);
  return record(46, rdata);
}

Octets joined(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

TEST_SUITE("RFC 4034 section 3.1.4: the original TTL") {
  TEST_CASE("R4035-5.3b: it is the signature's, of the type that was asked for, and the longest") {
    const Octets proof = joined({record(52, {3, 1, 1, 0}), signature(52, 3600), signature(48, 99999),
                                 signature(52, 7200), signature(52, 60)});
    CHECK(original_ttl(proof, 52) == 7200);
    CHECK(original_ttl(proof, 48) == 99999);
    CHECK(original_ttl(proof, 1) == std::nullopt);
    CHECK(original_ttl({}, 52) == std::nullopt);
  }

  TEST_CASE("what ends too early is no chain, wherever it ends") {
    const Octets proof = joined({record(52, {3, 1, 1, 0}), signature(52, 3600)});
    for (std::size_t n = 1; n < proof.size(); ++n) {
      INFO(n);
      CHECK(original_ttl(std::span(proof).first(n), 52) == std::nullopt);
    }
  }

  TEST_CASE("a compressed name and a signature that is cut short give nothing") {
    CHECK(original_ttl(joined({signature(52, 3600), {0xC0, 0x00}}), 52) == std::nullopt);
    CHECK(original_ttl(record(46, {0, 52, 13, 2, 0, 0, 1}), 52) == std::nullopt);
  }
}
