#include <doctest/doctest.h>

#include <string>

#include "dnssec/message.hpp"
#include "wire_writer.hpp"

using namespace danelaw;
using dnssec::Message;
using wire::Writer;

namespace {

constexpr unsigned response = 0x8180;
constexpr std::size_t question_name = 12;  ///< where the question's name begins

DnsName name(std::string_view text) { return DnsName::from_text(text).value(); }

bool readable(const Writer& writer) { return Message::from_wire(writer.done()).ok(); }

}  // namespace

TEST_SUITE("RFC 1035 section 4.1.4: compression") {
  TEST_CASE("a pointer may follow labels and lead to a name that ends in a pointer") {
    Writer writer;
    writer.header(response, 1, 2).question("example", 1);
    const std::size_t second = writer.position();
    writer.label("WWW").pointer(question_name).fixed(16, 1, 0);
    writer.label("a").pointer(second).fixed(16, 1, 0);
    const auto got = Message::from_wire(writer.done());
    REQUIRE(got.ok());
    CHECK(got->answer()[0].owner == name("www.example"));
    CHECK(got->answer()[1].owner == name("a.www.example"));
  }

  TEST_CASE("pointers that do not lead backwards are refused") {
    const auto owner = [](auto write) {
      Writer writer;
      writer.header(response, 0, 1);
      write(writer);
      return readable(writer.fixed(16, 1, 0));
    };
    CHECK(owner([](Writer& writer) { writer.name("a"); }));
    CHECK_FALSE(owner([](Writer& writer) { writer.pointer(12); }));             // to itself
    CHECK_FALSE(owner([](Writer& writer) { writer.label("a").pointer(12); }));  // to its own first label
    CHECK_FALSE(owner([](Writer& writer) { writer.pointer(14); }));             // forward
    CHECK_FALSE(owner([](Writer& writer) { writer.pointer(0x3FFF); }));         // past the end
    CHECK_FALSE(owner([](Writer& writer) { writer.pointer(0); }));              // into the header
    CHECK_FALSE(owner([](Writer& writer) { writer.pointer(11); }));
    CHECK_FALSE(owner([](Writer& writer) { writer.u8(0x40).name("a"); }));  // reserved kinds of label
    CHECK_FALSE(owner([](Writer& writer) { writer.u8(0x80).name("a"); }));
  }

  TEST_CASE("a pointer may not lead back into the labels that led to it") {
    // The name at 12 is label "a" and a pointer to 12; a later name points there.
    Writer writer;
    writer.header(response, 0, 2).label("a").pointer(12).fixed(16, 1, 0);
    writer.pointer(12).fixed(16, 1, 0);
    CHECK_FALSE(readable(writer));
    // Two TXT records whose RDATA holds pointers to each other, entered from an owner behind them.
    Writer loop;
    loop.header(response, 0, 2).name(".").fixed(16, 1, 4);
    const std::size_t first = loop.position();
    loop.pointer(first + 2).pointer(first).pointer(first + 2).fixed(16, 1, 0);
    CHECK_FALSE(readable(loop));
  }

  TEST_CASE("a pointer in RDATA leads to before itself, counted from the beginning of the message") {
    const auto cname = [](std::size_t target) {
      // The owner takes 3 octets and the fixed fields 10: the pointer stands at 25.
      return readable(Writer().header(response, 0, 1).name("a").fixed(5, 1, 2).pointer(target));
    };
    CHECK(cname(12));
    CHECK(cname(14));        // the owner's root label
    CHECK_FALSE(cname(25));  // itself
    CHECK_FALSE(cname(26));
    CHECK_FALSE(cname(27));
  }

  TEST_CASE("long chains of pointers are cut at the limit") {
    const auto chain = [](std::size_t hops) {
      Writer writer;
      writer.header(response, 0, 2).name(".").fixed(16, 1, 1 + 2 * hops);
      std::size_t target = writer.position();
      writer.u8(0);
      for (std::size_t hop = 0; hop < hops; ++hop) {
        const std::size_t here = writer.position();
        writer.pointer(target);
        target = here;
      }
      return readable(writer.pointer(target).fixed(16, 1, 0));
    };
    CHECK(chain(126));  // the owner's own pointer makes 127
    CHECK_FALSE(chain(127));
    CHECK_FALSE(chain(8000));
  }

  TEST_CASE("pieces that together pass 255 octets are refused") {
    const auto pieces = [](std::size_t last_label) {
      const std::string label(63, 'x');
      Writer writer;
      writer.header(response, 1, 1).question(label + "." + label + "." + label, 1);
      return readable(writer.label(std::string(last_label, 'y')).pointer(question_name).fixed(16, 1, 0));
    };
    CHECK(pieces(61));
    CHECK_FALSE(pieces(62));
  }
}

