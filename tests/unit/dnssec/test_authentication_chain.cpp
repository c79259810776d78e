#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "dnssec/authentication_chain.hpp"
#include "wire_writer.hpp"
#include "world.hpp"

using namespace danelaw;
using dnssec::DnssecChainExtension;
using dnssec::max_chain_octets;
using dnssec::read_chain;
using dnssec::ResourceRecord;
using dnssec::write_chain;
using wire::Writer;

namespace {

/// An A record.
Writer& put(Writer& writer, std::string_view owner) {
  return writer.name(owner).fixed(1, 300, 4).u32(0x0A350001);
}

std::string problem_of(const Writer& writer) {
  const auto chain = read_chain(writer.done());
  return chain ? "" : chain.problem().text;
}

bool complains(const Writer& writer, std::string_view what) {
  return problem_of(writer).find(what) != std::string::npos;
}

/// Each record once.
lab::Records made_proof() {
  lab::Records all;
  for (const ResourceRecord& record :
       lab::common_world().collect(lab::question("_443._tcp.www.n1.example"))) {
    if (std::ranges::find(all, record) == all.end()) all.push_back(record);
  }
  return all;
}

const lab::Records& proof() {
  static const lab::Records records = made_proof();
  return records;
}

}  // namespace

TEST_SUITE("RFC 9102 section 2.3: authentication chains") {
  TEST_CASE("records are read as they stand, to the end") {
    Writer writer;
    put(writer, "WWW.example");
    writer.name("example").fixed(2, 0x80000001, 12).name("NS.eXample");
    const auto got = read_chain(writer.done());
    REQUIRE(got.ok());
    REQUIRE(got->size() == 2);
    CHECK(got->front() == ResourceRecord{DnsName::from_text("www.example").value(), RrType::A, 1, 300,
                                         from_hex("0A350001").value()});
    CHECK(got->back().ttl == 0);
    CHECK(equal(got->back().rdata, DnsName::from_text("ns.example").value().wire()));
  }

  TEST_CASE("what is no chain is refused, and says where") {
    Writer fine;
    put(fine, "www.example");
    for (std::size_t length = 0; length < fine.position(); ++length) {
      INFO(length);
      CHECK_FALSE(read_chain(Bytes(fine.done()).first(length)).ok());
    }
    CHECK(complains(Writer(), "it is empty"));
    CHECK(complains(Writer(fine).u8(0), "record 2: it ends in its fixed fields"));
    CHECK(complains(Writer(fine).label("www"), "record 2: its owner"));
    CHECK(complains(Writer(fine).name("x").fixed(1, 1, 5).u32(1), "record 2: its data run over the end"));
    CHECK(complains(Writer(fine).name("x").u16(1).u16(3).u32(1).u16(4).u32(1), "its class is not IN"));
  }

  TEST_CASE("compressed names are refused, in owners and in RDATA") {
    Writer fine;
    put(fine, "www.example");
    CHECK(complains(Writer(fine).pointer(0).fixed(1, 1, 4).u32(1), "its owner"));
    CHECK(complains(Writer(fine).label("a").pointer(12).fixed(1, 1, 4).u32(1), "its owner"));
    // A pointer that would lead to a name inside the RDATA, were it a message.
    CHECK(complains(Writer(fine).name("x").fixed(15, 1, 2 + 13 + 2).u16(1).name("aaaaaaaaaaa").pointer(12),
                    "is compressed"));
    CHECK(complains(Writer(fine).name("x").fixed(5, 1, 2).pointer(0), "is compressed"));
    CHECK(complains(Writer(fine).name("x").fixed(14, 1, 27 + 2).name("aaaaaaaaaaaaaaaaaaaaaaaaa").pointer(12),
                    "is compressed"));
  }

  TEST_CASE("R-limits: octets and records are bounded") {
    Writer many;
    for (std::size_t count = 0; count < dnssec::max_chain_records; ++count) many.u8(0).fixed(16, 1, 0);
    CHECK(read_chain(many.done()).ok());
    CHECK(complains(many.u8(0).fixed(16, 1, 0), "more than 4096 records"));
    Writer longest;
    longest.u8(0).fixed(16, 1, max_chain_octets - 11).octets(Buffer(max_chain_octets - 11));
    CHECK(read_chain(longest.done()).ok());
    CHECK_FALSE(read_chain(Buffer(max_chain_octets + 1)).ok());
    const ResourceRecord large{DnsName(), RrType::Txt, 1, 1, Buffer(max_chain_octets - 10)};
    CHECK_FALSE(write_chain({&large, 1}).ok());
    CHECK_FALSE(write_chain({}).ok());
  }

  TEST_CASE("what is written is read back as the same records, whatever their order") {
    const auto wire = write_chain(proof());
    REQUIRE(wire.ok());
    lab::Records twice = proof();
    std::ranges::reverse(twice);
    lab::append(twice, proof());
    CHECK(write_chain(twice).value() == *wire);
    const auto back = read_chain(*wire);
    REQUIRE(back.ok());
    CHECK(std::ranges::is_permutation(*back, proof()));
    CHECK(write_chain(*back).value() == *wire);
  }

  TEST_CASE("an RRset comes before its signatures, and the root's keys come last") {
    const auto back = read_chain(write_chain(proof()).value());
    REQUIRE(back.ok());
    CHECK(back->front().type == RrType::Tlsa);
    CHECK((*back)[1].type == RrType::Rrsig);
    CHECK(back->back().owner.is_root());
    CHECK(back->back().type == RrType::Rrsig);
  }
}

