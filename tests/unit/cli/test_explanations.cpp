#include <doctest/doctest.h>

#include "explanation.hpp"
#include "rdata_dnssec.hpp"
#include "rdata_host.hpp"

using namespace danelaw::cli;
using namespace std::string_literals;

namespace {

std::vector<std::uint8_t> octets(const std::string& text) { return {text.begin(), text.end()}; }

Json object_of(Explanation (*explain)(Octets), const std::string& rdata) {
  const auto data = octets(rdata);
  return explain(data).object;
}
std::string text_of(const Explanation& explanation) {
  std::string text;
  for (const std::string& line : explanation.lines) text += line + "\n";
  return text;
}
std::string words_of(Explanation (*explain)(Octets), const std::string& rdata) {
  const auto data = octets(rdata);
  return text_of(explain(data));
}

const std::string host = "\x02mx\x07"s + "example\0"s;
const std::string root(1, '\0');

}  // namespace

TEST_SUITE("RFC 1035, RFC 7505, RFC 2782: MX and SRV in words") {
  TEST_CASE("R7672-2.2.1b: a host, and the null MX") {
    const Json some = object_of(explain_mx, "\0\x0A"s + host);
    CHECK(some["preference"] == 10);
    CHECK(some["exchange"] == "mx.example");
    CHECK(some["null"] == false);
    CHECK(object_of(explain_mx, "\0\0"s + root)["null"] == true);
    CHECK(words_of(explain_mx, "\0\0"s + root).find("RFC 7505") != std::string::npos);
    CHECK(words_of(explain_mx, "\0\x05"s + root).find("should be 0") != std::string::npos);
  }

  TEST_CASE("RFC 7505 section 3: a null MX beside others is told") {
    const std::vector<std::string> both = {"\0\0"s + root, "\0\x0A"s + host};
    CHECK(explain_mx_set(both).lines.size() == 1);
    CHECK(explain_mx_set(std::span(both).first(1)).lines.empty());
    CHECK(explain_mx_set(std::span(both).last(1)).lines.empty());
  }

  TEST_CASE("RFC 2782: where a service is, and that there is none") {
    const Json some = object_of(explain_srv, "\0\x01\0\x02\x01\xBB"s + host);
    CHECK(some["priority"] == 1);
    CHECK(some["weight"] == 2);
    CHECK(some["port"] == 443);
    CHECK(some["target"] == "mx.example");
    CHECK(some["available"] == true);
    CHECK(object_of(explain_srv, "\0\0\0\0\0\0"s + root)["available"] == false);
  }

  TEST_CASE("octets that are none are told, at every length") {
    for (const std::string& whole : {"\0\x0A"s + host, "\0\0"s + root}) {
      for (std::size_t n = 0; n < whole.size(); ++n) {
        INFO(n);
        CHECK(object_of(explain_mx, whole.substr(0, n)).contains("problem"));
      }
      CHECK(object_of(explain_mx, whole + "x").contains("problem"));
    }
    const std::string service = "\0\x01\0\x02\x01\xBB"s + host;
    for (std::size_t n = 0; n < service.size(); ++n)
      CHECK(object_of(explain_srv, service.substr(0, n)).contains("problem"));
    CHECK(
        object_of(explain_mx, "\0\0\xC0\x0C"s).contains("problem"));  // a pointer, in RDATA that stands alone
    CHECK(object_of(explain_mx, "\0\0"s + std::string(256, '\x01')).contains("problem"));
  }

  TEST_CASE("RFC 1035 section 5.1: names are escaped") {
    CHECK(object_of(explain_mx, "\0\0\x04"s + "a.\n\\"s + root)["exchange"] == "a\\.\\010\\\\");
  }
}