TEST_SUITE("RFC 4034 section 6.2: RDATA that stands alone") {
  TEST_CASE("names in RDATA are decompressed and in lower case") {
    struct Row {
      std::string_view what;
      unsigned type;
      std::string_view before, after,
          want;  // hexadecimal; between before and after stand "B" and a pointer to "example"
    };
    constexpr std::string_view b_example = "0162076578616d706c6500";
    for (const Row& row : {
             Row{"NS", 2, "", "", "{}"},
             Row{"CNAME", 5, "", "", "{}"},
             Row{"SOA", 6, "00", "0000000100000002000000030000000400000005",
                 "00{}0000000100000002000000030000000400000005"},
             Row{"PTR", 12, "", "", "{}"},
             Row{"MINFO", 14, "014100", "", "016100{}"},
             Row{"MX", 15, "000a", "", "000a{}"},
             Row{"RP", 17, "00", "", "00{}"},
             Row{"AFSDB", 18, "0001", "", "0001{}"},
             Row{"PX", 26, "000500", "", "000500{}"},
             Row{"SRV", 33, "0001000201bb", "", "0001000201bb{}"},
             Row{"NAPTR", 35, "000100020155034142430131", "", "000100020155034142430131{}"},
             Row{"KX", 36, "0001", "", "0001{}"},
             Row{"DNAME", 39, "", "", "{}"},
         }) {
      INFO(row.what);
      const Buffer rdata = Writer().hex(row.before).label("B").pointer(question_name).hex(row.after).done();
      Writer writer;
      writer.header(response, 1, 1).question("EXAMPLE", row.type);
      writer.pointer(question_name).fixed(row.type, 1, rdata.size()).octets(rdata);
      const auto got = Message::from_wire(writer.done());
      REQUIRE(got.ok());
      std::string want(row.want);
      want.replace(want.find("{}"), 2, b_example);
      CHECK(to_hex(got->answer().at(0).rdata) == want);
    }
  }

  TEST_CASE("RDATA with names must be filled exactly by its fields") {
    struct Row {
      std::string_view what;
      unsigned type;
      std::string_view rdata;
      bool want;
    };
    for (const Row& row : {
             Row{"CNAME", 5, "016100", true},
             Row{"CNAME, empty", 5, "", false},
             Row{"CNAME, octet behind", 5, "01610000", false},
             Row{"CNAME, name runs past its RDATA", 5, "0361", false},
             Row{"CNAME, no root label", 5, "0161", false},
             Row{"MX", 15, "000a00", true},
             Row{"MX without a name", 15, "000a", false},
             Row{"SOA cut short", 6, "00000000000100000002000000030000000400", false},
             Row{"SOA one octet too long", 6, "0000000000010000000200000003000000040000000500", false},
             Row{"NAPTR, string runs past its RDATA", 35, "00010002ff41", false},
             Row{"pointer cut in half", 5, "c0", false},
             Row{"A of five octets is taken as it comes", 1, "0102030405", true},
         }) {
      INFO(row.what);
      const Buffer rdata = from_hex(row.rdata).value();
      // A record behind it, so that reading past the RDATA would find octets.
      Writer writer;
      writer.header(response, 0, 2).name("a").fixed(row.type, 1, rdata.size()).octets(rdata);
      CHECK(readable(writer.name("b").fixed(16, 1, 3).hex("016200")) == row.want);
    }
  }

  TEST_CASE("types without such names are taken as they come, case and would-be pointers included") {
    for (const unsigned type : {1U, 13U, 16U, 43U, 46U, 47U, 48U, 50U, 52U, 257U, 65535U}) {
      INFO(type);
      const Buffer rdata = Writer().label("WWW").pointer(question_name).done();
      Writer writer;
      writer.header(response, 1, 1).question("example", type);
      writer.pointer(question_name).fixed(type, 1, rdata.size()).octets(rdata);
      const auto got = Message::from_wire(writer.done());
      REQUIRE(got.ok());
      CHECK(got->answer().at(0).rdata == rdata);
    }
  }
}
