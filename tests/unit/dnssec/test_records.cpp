// The parts, against the examples of their RFCs.
#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>

#include "base/hex.hpp"
#include "dnssec/alias.hpp"
#include "dnssec/base32hex.hpp"
#include "dnssec/dnskey.hpp"
#include "dnssec/names.hpp"
#include "dnssec/nsec.hpp"
#include "dnssec/public_key.hpp"
#include "dnssec/signed_data.hpp"
#include "signing_key.hpp"
#include "zone.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

Buffer base64(std::string_view text) {
  Buffer octets(text.size());
  const int length = EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  REQUIRE(length > 0);
  octets.resize(static_cast<std::size_t>(length) - static_cast<std::size_t>(std::ranges::count(text, '=')));
  return octets;
}

Buffer dnskey(unsigned flags, std::uint8_t algorithm, std::string_view key) {
  Buffer rdata;
  lab::put_u16(rdata, flags);
  rdata.push_back(3);
  rdata.push_back(algorithm);
  lab::put(rdata, base64(key));
  return rdata;
}

/// A zone's key, DS and one signed RRset, as an RFC prints them.
struct Example {
  const char* what;
  std::string_view zone;
  std::string_view key;
  std::uint8_t algorithm;
  std::uint16_t tag;
  std::uint8_t digest_type;
  std::string_view digest;
  std::string_view owner;
  RrType type;
  Buffer rdata;
  std::uint32_t expiration;
  std::uint32_t inception;
  std::string_view signature;
};

std::vector<Example> examples() {
  Buffer mx{0, 10};
  lab::put(mx, lab::name("mail.example.com").wire());
  return {{"RFC 6605 section 6.1",
           "example.net",
           "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
           13,
           55648,
           2,
           "b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17",
           "www.example.net",
           RrType::A,
           {192, 0, 2, 1},
           1284026679,
           1281607479,
           "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw=="},
          {"RFC 8080 section 6.1", "example.com", "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=", 15, 3613, 2,
           "3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b", "example.com", RrType::Mx, mx,
           1440021600, 1438207200,
           "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg=="}};
}

Rrsig rrsig_of(const Example& example) {
  return {example.type,
          example.algorithm,
          static_cast<std::uint8_t>(lab::name(example.owner).label_count()),
          3600,
          example.expiration,
          example.inception,
          example.tag,
          lab::name(example.zone),
          base64(example.signature)};
}

}  // namespace

