#include <doctest/doctest.h>

#include <algorithm>

#include "explanation.hpp"
#include "rdata_cert.hpp"

using namespace danelaw::cli;
using namespace std::string_literals;

namespace {

std::string rdata(std::uint16_t type, const std::string& data) {
  return std::string{static_cast<char>(type >> 8U), static_cast<char>(type & 0xFFU), '\x30', '\x39', '\x0D'} +
         data;
}

std::optional<CertRecord> cert_of(const std::string& octets) {
  return cert_of_rdata({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

Explanation explained(const std::string& octets) {
  return explain_cert({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
}

}  // namespace

TEST_SUITE("RFC 4398 section 2: CERT RDATA") {
  TEST_CASE("R4398-2a: type, key tag, algorithm; less is malformed") {
    const auto record = cert_of(rdata(3, "pgp"));
    REQUIRE(record);
    CHECK(record->type == 3);
    CHECK(record->key_tag == 12345);
    CHECK(record->algorithm == 13);
    CHECK(std::get<CertOctets>(record->body).content == "pgp");
    for (std::size_t n = 0; n < 5; ++n) {
      INFO(n);
      CHECK_FALSE(cert_of(rdata(3, "").substr(0, n)));
      CHECK(explained(rdata(3, "").substr(0, n)).object.contains("problem"));
    }
  }

  TEST_CASE("R4398-2.1a: every type has its name") {
    const std::vector<std::pair<std::uint16_t, std::string>> rows = {{0, "reserved 0"},
                                                                     {1, "PKIX"},
                                                                     {2, "SPKI"},
                                                                     {3, "PGP"},
                                                                     {4, "IPKIX"},
                                                                     {5, "ISPKI"},
                                                                     {6, "IPGP"},
                                                                     {7, "ACPKIX"},
                                                                     {8, "IACPKIX"},
                                                                     {9, "unassigned 9"},
                                                                     {253, "URI"},
                                                                     {254, "OID"},
                                                                     {255, "reserved 255"},
                                                                     {256, "unassigned 256"},
                                                                     {65279, "unassigned 65279"},
                                                                     {65280, "experimental 65280"},
                                                                     {65534, "experimental 65534"},
                                                                     {65535, "reserved 65535"}};
    for (const auto& row : rows) {
      INFO(row.second);
      CHECK(cert_type_name(row.first) == row.second);
    }
    CHECK(cert_algorithm_name(0) == "0, unknown to DNSSEC");
    CHECK(cert_algorithm_name(13) == "13, ECDSAP256SHA256");
    CHECK(cert_algorithm_name(99) == "99");
  }

  TEST_CASE("R4398-2.1b: what stands elsewhere") {
    for (const auto type : std::initializer_list<std::uint16_t>{4, 5, 8}) {
      INFO(type);
      CHECK(std::get<CertElsewhere>(cert_of(rdata(type, "http://a"))->body).uri == "http://a");
      CHECK(explained(rdata(type, "")).object.contains("problem"));
    }
    const auto both = std::get<CertElsewhere>(cert_of(rdata(6, "\2\x0A\x0Bhttp://a"))->body);
    CHECK(both.fingerprint == "\x0A\x0B");
    CHECK(both.uri == "http://a");
    CHECK(explained(rdata(6, "\2\x0A\x0B")).object["fingerprint"] == "0a0b");
    CHECK_FALSE(explained(rdata(6, "\2\x0A\x0B")).object.contains("uri"));
    CHECK(explained(rdata(6, "\0http://a"s)).object["uri"] == "http://a");
    for (const std::string& data : {""s, "\0"s, "\3\x0A\x0B"s}) {
      INFO(data);
      CHECK(explained(rdata(6, data)).object.contains("problem"));
    }
  }

  TEST_CASE("R4398-2.1c: private types by URI and by object identifier") {
    const auto uri = std::get<CertWithUri>(cert_of(rdata(253, "http://a\0octets"s))->body);
    CHECK(uri.uri == "http://a");
    CHECK(uri.content == "octets");
    const auto oid = std::get<CertWithOid>(cert_of(rdata(254, "\2\x2A\3octets"))->body);
    CHECK(oid.oid == "\x2A\3");
    CHECK(oid.content == "octets");
    CHECK(explained(rdata(253, "http://a")).object.contains("problem"));
    CHECK(explained(rdata(253, "\0a"s)).object.contains("problem"));
    for (const std::string& data : {""s, "\0a"s, "\3ab"s}) {
      INFO(data);
      CHECK(explained(rdata(254, data)).object.contains("problem"));
      CHECK(explained(rdata(7, data)).object.contains("problem"));
    }
  }

  TEST_CASE("R4398-2.3a: the object identifiers of X.500, and octets that are no certificate") {
    CHECK(explained(rdata(1, "\3\x55\4\x24gibberish")).object["oid"] == "userCertificate");
    CHECK(explained(rdata(1, "\3\x55\4\x24gibberish")).object["problem"] == "no X.509 certificate");
    CHECK(explained(rdata(1, "\x30gibberish")).object["problem"] == "no X.509 certificate");
    CHECK(explained(rdata(1, "\3\x55\4\x25gibberish")).object["oid"] == "cACertificate");
    CHECK(explained(rdata(1, "\3\x55\4\x26list")).object["oid"] == "authorityRevocationList");
    const auto list = explained(rdata(1, "\3\x55\4\x27list"));
    CHECK(list.object["oid"] == "certificateRevocationList");
    CHECK_FALSE(list.object.contains("problem"));
    CHECK(explained(rdata(1, "\1\x2Agibberish")).object["oid"] == "2a");
  }
}
