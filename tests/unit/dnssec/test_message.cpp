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

/// One A record for the question's name.
Writer answer_for(std::string_view text) {
  return Writer()
      .header(response, 1, 1)
      .question(text, 1)
      .pointer(question_name)
      .fixed(1, 300, 4)
      .u32(0x0A350001);
}

}  // namespace

TEST_SUITE("RFC 1035 section 4.1: messages") {
  TEST_CASE("header, question and the three sections are read") {
    Writer writer;
    writer.header(0x8583, 1, 2, 1, 1).question("WWW.example", 52);
    writer.pointer(question_name).fixed(52, 3600, 4).hex("03010100");
    writer.pointer(question_name + 4).fixed(16, 60, 2).hex("0141");
    writer.name("ns").fixed(1, 5, 4).u32(0x01020304);
    writer.name(".").u16(41).u16(1232).u32(0x00008000).u16(0);
    const auto got = Message::from_wire(writer.done());
    REQUIRE(got.ok());
    CHECK(got->id() == 0x1234);
    CHECK(got->flags() == 0x8583);
    CHECK(got->is_response());
    CHECK(got->authoritative());
    CHECK_FALSE(got->truncated());
    CHECK_FALSE(got->authentic_data());
    CHECK(got->opcode() == 0);
    CHECK(got->rcode() == 3);
    REQUIRE(got->question());
    CHECK(got->question()->name == name("www.example"));
    CHECK(got->question()->type == RrType::Tlsa);
    CHECK(got->question()->dns_class == dnssec::class_in);
    REQUIRE(got->answer().size() == 2);
    CHECK(got->answer()[0] ==
          dnssec::ResourceRecord{name("www.example"), RrType::Tlsa, 1, 3600, from_hex("03010100").value()});
    CHECK(got->answer()[1].owner == name("example"));
    REQUIRE(got->authority().size() == 1);
    CHECK(got->authority()[0].owner == name("ns"));
    REQUIRE(got->additional().size() == 1);
    CHECK(got->additional()[0].type == RrType::Opt);
    CHECK(got->additional()[0].ttl == 0x8000);
  }

  TEST_CASE("flags are told apart") {
    const auto flags = [](unsigned word) {
      return Message::from_wire(Writer().header(word, 0).done()).value();
    };
    CHECK_FALSE(flags(0x0000).is_response());
    CHECK(flags(0x8000).is_response());
    CHECK(flags(0x7800).opcode() == 15);
    CHECK(flags(0x0200).truncated());
    CHECK(flags(0x0020).authentic_data());
    CHECK(flags(0xFFFF).rcode() == 15);
    CHECK_FALSE(flags(0x8000).question());
  }

  TEST_CASE("a message that ends anywhere before its end is refused") {
    const Buffer whole = answer_for("www.example").done();
    REQUIRE(Message::from_wire(whole).ok());
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO(length);
      const auto got = Message::from_wire(Bytes(whole).first(length));
      REQUIRE_FALSE(got.ok());
      CHECK(got.problem().fault == Fault::Lookup);
    }
  }

  TEST_CASE("octets after the last record are refused") {
    CHECK(readable(answer_for("a")));
    CHECK_FALSE(readable(answer_for("a").u8(0)));
    CHECK_FALSE(readable(Writer().header(response, 0).u8(0)));
  }

  TEST_CASE("counts that promise more than there is are refused") {
    CHECK_FALSE(readable(Writer().header(response, 1)));
    CHECK_FALSE(readable(Writer().header(response, 0, 1)));
    CHECK_FALSE(readable(Writer().header(response, 0, 65535, 65535, 65535)));
    CHECK_FALSE(readable(Writer().header(response, 1, 2).question("a", 1).name("a").fixed(1, 1, 4).u32(0)));
  }

  TEST_CASE("RDATA that runs past the end is refused") {
    CHECK_FALSE(readable(Writer().header(response, 0, 1).name("a").fixed(16, 1, 5).hex("00000000")));
    CHECK_FALSE(readable(Writer().header(response, 0, 1).name("a").fixed(16, 1, 65535)));
  }
}