TEST_SUITE("RFC 4034 appendix B, RFC 6605, RFC 8080: keys and signatures") {
  TEST_CASE("R-alg: the RFCs' own examples verify, and not one octet later") {
    for (const Example& example : examples()) {
      INFO(example.what);
      const Buffer rdata = dnskey(257, example.algorithm, example.key);
      const auto key = Dnskey::from_rdata(rdata);
      REQUIRE(key.ok());
      CHECK(key->tag == example.tag);
      CHECK(key->may_sign_zone());
      CHECK(Ds{example.tag, example.algorithm, example.digest_type, from_hex(example.digest).value()}.matches(
          lab::name(example.zone), *key));
      Rrset rrset{lab::name(example.owner), example.type, 3600, {example.rdata}, {}};
      const auto parsed = PublicKey::from_dnskey(static_cast<Algorithm>(example.algorithm), key->public_key);
      REQUIRE(parsed != nullptr);
      Rrsig rrsig = rrsig_of(example);
      CHECK(parsed->verifies(signed_data(rrset, rrsig), rrsig.signature));
      ++rrsig.original_ttl;
      CHECK_FALSE(parsed->verifies(signed_data(rrset, rrsig), rrsig.signature));
    }
  }

  TEST_CASE("R-alg: keys and signatures of any other length than their algorithm's are refused, quietly") {
    ERR_clear_error();
    for (const Algorithm algorithm : {Algorithm::RsaSha256, Algorithm::EcdsaP256Sha256,
                                      Algorithm::EcdsaP384Sha384, Algorithm::Ed25519, Algorithm::Ed448}) {
      INFO(static_cast<int>(algorithm));
      const SigningKey signer = SigningKey::make(algorithm);
      const Buffer data{1, 2, 3};
      const Buffer signature = signer.sign(data);
      const Buffer key(signer.dnskey().begin() + 4, signer.dnskey().end());
      const auto parsed = PublicKey::from_dnskey(algorithm, key);
      REQUIRE(parsed != nullptr);
      CHECK(parsed->verifies(data, signature));
      for (Buffer other : {Buffer{}, Buffer(signature.begin() + 1, signature.end()),
                           Buffer(signature.begin(), signature.end() - 1)})
        CHECK_FALSE(parsed->verifies(data, other));
      Buffer longer = signature;
      longer.push_back(0);
      CHECK_FALSE(parsed->verifies(data, longer));
      longer.insert(longer.begin(), 0);
      CHECK_FALSE(parsed->verifies(data, longer));
      CHECK_FALSE(parsed->verifies(data, Buffer(signature.size())));
      if (algorithm == Algorithm::RsaSha256) continue;
      CHECK(PublicKey::from_dnskey(algorithm, Bytes(key).subspan(1)) == nullptr);
      Buffer longer_key = key;
      longer_key.push_back(0);
      CHECK(PublicKey::from_dnskey(algorithm, longer_key) == nullptr);
    }
    CHECK(PublicKey::from_dnskey(Algorithm::EcdsaP256Sha256, Buffer(64, 1)) == nullptr);  // not on the curve
    CHECK(ERR_peek_error() == 0);
  }

  TEST_CASE("R-limits: RSA keys of strange sizes are refused") {
    const auto rsa = [](std::size_t exponent_octets, std::size_t modulus_octets, std::uint8_t first = 0xC1) {
      Buffer key;
      if (exponent_octets > 255) key.push_back(0);
      if (exponent_octets > 255) key.push_back(static_cast<std::uint8_t>(exponent_octets >> 8));
      key.push_back(static_cast<std::uint8_t>(exponent_octets));
      key.insert(key.end(), exponent_octets, 3);
      key.insert(key.end(), modulus_octets, first);
      return key;
    };
    const auto accepted = [](Algorithm algorithm, const Buffer& key) {
      return PublicKey::from_dnskey(algorithm, key) != nullptr;
    };
    CHECK(accepted(Algorithm::RsaSha256, rsa(1, 64)));
    CHECK(accepted(Algorithm::RsaSha256, rsa(5, 512)));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, rsa(1, 63)));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, rsa(1, 513)));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, rsa(6, 256)));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, rsa(300, 256)));
    CHECK_FALSE(accepted(Algorithm::RsaSha512, rsa(1, 127)));
    CHECK(accepted(Algorithm::RsaSha512, rsa(1, 128)));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, rsa(1, 128, 0)));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, rsa(1, 128, 0xC2)));  // even
    CHECK_FALSE(accepted(Algorithm::RsaSha256, rsa(1, 0)));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, {}));
    CHECK_FALSE(accepted(Algorithm::RsaSha256, {5, 1}));
    Buffer one = rsa(1, 128);
    one[1] = 1;
    CHECK_FALSE(accepted(Algorithm::RsaSha256, one));
  }
}

