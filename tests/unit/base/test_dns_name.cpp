#include <doctest/doctest.h>

#include <string>

#include "base/dns_name.hpp"
#include "base/hex.hpp"

using namespace danelaw;

namespace {

DnsName name(std::string_view text) { return DnsName::from_text(text).value(); }

std::string repeated(std::string_view text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

Result<DnsName> from_wire_hex(std::string_view hex) {
  const Buffer octets = from_hex(hex).value();
  ByteReader reader{octets};
  return DnsName::from_wire(reader);
}

}  // namespace

TEST_SUITE("RFC 1035 section 5.1: names as text") {
  TEST_CASE("a name is read from text, printed in its one form and read again from that") {
    struct Row {
      std::string_view what, text, want_text, want_wire;
    };
    for (const Row& row : {
             Row{"plain", "www.example", "www.example", "03777777076578616d706c6500"},
             Row{"trailing dot", "www.example.", "www.example", "03777777076578616d706c6500"},
             Row{"upper case", "WWW.ExAmPlE", "www.example", "03777777076578616d706c6500"},
             Row{"root", ".", ".", "00"},
             Row{"one label", "a", "a", "016100"},
             Row{"escaped dot", "a\\.b.c", "a\\.b.c", "03612e62016300"},
             Row{"escaped backslash", "a\\\\b", "a\\\\b", "03615c6200"},
             Row{"decimal escape of a letter", "\\065b", "ab", "02616200"},
             Row{"decimal escape of a dot", "a\\046b", "a\\.b", "03612e6200"},
             Row{"octet 0", "\\000", "\\000", "010000"},
             Row{"octet 255", "\\255", "\\255", "01ff00"},
             Row{"blank", "a\\032b", "a\\032b", "0361206200"},
             Row{"needless escape", "\\w\\-x", "w-x", "03772d7800"},
             Row{"master-file characters", "\\@\\;\\(\\)\\\"\\$", "\\@\\;\\(\\)\\\"\\$", "06403b2829222400"},
             Row{"the same without escapes", "@;()\"$", "\\@\\;\\(\\)\\\"\\$", "06403b2829222400"},
             Row{"underscores and wildcard", "*._tcp.x", "*._tcp.x", "012a045f746370017800"},
         }) {
      INFO(row.what);
      const auto got = DnsName::from_text(row.text);
      REQUIRE(got.ok());
      CHECK(got->to_text() == row.want_text);
      CHECK(to_hex(got->wire()) == row.want_wire);
      CHECK(name(got->to_text()) == *got);
      CHECK(from_wire_hex(row.want_wire).value() == *got);
    }
  }

  TEST_CASE("what is no name is refused with a reason, never cut or repaired") {
    struct Row {
      std::string_view what, text;
    };
    for (const Row& row : {
             Row{"empty", ""},
             Row{"dot in front", ".example"},
             Row{"two dots", "a..b"},
             Row{"two dots behind", "a.."},
             Row{"only dots", ".."},
             Row{"blank", "a b"},
             Row{"blank behind", "a "},
             Row{"tab", "a\tb"},
             Row{"line end", "a\n"},
             Row{"zero octet", std::string_view("a\0b", 3)},
             Row{"DEL", "a\x7F"},
             Row{"UTF-8",
                 "b\xC3\xBC"
                 "cher.example"},
             Row{"octet 255", "\xFF"},
             Row{"backslash at the end", "a\\"},
             Row{"two digits", "a\\12"},
             Row{"two digits and a letter", "a\\12x"},
             Row{"number above 255", "a\\256"},
             Row{"number 999", "\\999"},
             Row{"escaped blank", "a\\ b"},
             Row{"escaped octet above 127", "a\\\xC3\xBC"},
         }) {
      INFO(row.what);
      const auto got = DnsName::from_text(row.text);
      REQUIRE_FALSE(got.ok());
      CHECK(got.problem().fault == Fault::Name);
      CHECK_FALSE(got.problem().text.empty());
    }
  }

  TEST_CASE("raw octets above 127 are refused with the advice to use A-labels") {
    CHECK(DnsName::from_text("b\xC3\xBC"
                             "cher")
              .problem()
              .text.find("A-label") != std::string::npos);
  }
}

TEST_SUITE("RFC 1035 section 2.3.4: limits") {
  TEST_CASE("a label has at most 63 octets, counted after escapes") {
    CHECK(DnsName::from_text(std::string(63, 'a')).ok());
    CHECK_FALSE(DnsName::from_text(std::string(64, 'a')).ok());
    CHECK(DnsName::from_text(repeated("\\001", 63)).ok());
    CHECK_FALSE(DnsName::from_text(repeated("\\001", 64)).ok());
    CHECK_FALSE(DnsName::from_text(std::string(1'000'000, 'a')).ok());
    CHECK(DnsName().child(std::string(63, 'x')).ok());
    CHECK_FALSE(DnsName().child(std::string(64, 'x')).ok());
    CHECK_FALSE(DnsName().child("").ok());
  }

  TEST_CASE("a name has at most 255 octets with the root label") {
    // 127 labels of one octet: 127 * 2 + 1 = 255.
    const DnsName longest = name(repeated("a.", 127));
    CHECK(longest.wire().size() == 255);
    CHECK(longest.label_count() == 127);
    CHECK(name(longest.to_text()) == longest);
    CHECK_FALSE(DnsName::from_text(repeated("a.", 128)).ok());
    CHECK_FALSE(longest.child("b").ok());

    const std::string label(63, 'a');
    const std::string three = label + "." + label + "." + label + ".";
    CHECK(DnsName::from_text(three + std::string(61, 'b')).ok());
    CHECK_FALSE(DnsName::from_text(three + std::string(62, 'b')).ok());
    CHECK(name(three).child(std::string(61, 'b')).ok());
    CHECK_FALSE(name(three).child(std::string(62, 'b')).ok());
  }

  TEST_CASE("wire form obeys the same limits") {
    CHECK(from_wire_hex("3f" + repeated("61", 63) + "00").ok());
    CHECK_FALSE(from_wire_hex("40" + repeated("61", 64) + "00").ok());
    CHECK(from_wire_hex(repeated("0161", 127) + "00").ok());
    CHECK_FALSE(from_wire_hex(repeated("0161", 128) + "00").ok());
  }
}

TEST_SUITE("RFC 1035 section 3.1: names on the wire") {
  TEST_CASE("hostile wire forms are refused") {
    for (const char* hex :
         {"", "01", "0161", "0261", "3f00", "c000", "c00c", "0161c000", "4000", "8000", "ff"}) {
      INFO(hex);
      CHECK_FALSE(from_wire_hex(hex).ok());
    }
  }

  TEST_CASE("a name ends with its root label and leaves what follows to the reader") {
    const Buffer octets = from_hex("0161000262").value();
    ByteReader reader{octets};
    CHECK(DnsName::from_wire(reader).value() == name("a"));
    CHECK(reader.remaining() == 2);
  }

  TEST_CASE("any octet can stand in a label and survives text and wire") {
    for (int octet = 0; octet < 256; ++octet) {
      INFO(octet);
      const std::string label(1, static_cast<char>(octet));
      const DnsName made = DnsName().child(label).value();
      CHECK(name(made.to_text()) == made);
      ByteReader reader{made.wire()};
      CHECK(DnsName::from_wire(reader).value() == made);
    }
  }
}

TEST_SUITE("RFC 4343: case") {
  TEST_CASE("names compare without regard to ASCII case, and to nothing else") {
    CHECK(name("EXAMPLE") == name("example"));
    CHECK(from_wire_hex("0141").ok() == false);
    CHECK(from_wire_hex("014100").value() == name("a"));
    CHECK(name("[") != name("{"));  // 0x5B and 0x7B differ by the case bit only
    CHECK(name("\\192") != name("\\224"));
    CHECK(name("a.b") != name("a\\.b"));
    CHECK((name("a") <=> name("A")) == 0);
  }
}

TEST_SUITE("Names as a tree") {
  TEST_CASE("a name is within another only at a label's border") {
    struct Row {
      std::string_view below, above;
      bool want;
    };
    for (const Row& row :
         {Row{"a.example", "example", true}, Row{"example", "example", true}, Row{"example", ".", true},
          Row{".", ".", true}, Row{".", "example", false}, Row{"example", "a.example", false},
          Row{"anexample", "example", false}, Row{"a.b.c.d", "c.d", true}, Row{"a.b.c.d", "b.d", false},
          Row{"a\\.example", "example", false},
          // The octets 07 "example" 00 stand inside a longer label.
          Row{"x\\007example", "example", false}}) {
      INFO(row.below << " within " << row.above);
      CHECK(name(row.below).is_within(name(row.above)) == row.want);
    }
  }

  TEST_CASE("parent and child undo each other, and the root is its own parent") {
    CHECK(name("a.b.c").parent() == name("b.c"));
    CHECK(name("c").parent() == DnsName());
    CHECK(DnsName().parent() == DnsName());
    CHECK(name("b.c").child("A").value() == name("a.b.c"));
    CHECK(name("c").child("a.b").value() == name("a\\.b.c"));
    CHECK(DnsName().label_count() == 0);
    CHECK(name("a.b.c").label_count() == 3);
    CHECK(DnsName().is_root());
    CHECK_FALSE(name("a").is_root());
    CHECK(name(".") == DnsName());
  }

  TEST_CASE("host names are made of letters, digits, hyphens and underscores") {
    for (const char* text :
         {"a", "www.example", "xn--bcher-kva.example", "1.2.3.4", "_443._tcp.x", "A-1", "-", "a.b."}) {
      INFO(text);
      CHECK(name(text).is_host_name());
    }
    for (const char* text :
         {".", "*.example", "a\\.b", "a\\000b", "a@b", "a:443", "a/b", "\\255", "a%b", "[x]"}) {
      INFO(text);
      CHECK_FALSE(name(text).is_host_name());
    }
  }
}
