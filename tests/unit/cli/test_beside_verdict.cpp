#include <doctest/doctest.h>

#include "cli/beside_verdict.hpp"

using namespace danelaw::cli;
using namespace std::string_literals;

namespace {

std::vector<std::uint8_t> octets(const std::string& text) { return {text.begin(), text.end()}; }

// Made for this purpose: P-256, no extensions, subject and issuer CN=a.
const std::string certificate = [] {
  const std::string hex =
      "308201123081b902142e857b521a4fe6155062f63aa558926af3e53d5d300a06082a8648ce3d040302300c310a300806035504"
      "030c016130"
      "1e170d3236313132313030313934375a170d3336313131383030313934375a300c310a300806035504030c0161305930130607"
      "2a8648ce3d"
      "020106082a8648ce3d030107034200046e265502b3844d349d097e6dd8f5b25942826132a0fafabd77927f3e929024fe65bd33"
      "d7dd2dbe6f"
      "79faef2c35ebff5604dbe9dcfd178ff555e0de55818d5ed0300a06082a8648ce3d0403020348003045022100f4cbf211524889"
      "97d265c561"
      "da906eaf3af8eafccdb19ea0feff35edac92560502205636e8cffc1b45e873dd5138d690ae02d04cdcb08c4a96d7bd8ab057ae"
      "5d50e5";
  std::string der;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    der += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return der;
}();

std::string cert(char type, const std::string& data) { return "\0"s + type + "\0\0\0"s + data; }

PeerReport peer(const char* address, const std::string& der) {
  PeerReport report;
  report.address = address;
  report.certificate = der;
  return report;
}

}  // namespace

TEST_SUITE("RFC 4398, RFC 8659 section 1: what is shown beside the verdict") {
  TEST_CASE("R4398-2a: a PKIX record holds a certificate, with its object identifier and without") {
    CHECK(certificate_in(octets(cert(1, "\x03\x55\x04\x24" + certificate))) == certificate);
    CHECK(certificate_in(octets(cert(1, certificate))) == certificate);
    CHECK_FALSE(certificate_in(octets(cert(3, certificate))));                                    // PGP
    CHECK_FALSE(certificate_in(octets(cert(4, "https://certs.example/1"))));                      // IPKIX
    CHECK_FALSE(certificate_in(octets(cert(1, certificate.substr(0, certificate.size() - 1)))));  // cut
    CHECK_FALSE(certificate_in({}));
  }

  TEST_CASE(
      "R4398-2a: it is the peer's only where every octet is the same; one that was not seen is nobody's") {
    std::string other = certificate;
    other.back() = static_cast<char>(other.back() ^ 1);
    const std::vector<PeerReport> peers = {peer("192.0.2.1", certificate), peer("192.0.2.2", other),
                                           peer("192.0.2.3", ""), peer("192.0.2.4", certificate)};
    const auto held = holders_of({cert(1, certificate), cert(1, "garbage"), cert(3, "")}, peers);
    REQUIRE(held.size() == 3);
    CHECK(held[0] == std::vector<std::string>{"192.0.2.1", "192.0.2.4"});
    CHECK(held[1].empty());
    CHECK(held[2].empty());
  }

  TEST_CASE("R8659-1a: it says that it is no part of the verdict") {
    const BesideVerdict nothing;
    CHECK(to_json(nothing)["part_of_verdict"] == false);
    CHECK(to_text(nothing).find("no part of the verdict") != std::string::npos);
  }
}