TEST_SUITE("RFC 4034 section 6, RFC 5155: names and their order") {
  TEST_CASE("R4035-5.3b: canonical order is that of RFC 4034 section 6.1") {
    const std::vector<DnsName> in_order{
        lab::name("example"),         lab::name("a.example"),      lab::name("yljkjljk.a.example"),
        lab::name("Z.a.example"),     lab::name("zABC.a.EXAMPLE"), lab::name("z.example"),
        lab::name("\\001.z.example"), lab::name("*.z.example"),    lab::name("\\200.z.example")};
    CHECK(std::ranges::is_sorted(in_order, {}, canonical_key));
    // Where a label holds the octets that end and escape labels.
    const std::vector<DnsName> odd{lab::name("a"),
                                   lab::name("\\000.a"),
                                   lab::name("b.\\000.a"),
                                   lab::name("\\000\\000.a"),
                                   lab::name("\\000\\001.a"),
                                   lab::name("\\001.a"),
                                   lab::name("\\001\\000.a"),
                                   lab::name("\\002.a"),
                                   lab::name("a\\000"),
                                   lab::name("x.a\\000"),
                                   lab::name("a\\001"),
                                   lab::name("ab")};
    CHECK(std::ranges::is_sorted(odd, std::ranges::less_equal{}, canonical_key));
  }

  TEST_CASE("R5155-8a: hashes are those of RFC 5155 appendix A") {
    const Buffer salt{0xAA, 0xBB, 0xCC, 0xDD};
    for (const auto& [owner, want] : {std::pair{"example", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"},
                                      std::pair{"a.example", "35mthgpgcu1qg68fab165klnsnk3dpvl"},
                                      std::pair{"ns1.example", "2t7b4g4vsa5smi47k61mv5bv1a22bojr"},
                                      std::pair{"*.w.example", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"},
                                      std::pair{"x.w.example", "b4um86eghhds6nea196smvmlo4ors995"}}) {
      const auto hash = nsec3_hash(lab::name(owner), 12, salt);
      REQUIRE(hash.has_value());
      CHECK(to_base32hex(*hash) == want);
      CHECK(from_base32hex(as_bytes(want)) == hash);
    }
  }

  TEST_CASE("Base 32 is that of RFC 4648 section 10, and strict") {
    for (const auto& [plain, text] :
         {std::pair{"", ""}, std::pair{"f", "co"}, std::pair{"fo", "cpng"}, std::pair{"foo", "cpnmu"},
          std::pair{"foob", "cpnmuog"}, std::pair{"fooba", "cpnmuoj1"}, std::pair{"foobar", "cpnmuoj1e8"}}) {
      CHECK(to_base32hex(as_bytes(plain)) == text);
      CHECK(from_base32hex(as_bytes(text)) == to_buffer(as_bytes(plain)));
    }
    CHECK(from_base32hex(as_bytes("CPNMU")) == to_buffer(as_bytes("foo")));
    for (const char* wrong : {"c", "cpn", "cpnmuo", "cp", "cw", "c=", "cpnm!"}) {
      INFO(wrong);
      CHECK_FALSE(from_base32hex(as_bytes(wrong)));
    }
  }

  TEST_CASE("R6672-5.3a: a DNAME replaces the end of a name") {
    const auto moved = substituted(lab::name("a.b.x"), lab::name("x"), lab::name("y.z"));
    CHECK(moved.value() == lab::name("a.b.y.z"));
    CHECK(substituted(lab::name("a.x"), lab::name("x"), lab::name(".")).value() == lab::name("a"));
    CHECK_FALSE(alias_target(Buffer{0, 0}));
    CHECK_FALSE(alias_target(Buffer{}));
    CHECK(alias_target(Buffer{1, 'a', 0}).value() == lab::name("a"));
  }
}

TEST_SUITE("RFC 4034 sections 4 and 5, RFC 5155 section 3: RDATA") {
  TEST_CASE("Type bitmaps are read strictly") {
    const auto readable = [](std::string_view hex) {
      return TypeBitmap::from_wire(from_hex(hex).value()).ok();
    };
    for (const char* right : {"", "000140", "000122010140",
                              "0020"
                              "0000000000000000000000000000000000000000000000000000000000000001"})
      CHECK(readable(right));
    for (const char* wrong : {"00", "0000", "0001", "000100", "00024000", "000140000140", "010140000140",
                              "0021"
                              "000000000000000000000000000000000000000000000000000000000000000001",
                              "00014001"}) {
      INFO(wrong);
      CHECK_FALSE(readable(wrong));
    }
    const auto types =
        TypeBitmap::from_wire(types_bitmap({RrType::A, RrType::Ns, RrType::Tlsa, RrType::Caa})).value();
    for (unsigned type = 0; type < 0x10000; ++type) {
      const bool want = type == 1 || type == 2 || type == 52 || type == 257;
      if (types.has(static_cast<RrType>(type)) != want) FAIL_CHECK(type);
    }
    CHECK(types.is_delegation());
  }

  TEST_CASE("Records that end early are refused at every length") {
    const Buffer nsec = nsec_rdata(lab::name("a.b"), {RrType::A});
    const Buffer nsec3 = nsec3_rdata(1, 10, {1, 2}, Buffer(20, 3), {RrType::A});
    REQUIRE(Nsec::from_rdata(nsec).ok());
    REQUIRE(Nsec3::from_rdata(nsec3).ok());
    for (std::size_t length = 0; length < 5; ++length)
      CHECK_FALSE(Nsec::from_rdata(Bytes(nsec).first(length)).ok());
    for (std::size_t length = 0; length < 28; ++length)
      CHECK_FALSE(Nsec3::from_rdata(Bytes(nsec3).first(length)).ok());
    for (std::size_t length = 0; length < 5; ++length) {
      CHECK_FALSE(Ds::from_rdata(Buffer(length)).ok());
      CHECK_FALSE(Dnskey::from_rdata(Buffer(length)).ok());
    }
  }

  TEST_CASE(
      "R5155-8a: NSEC3 of another hash algorithm, with unknown flags or a hash of another length is not "
      "understood") {
    const auto understood = [](Buffer rdata) { return Nsec3::from_rdata(rdata).value().is_understood(); };
    CHECK(understood(nsec3_rdata(0, 1, {}, Buffer(20, 3), {})));
    CHECK(understood(nsec3_rdata(1, 1, {}, Buffer(20, 3), {})));
    CHECK_FALSE(understood(nsec3_rdata(2, 1, {}, Buffer(20, 3), {})));
    CHECK_FALSE(understood(nsec3_rdata(0, 1, {}, Buffer(32, 3), {})));
    Buffer other = nsec3_rdata(0, 1, {}, Buffer(20, 3), {});
    other[0] = 2;
    CHECK_FALSE(understood(other));
  }
}
