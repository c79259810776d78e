#include <doctest/doctest.h>

#include "base/bytes.hpp"

using namespace danelaw;

TEST_SUITE("Octets that we do not trust") {
  TEST_CASE("a reader hands out what is there, in network byte order, and ends at the end") {
    const Buffer octets{0x01, 0x02, 0x03, 0x80, 0x00, 0x00, 0x05, 0xAA, 0xBB};
    ByteReader reader{octets};
    CHECK(reader.take_u8() == 0x01);
    CHECK(reader.take_u16() == 0x0203);
    CHECK(reader.take_u32() == 0x80000005U);
    CHECK(reader.remaining() == 2);
    CHECK(equal(reader.take_rest(), Buffer{0xAA, 0xBB}));
    CHECK(reader.remaining() == 0);
    CHECK(reader.take_rest().empty());
  }

  TEST_CASE("a read past the end returns nothing and moves nothing") {
    const Buffer octets{0x01, 0x02, 0x03};
    ByteReader reader{octets};
    CHECK_FALSE(reader.take(4));
    CHECK_FALSE(reader.take_u32());
    CHECK_FALSE(reader.take(static_cast<std::size_t>(-1)));
    CHECK(reader.remaining() == 3);
    CHECK(reader.take_u16() == 0x0102);
    CHECK_FALSE(reader.take_u16());
    CHECK(reader.take_u8() == 0x03);
    CHECK_FALSE(reader.take_u8());
    CHECK(reader.take(0));
  }

  TEST_CASE("octets are equal where length and all of them are") {
    CHECK(equal(Bytes{}, Bytes{}));
    CHECK(equal(Buffer{1, 2}, Buffer{1, 2}));
    CHECK_FALSE(equal(Buffer{1, 2}, Buffer{1, 3}));
    CHECK_FALSE(equal(Buffer{1, 2}, Buffer{1, 2, 3}));
    CHECK_FALSE(equal(Buffer{1, 2}, Bytes{}));
    CHECK(equal(as_bytes("ab"), to_buffer(as_bytes("ab"))));
  }
}
