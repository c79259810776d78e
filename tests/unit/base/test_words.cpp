#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/hex.hpp"
#include "base/result.hpp"

using namespace danelaw;

TEST_SUITE("Hexadecimal") {
  TEST_CASE("every octet is printed with two digits and read again in either case") {
    Buffer all;
    for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<std::uint8_t>(octet));
    const std::string text = to_hex(all);
    CHECK(text.size() == 512);
    CHECK(text.substr(0, 6) == "000102");
    CHECK(text.substr(506) == "fdfeff");
    CHECK(from_hex(text) == all);
    std::string upper = text;
    for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    CHECK(from_hex(upper) == all);
    CHECK(from_hex("") == Buffer{});
  }

  TEST_CASE("odd counts and anything that is no digit are nothing") {
    for (const char* text :
         {"0", "abc", "0g", "g0", "0 ", " 0", "0x00", "-1", "00\n", "\xC3\xA9", "@@", "``", "//", "::"}) {
      INFO(text);
      CHECK_FALSE(from_hex(text));
    }
    CHECK_FALSE(from_hex(std::string_view("\0\0", 2)));
  }
}

TEST_SUITE("Results") {
  TEST_CASE("a result is a value or a problem, and asking for the wrong one throws") {
    const Result<int> good = 7;
    const Result<int> bad = Problem{Fault::Name, "why"};
    CHECK(good.ok());
    CHECK(*good == 7);
    CHECK_THROWS_AS((void)good.problem(), std::bad_variant_access);
    CHECK_FALSE(bad.ok());
    CHECK(bad.problem().fault == Fault::Name);
    CHECK(bad.problem().text == "why");
    CHECK_THROWS_AS((void)bad.value(), std::bad_variant_access);
  }

  TEST_CASE("every fault has its own stable word") {
    struct Row {
      Fault fault;
      std::string_view want;
    };
    std::set<std::string_view> words;
    for (const Row& row :
         {Row{Fault::Argument, "argument"}, Row{Fault::Name, "name"}, Row{Fault::Port, "port"},
          Row{Fault::Record, "record"}, Row{Fault::Anchor, "anchor"}, Row{Fault::Setting, "setting"},
          Row{Fault::Certificate, "certificate"}, Row{Fault::State, "state"}, Row{Fault::Lookup, "lookup"},
          Row{Fault::Resource, "resource"}, Row{Fault::Unsupported, "unsupported"},
          Row{Fault::Internal, "internal"}}) {
      CHECK(to_string(row.fault) == row.want);
      CHECK(words.insert(to_string(row.fault)).second);
    }
    CHECK(Problem{}.fault == Fault::Internal);
  }
}