TEST_SUITE("RFC 4034: DS and DNSKEY in words") {
  TEST_CASE("RFC 9904: strong, weak and unknown digests") {
    const auto ds = [](char digest_type, std::size_t length) {
      return "\x30\x39\x0D"s + digest_type + std::string(length, 'd');
    };
    const Json strong = object_of(explain_ds, ds(2, 32));
    CHECK(strong["key_tag"] == 12345);
    CHECK(strong["algorithm_name"] == "ECDSAP256SHA256");
    CHECK(strong["digest_name"] == "SHA-256");
    CHECK_FALSE(strong.contains("problem"));
    CHECK(words_of(explain_ds, ds(2, 32)).find("strong") != std::string::npos);
    CHECK(words_of(explain_ds, ds(1, 20)).find("must not be used for delegations") != std::string::npos);
    CHECK(words_of(explain_ds, ds(77, 9)).find("unknown to us") != std::string::npos);
    for (const auto& [type, length] : {std::pair<char, std::size_t>{1, 19}, {2, 33}, {4, 32}})
      CHECK(object_of(explain_ds, ds(type, length)).contains("problem"));
    for (std::size_t n = 0; n < 5; ++n)
      CHECK(object_of(explain_ds, ds(2, 32).substr(0, n)).contains("problem") == true);
  }

  TEST_CASE("RFC 4034 section 2.1, RFC 5011 section 2.1: flags, tag and length of a key") {
    const auto key = [](std::uint16_t flags, char protocol, char algorithm, const std::string& data) {
      return std::string{static_cast<char>(flags >> 8), static_cast<char>(flags & 0xFF), protocol,
                         algorithm} +
             data;
    };
    const std::string p256(64, 'k');
    const Json sep = object_of(explain_dnskey, key(257, 3, 13, p256));
    CHECK(sep["sep"] == true);
    CHECK(sep["may_sign"] == true);
    CHECK(sep["bits"] == 256);
    CHECK(object_of(explain_dnskey, key(256, 3, 13, p256))["sep"] == false);
    CHECK(object_of(explain_dnskey, key(257 + 128, 3, 13, p256))["revoked"] == true);
    CHECK(object_of(explain_dnskey, key(257 + 128, 3, 13, p256))["may_sign"] == false);
    CHECK(object_of(explain_dnskey, key(1, 3, 13, p256))["may_sign"] == false);
    CHECK(object_of(explain_dnskey, key(256, 2, 13, p256))["may_sign"] == false);
    CHECK(object_of(explain_dnskey, key(256, 3, 13, p256 + "x")).contains("problem"));
    CHECK(object_of(explain_dnskey, key(256, 3, 13, "")).contains("problem"));
    // RFC 3110: exponent 3 and a modulus of 2048 bits, or of 2047; the exponent's length in three octets.
    CHECK(object_of(explain_dnskey, key(256, 3, 8, "\x01\x03\xFF"s + std::string(255, 'n')))["bits"] == 2048);
    CHECK(object_of(explain_dnskey, key(256, 3, 8, "\x01\x03\x7F"s + std::string(255, 'n')))["bits"] == 2047);
    CHECK(object_of(explain_dnskey, key(256, 3, 8, "\0\0\x01\x03\xFF"s + std::string(127, 'n')))["bits"] ==
          1024);
    for (const std::string& bad : {"\0"s, "\x05\x01"s, "\x01\x03"s, "\0\0\0\xFF"s, "\x01\x03\0\xFF"s})
      CHECK(object_of(explain_dnskey, key(256, 3, 8, bad)).contains("problem"));
  }

  TEST_CASE("RFC 4034 appendix B: the tag is the one of RFC 4034 section 5.4's example") {
    // flags 256, protocol 3, algorithm 5, a key that is cut: only the sum is of interest.
    const auto record = dnskey_of_rdata(octets("\x01\0\x03\x05\x01\x02"s));
    REQUIRE(record);
    CHECK(record->key_tag == (0x0100 + 0x0305 + 0x0102));
  }
}

TEST_SUITE("RFC 7671 section 9: TLSA in words") {
  TEST_CASE("usable, and why not, as the library has it") {
    const std::vector<std::string> rdatas = {
        "\x03\x01\x01"s + std::string(32, 'a'),
        "\x03\x01\x02"s + std::string(64, 'b'),
        "\x03\x01\x01"s + std::string(31, 'c'),
        "\x07\x01\x01"s + std::string(32, 'd'),
        "\x03\x01"s,
    };
    const auto explained = explain_tlsa(rdatas);
    REQUIRE(explained.size() == 5);
    CHECK(explained[0].object["standing"] == "weaker-digest");
    CHECK(explained[1].object["usable"] == true);
    CHECK(explained[1].object["acronyms"] == "DANE-EE SPKI SHA2-512");
    CHECK(explained[2].object["standing"] == "digest-length");
    CHECK(explained[3].object["standing"] == "unknown-usage");
    CHECK(explained[4].object.contains("problem"));
  }
}
