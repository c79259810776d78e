#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dns/idn.hpp"

using namespace danelaw;
using namespace danelaw::dns;

TEST_SUITE("RFC 5890, RFC 5891: host names") {
  TEST_CASE("Names as people type them become A-labels in lower case, without a trailing dot") {
    struct Row {
      std::string text;
      std::string want;
    };
    const std::vector<Row> rows{
        {"www.example", "www.example"},
        {"WWW.Example.", "www.example"},
        {"_443._tcp.www.example", "_443._tcp.www.example"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"b\u00FCcher.example", "xn--bcher-kva.example"},
        {"B\u00DCCHER.Example.", "xn--bcher-kva.example"},
        {"bu\u0308cher.example", "xn--bcher-kva.example"},  // a letter and a combining mark
        {"\u4F8B\u3048.\u30C6\u30B9\u30C8", "xn--r8jz45g.xn--zckzah"},
        {"\u4F8B\u3048\u3002\u30C6\u30B9\u30C8", "xn--r8jz45g.xn--zckzah"},  // an ideographic full stop
        {"localhost", "localhost"},
    };
    for (const Row& row : rows) {
      INFO(row.text);
      const auto name = host_name_from_text(row.text);
      REQUIRE(name);
      CHECK(name->to_text() == row.want);
      CHECK(name->is_host_name());
    }
  }

  TEST_CASE("What is no host name is refused in one line that shows it") {
    const std::vector<std::string> rows{
        "",
        ".",
        "..",
        "a..b",
        ".a",
        "a b",
        " a",
        "a\tb",
        "a/b",
        "a:443",
        "https://a",
        "*.example",
        "a@b",
        "a\\046b",
        std::string("a\0b", 3),
        "a\nb",
        std::string(64, 'a') + ".example",
        std::string(300, 'a'),
        "\xFF.example",
        "\xC3.example",
        "a..\u00FC",
        "-\u00FC-.example",
        "\u00FC" + std::string(63, 'a'),
        "\u202Eexample",
    };
    for (const std::string& text : rows) {
      INFO(text);
      const auto name = host_name_from_text(text);
      REQUIRE_FALSE(name);
      CHECK(name.problem().fault == Fault::Name);
      CHECK(name.problem().text.find('\n') == std::string::npos);
      CHECK(name.problem().text.size() < 400);
    }
  }

  TEST_CASE("Names that two versions of IDNA read as different names are refused, not guessed") {
    for (const std::string text : {"stra\u00DFe.example", "STRA\u1E9EE.example", "\u03C6\u03C2.example",
                                   "a\u200Cb.example", "a\u200Db.example"}) {
      INFO(text);
      CHECK_FALSE(host_name_from_text(text));
    }
    CHECK(host_name_from_text("xn--strae-oqa.example"));
  }
}