TEST_SUITE("RFC 9102 section 2.3: extension_data") {
  TEST_CASE("R9102-2a: the support lifetime, then the chain with its length in front") {
    const DnssecChainExtension extension{720, proof()};
    const auto wire = extension.to_wire();
    REQUIRE(wire.ok());
    const auto chain = write_chain(proof()).value();
    Writer want;
    CHECK(want.u16(720).u16(static_cast<unsigned>(chain.size())).octets(chain).done() == *wire);
    const auto back = DnssecChainExtension::from_wire(*wire);
    REQUIRE(back.ok());
    CHECK(back->support_lifetime == 720);
    CHECK(std::ranges::is_permutation(back->records, proof()));
  }

  TEST_CASE("without the length, as the examples of the RFC have it, it is read too") {
    Writer writer;
    writer.u16(7).octets(write_chain(proof()).value());
    const auto back = DnssecChainExtension::from_wire(writer.done());
    REQUIRE(back.ok());
    CHECK(back->support_lifetime == 7);
    CHECK(std::ranges::is_permutation(back->records, proof()));
  }

  TEST_CASE("a first label that could be a length does no harm") {
    // 0x0261: a label of two octets, and the length of what follows it.
    Writer writer;
    const std::size_t length = 0x261 - 2 - 10;
    writer.u16(0).name("ab").fixed(16, 1, length).octets(Buffer(length));
    REQUIRE(writer.position() == 2 + 2 + 0x261);
    const auto got = DnssecChainExtension::from_wire(writer.done());
    REQUIRE(got.ok());
    CHECK(got->records.front().owner.to_text() == "ab");
  }

  TEST_CASE("cut anywhere, or longer than it says, it is refused") {
    const auto wire = DnssecChainExtension{0, proof()}.to_wire().value();
    for (std::size_t length = 0; length < wire.size(); ++length) {
      INFO(length);
      CHECK_FALSE(DnssecChainExtension::from_wire(Bytes(wire).first(length)).ok());
    }
    Buffer longer = wire;
    longer.push_back(0);
    CHECK_FALSE(DnssecChainExtension::from_wire(longer).ok());
    CHECK_FALSE(DnssecChainExtension::from_wire(from_hex("00000000").value()).ok());
  }
}
