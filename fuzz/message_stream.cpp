// What a resolver sends over TCP or TLS: however the octets are cut into pieces, the messages are the same, they and what is left of
// them are all of the octets, and never more is kept than the beginning of one message.
#include "dns/message_stream.hpp"

#include <algorithm>
#include <vector>

#include "fuzz_assert.hpp"

using namespace danelaw;
using danelaw::dns::MessageStream;

namespace {

constexpr std::size_t length_octets = 2;
constexpr std::size_t most_kept = length_octets + 0xFFFF - 1;

/// The messages of `octets`, in pieces of the lengths that `piece` gives.
template <class Piece>
std::vector<Buffer> messages_of(Bytes octets, const Piece& piece) {
  std::vector<Buffer> messages;
  MessageStream stream;
  std::size_t all = 0;
  Bytes rest = octets;
  while (!rest.empty()) {
    const std::size_t size = std::clamp<std::size_t>(piece(), 1, rest.size());
    stream.append(rest.first(size));
    rest = rest.subspan(size);
    while (auto message = stream.next()) {
      all += length_octets + message->size();
      messages.push_back(std::move(*message));
    }
    FUZZ_ASSERT(stream.kept() <= most_kept);
    FUZZ_ASSERT(all + stream.kept() == octets.size() - rest.size());
    FUZZ_ASSERT(!stream.next());
  }
  return messages;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes octets(data, size);
  const auto whole = messages_of(octets, [size] { return size; });
  FUZZ_ASSERT(messages_of(octets, [] { return std::size_t{1}; }) == whole);
  // Pieces as the octets themselves have it, so that an engine can choose them.
  std::size_t at = 0;
  const auto as_told = [&] { return std::size_t{data[at++ % size]} + 1; };
  FUZZ_ASSERT(messages_of(octets, as_told) == whole);
  Buffer again;
  for (const Buffer& message : whole) {
    again.push_back(static_cast<std::uint8_t>(message.size() >> 8));
    again.push_back(static_cast<std::uint8_t>(message.size()));
    again.insert(again.end(), message.begin(), message.end());
  }
  FUZZ_ASSERT(again.size() <= size && equal(octets.first(again.size()), again));
  return 0;
}