TEST_SUITE("Limits of a message") {
  TEST_CASE("more than one question is refused (RFC 9619)") {
    CHECK_FALSE(readable(Writer().header(response, 2).question("a", 1).question("a", 1)));
  }

  TEST_CASE("records are counted over all sections") {
    const auto with = [](unsigned answers, unsigned authorities, unsigned additionals) {
      Writer writer;
      writer.header(response, 0, answers, authorities, additionals);
      for (unsigned made = 0; made < answers + authorities + additionals; ++made)
        writer.name(".").fixed(16, 1, 0);
      return readable(writer);
    };
    CHECK(with(4096, 0, 0));
    CHECK(with(2000, 2000, 96));
    CHECK_FALSE(with(4097, 0, 0));
    CHECK_FALSE(with(2000, 2000, 97));
  }

  TEST_CASE("a message has at most 65535 octets") {
    const auto of = [](std::size_t octets) {
      const std::size_t rdata = octets - 12 - 1 - 10;
      return readable(Writer().header(response, 0, 1).name(".").fixed(16, 1, rdata).octets(Buffer(rdata)));
    };
    CHECK(of(65535));
    CHECK_FALSE(of(65536));
  }
}

TEST_SUITE("RFC 2181 section 8: TTL") {
  TEST_CASE("a TTL with its top bit set counts as 0") {
    for (const auto& [written, want] : {std::pair{0U, 0U}, std::pair{0x7FFFFFFFU, 0x7FFFFFFFU},
                                        std::pair{0x80000000U, 0U}, std::pair{0xFFFFFFFFU, 0U}}) {
      const auto got =
          Message::from_wire(Writer().header(response, 0, 1).name("a").fixed(16, written, 0).done());
      CHECK(got.value().answer().at(0).ttl == want);
    }
  }
}

TEST_SUITE("RFC 6891 section 6.1: OPT") {
  TEST_CASE("R-rcode: the upper bits of the rcode stand in the OPT record") {
    const auto rcode = [](unsigned flags, std::uint32_t ttl) {
      return Message::from_wire(
                 Writer().header(flags, 0, 0, 0, 1).name(".").u16(41).u16(1232).u32(ttl).u16(0).done())
          .value()
          .rcode();
    };
    CHECK(rcode(0x8000, 0x00000000) == 0);
    CHECK(rcode(0x8003, 0x00008000) == 3);
    CHECK(rcode(0x8000, 0x01000000) == 16);  // BADVERS
    CHECK(rcode(0x8007, 0x01000000) == 23);  // BADCOOKIE
    CHECK(rcode(0x800F, 0xFF000000) == 0xFFF);
  }

  TEST_CASE("two OPT records are refused, and one outside the additional section says nothing") {
    Writer two;
    two.header(response, 0, 0, 0, 2);
    for (int made = 0; made < 2; ++made) two.name(".").u16(41).u16(1232).u32(0).u16(0);
    CHECK_FALSE(readable(two));
    const auto misplaced = Message::from_wire(
        Writer().header(response, 0, 1).name(".").u16(41).u16(1232).u32(0x01000000).u16(0).done());
    CHECK(misplaced.value().rcode() == 0);
  }
}

TEST_SUITE("RFC 4034 section 3.1: RRSIG") {
  TEST_CASE("the fields of an RRSIG are read") {
    const Buffer rdata = Writer()
                             .u16(52)
                             .u8(13)
                             .u8(4)
                             .u32(0x80000001)
                             .u32(0xFFFFFFFF)
                             .u32(0x65000000)
                             .u16(20326)
                             .name("example")
                             .hex("aabbcc")
                             .done();
    const auto got = dnssec::Rrsig::from_rdata(rdata);
    REQUIRE(got.ok());
    CHECK(got->type_covered == RrType::Tlsa);
    CHECK(got->algorithm == 13);
    CHECK(got->labels == 4);
    CHECK(got->original_ttl == 0x80000001);
    CHECK(got->expiration == 0xFFFFFFFF);
    CHECK(got->inception == 0x65000000);
    CHECK(got->key_tag == 20326);
    CHECK(got->signer == name("example"));
    CHECK(to_hex(got->signature) == "aabbcc");
    // Everything before the signature must be there: 18 octets and the name of 9.
    for (std::size_t length = 0; length < 18 + 9; ++length) {
      CHECK_FALSE(dnssec::Rrsig::from_rdata(Bytes(rdata).first(length)).ok());
    }
    CHECK(dnssec::Rrsig::from_rdata(Bytes(rdata).first(18 + 9)).value().signature.empty());
  }

  TEST_CASE("a compressed signer's name is refused") {
    CHECK_FALSE(dnssec::Rrsig::from_rdata(Writer().octets(Buffer(18)).pointer(12).done()).ok());
  }
}
