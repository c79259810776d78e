// What a server in the place of the fleet's store says: the same replies in whatever pieces it comes, none longer than allowed, and
// nothing after something that is no reply.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz_assert.hpp"
#include "policyd/redis_protocol.hpp"

using namespace danelaw::policyd;

namespace {

constexpr std::size_t most_octets = 4096;

struct Heard {
  std::vector<RedisReply> replies;
  bool is_broken = false;
};

Heard hear(std::string_view octets, std::size_t piece) {
  RedisReader reader(most_octets);
  Heard heard;
  for (; !octets.empty(); octets.remove_prefix(std::min(piece, octets.size()))) {
    const bool was_broken = reader.is_broken();
    FUZZ_ASSERT(!reader.feed(octets.substr(0, piece)) || !was_broken);
    while (auto reply = reader.next()) {
      FUZZ_ASSERT(!was_broken && reply->text.size() <= most_octets);
      heard.replies.push_back(*std::move(reply));
    }
  }
  heard.is_broken = reader.is_broken();
  return heard;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > most_octets) return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data + 1), size - 1);
  const Heard whole = hear(octets, most_octets);
  const Heard pieces = hear(octets, data[0] % 16 + 1U);
  FUZZ_ASSERT(whole.is_broken == pieces.is_broken && whole.replies.size() == pieces.replies.size());
  for (std::size_t at = 0; at < whole.replies.size(); ++at)
    FUZZ_ASSERT(whole.replies[at].kind == pieces.replies[at].kind &&
                whole.replies[at].text == pieces.replies[at].text);
  return 0;
}
