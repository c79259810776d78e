#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/hex.hpp"
#include "dns/rr_text.hpp"

using namespace danelaw;
using namespace danelaw::dns;

TEST_SUITE("RFC 3597, RFC 1035 section 5.1: types and RDATA as text") {
  TEST_CASE("Types are read by mnemonic in either case or by number, and written back") {
    for (unsigned number = 0; number <= 0xFFFF; ++number) {
      const auto type = static_cast<RrType>(number);
      const auto read = type_from_text(to_text(type));
      REQUIRE(read);
      CHECK_FALSE(*read != type);
    }
    CHECK(to_text(RrType::Tlsa) == "TLSA");
    CHECK(to_text(static_cast<RrType>(65280)) == "TYPE65280");
    CHECK(type_from_text("tlsa") == RrType::Tlsa);
    CHECK(type_from_text("type52") == RrType::Tlsa);
    CHECK(type_from_text("TYPE0") == static_cast<RrType>(0));
    CHECK(type_from_text("TYPE65535") == static_cast<RrType>(65535));
    for (const char* text :
         {"", "TLS", "TLSAA", "TYPE", "TYPE65536", "TYPE-1", "TYPE 1", "TYPE+1", "TYPE1x", "52", "*"}) {
      INFO(text);
      CHECK_FALSE(type_from_text(text));
    }
  }

  TEST_CASE("RDATA is shown in its type's form") {
    struct Row {
      RrType type;
      std::string hex;
      std::string want;
    };
    const std::string a_example = "0161076578616d706c6500";
    const std::vector<Row> rows{
        {RrType::A, "c0000201", "192.0.2.1"},
        {RrType::Aaaa, "20010db8000000000000000000000001", "2001:db8::1"},
        {RrType::Ns, a_example, "a.example."},
        {RrType::Cname, "00", "."},
        {RrType::Ptr, a_example, "a.example."},
        {RrType::Dname, a_example, "a.example."},
        {RrType::Mx, "000a" + a_example, "10 a.example."},
        {RrType::Mx, "000000", "0 ."},
        {RrType::Txt, "0361206202225c", "\"a b\" \"\\\"\\\\\""},
        {RrType::Txt, "0301ff41", "\"\\001\\255A\""},
        {RrType::Srv, "0000000501bb" + a_example, "0 5 443 a.example."},
        {RrType::Soa, a_example + "00" + "00000001000000020000000300000004ffffffff",
         "a.example. . 1 2 3 4 4294967295"},
        {RrType::Tlsa, "030101abcdef", "3 1 1 abcdef"},
        {RrType::Caa, "8005697373756563612e6578616d706c65", "128 issue \"ca.example\""},
        {RrType::Ds, "4f660802abcd", "20326 8 2 abcd"},
        {RrType::Dnskey, "0101030d00ff", "257 3 13 AP8="},
        {RrType::Cert, "0001000108616263", "1 1 8 YWJj"},
        {static_cast<RrType>(65280), "0102", "\\# 2 0102"},
        {static_cast<RrType>(65280), "", "\\# 0"},
    };
    for (const Row& row : rows) {
      INFO(row.want);
      CHECK(rdata_to_text(row.type, *from_hex(row.hex)) == row.want);
    }
  }

  TEST_CASE("RDATA that does not fit its type is shown as octets") {
    struct Row {
      RrType type;
      std::string hex;
    };
    const std::vector<Row> rows{
        {RrType::A, "c00002"},   {RrType::A, "c000020101"},  {RrType::Aaaa, "00"},
        {RrType::Cname, "0161"}, {RrType::Cname, "c00c"},    {RrType::Cname, "000000"},
        {RrType::Mx, "00"},      {RrType::Txt, ""},          {RrType::Txt, "0561"},
        {RrType::Soa, "0000"},   {RrType::Srv, "00000000"},  {RrType::Tlsa, "0301"},
        {RrType::Caa, "00"},     {RrType::Caa, "0000"},      {RrType::Caa, "00022020"},
        {RrType::Ds, "0000"},    {RrType::Dnskey, "000000"}, {RrType::Cert, "00000000"},
    };
    for (const Row& row : rows) {
      INFO(to_text(row.type), " ", row.hex);
      const Buffer rdata = *from_hex(row.hex);
      CHECK(rdata_to_text(row.type, rdata).rfind("\\# " + std::to_string(rdata.size()), 0) == 0);
    }
  }
}
