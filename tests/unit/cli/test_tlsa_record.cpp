#include "tlsa_record.hpp"

#include <doctest/doctest.h>

using namespace danelaw::cli;
using namespace std::string_literals;

TEST_SUITE("RFC 6698 section 2: records that are made") {
  TEST_CASE("R6698-2.1a: RDATA are three octets and the rest") {
    CHECK(record_of_rdata("\3\1\1abc"s) == TlsaRecord{{3, 1, 1}, "abc"});
    CHECK(record_of_rdata("\xff\xfe\xfd"s) == TlsaRecord{{255, 254, 253}, ""});
    CHECK(record_of_rdata("\3\1"s) == std::nullopt);
    CHECK(record_of_rdata("") == std::nullopt);
  }

  TEST_CASE("R6698-2.2a: text and generic form") {
    const TlsaRecord record{{2, 0, 9}, "\0\xab\xff"s};
    CHECK(to_text(record) == "2 0 9 00abff");
    CHECK(to_generic(record) == "\\# 6 02000900abff");
  }

  TEST_CASE("R6698-4.1b: clients act on known values with data of the right length") {
    CHECK(is_usable({{3, 1, 1}, std::string(32, 'x')}));
    CHECK(is_usable({{0, 0, 2}, std::string(64, 'x')}));
    CHECK(is_usable({{2, 1, 0}, "x"}));
    CHECK_FALSE(is_usable({{3, 1, 1}, std::string(31, 'x')}));
    CHECK_FALSE(is_usable({{3, 1, 2}, std::string(32, 'x')}));
    CHECK_FALSE(is_usable({{3, 1, 0}, ""}));
    CHECK_FALSE(is_usable({{4, 1, 1}, std::string(32, 'x')}));
    CHECK_FALSE(is_usable({{3, 2, 1}, std::string(32, 'x')}));
    CHECK_FALSE(is_usable({{3, 1, 3}, std::string(32, 'x')}));
  }

  TEST_CASE("R6698-2.1b: the names of RFC 7218") {
    CHECK(acronyms({3, 1, 1}) == "DANE-EE SPKI SHA2-256");
    CHECK(acronyms({0, 0, 0}) == "PKIX-TA Cert Full");
    CHECK(acronyms({9, 9, 9}) == "? ? ?");
  }
}
