#include <doctest/doctest.h>

#include <string>

#include "base/hex.hpp"
#include "tlsa/record.hpp"

using namespace danelaw;
using tlsa::Record;

namespace {

Record from_rdata_hex(std::string_view hex) { return Record::from_rdata(from_hex(hex).value()).value(); }

}  // namespace

TEST_SUITE("RFC 6698 section 2.1: RDATA") {
  TEST_CASE("R6698-2.1a: RDATA is usage, selector, matching type and the association data") {
    const Record record = from_rdata_hex("030102aabbcc");
    CHECK(record.usage() == 3);
    CHECK(record.selector() == 1);
    CHECK(record.matching_type() == 2);
    CHECK(to_hex(record.association_data()) == "aabbcc");
    CHECK(to_hex(record.to_rdata()) == "030102aabbcc");
  }

  TEST_CASE("R6698-2.1a: fewer than three octets are no record") {
    for (const char* hex : {"", "03", "0301"}) {
      INFO(hex);
      const auto got = Record::from_rdata(from_hex(hex).value());
      REQUIRE_FALSE(got.ok());
      CHECK(got.problem().fault == Fault::Record);
    }
    CHECK(Record::from_rdata(from_hex("030101").value()).ok());
  }

  TEST_CASE("R6698-2.1b: any value that fits in an octet is well-formed") {
    for (int octet = 0; octet < 256; ++octet) {
      const auto value = static_cast<std::uint8_t>(octet);
      const Record record = Record::from_rdata(Buffer{value, value, value, 0x00}).value();
      CHECK(record.usage() == value);
      CHECK(record.selector() == value);
      CHECK(record.matching_type() == value);
      CHECK(Record::from_text(record.to_text()).value() == record);
    }
  }

  TEST_CASE("a record holds up to 65535 octets of RDATA") {
    const Record largest = Record::from_rdata(Buffer(65535, 0x5A)).value();
    CHECK(largest.association_data().size() == 65532);
    CHECK(Record::from_text(largest.to_text()).value() == largest);
    CHECK_FALSE(Record::from_rdata(Buffer(65536, 0x5A)).ok());
    CHECK_FALSE(Record::from_text(largest.to_text() + "00").ok());
  }
}

TEST_SUITE("RFC 6698 section 2.2: text") {
  TEST_CASE("R6698-2.2a: text is read however its hexadecimal is split, and printed in one form") {
    struct Row {
      std::string_view what, text, want;
    };
    for (const Row& row : {
             Row{"plain", "3 1 1 0b9fa5", "3 1 1 0b9fa5"},
             Row{"upper case", "3 1 1 0B9FA5", "3 1 1 0b9fa5"},
             Row{"split at octets", "3 1 1 0b 9f a5", "3 1 1 0b9fa5"},
             Row{"split within octets", "3 1 1 0 b9f a5", "3 1 1 0b9fa5"},
             Row{"tabs, line ends, blanks around", "\t 3\t1  1\r\n0b\n9fa5 \n", "3 1 1 0b9fa5"},
             Row{"leading zeros", "003 01 1 0b9fa5", "3 1 1 0b9fa5"},
             Row{"largest values", "255 255 255 00", "255 255 255 00"},
             Row{"no data", "3 1 1", "3 1 1"},
             Row{"generic form", "\\# 6 0301010b9fa5", "3 1 1 0b9fa5"},
             Row{"generic form, split", "\\#  6\t030101 0b9 fA5", "3 1 1 0b9fa5"},
             Row{"generic form without data", "\\# 3 030101", "3 1 1"},
         }) {
      INFO(row.what);
      const auto got = Record::from_text(row.text);
      REQUIRE(got.ok());
      CHECK(got->to_text() == row.want);
      CHECK(Record::from_text(got->to_text()).value() == *got);
      CHECK(Record::from_rdata(got->to_rdata()).value() == *got);
    }
  }

  TEST_CASE("R6698-2.2a: anything else is refused with a reason") {
    struct Row {
      std::string_view what, text;
    };
    for (const Row& row : {
             Row{"empty", ""},
             Row{"blank", "  \n"},
             Row{"one number", "3"},
             Row{"two numbers", "3 1"},
             Row{"usage above an octet", "256 1 1 00"},
             Row{"selector above an octet", "3 256 1 00"},
             Row{"matching type far above an octet", "3 1 99999999999999999999 00"},
             Row{"negative", "-3 1 1 00"},
             Row{"plus sign", "+3 1 1 00"},
             Row{"hexadecimal number", "0x3 1 1 00"},
             Row{"mnemonic", "DANE-EE SPKI SHA2-256 00"},
             Row{"odd count of digits", "3 1 1 0b9"},
             Row{"no hexadecimal", "3 1 1 xyz0"},
             Row{"colons", "3 1 1 0b:9f"},
             Row{"comment", "3 1 1 0b9f ; comment"},
             Row{"parentheses", "3 1 1 ( 0b9f )"},
             Row{"zero octet", std::string_view("3 1 1 0b\0", 9)},
             Row{"generic form without length", "\\#"},
             Row{"generic form with a bad length", "\\# x 030101"},
             Row{"generic form, too long a length", "\\# 65536 030101"},
             Row{"generic form, length too small", "\\# 3 03010100"},
             Row{"generic form, length too large", "\\# 5 03010100"},
             Row{"generic form, too short for a record", "\\# 2 0301"},
             Row{"generic form, empty", "\\# 0"},
             Row{"generic form, odd digits", "\\# 3 03010"},
             Row{"generic form glued to its length", "\\#3 030101"},
         }) {
      INFO(row.what);
      const auto got = Record::from_text(row.text);
      REQUIRE_FALSE(got.ok());
      CHECK(got.problem().fault == Fault::Record);
      CHECK_FALSE(got.problem().text.empty());
      CHECK(got.problem().text.find('\n') == std::string::npos);
    }
  }
}
