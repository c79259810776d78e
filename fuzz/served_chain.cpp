// The extension by which a server proves its records, as a hostile one may send it: whatever the octets are, what comes out was
// signed. The first octet chooses a service of the common world, the rest is the extension's data.
#include <algorithm>

#include "dns/served_chain.hpp"
#include "fuzz_assert.hpp"
#include "served_chain_input.hpp"

using namespace danelaw;
using served_chain_input::services;

namespace {

/// What the world's own records say, or nothing.
const std::vector<std::optional<dns::ServedAnswer>>& truth() {
  static const auto made = [] {
    std::vector<std::optional<dns::ServedAnswer>> all;
    for (const auto& service : services()) {
      const auto answer = dns::judge_served_chain(service, served_chain_input::proof_of(service),
                                                  lab::common_world().anchors(), lab::now);
      all.push_back(answer ? std::optional(*answer) : std::nullopt);
    }
    return all;
  }();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t index = data[0] % services().size();
  const auto answer = dns::judge_served_chain(services()[index], Bytes(data + 1, size - 1),
                                              lab::common_world().anchors(), lab::now);
  if (!answer) return 0;
  // The world's keys have signed one truth about each service, and nobody else can sign.
  FUZZ_ASSERT(truth()[index].has_value());
  const dns::TlsaResult& got = answer->answer.result;
  const dns::TlsaResult& want = truth()[index]->answer.result;
  FUZZ_ASSERT(got.index() == want.index());
  FUZZ_ASSERT(!std::holds_alternative<tlsa::LookupError>(got));
  if (const auto* found = std::get_if<dns::TlsaFound>(&got))
    FUZZ_ASSERT(found->rdatas == std::get<dns::TlsaFound>(want).rdatas);
  FUZZ_ASSERT(answer->answer.base_domain == services()[index].host);
  FUZZ_ASSERT(answer->answer.expires >= lab::now);
  return 0;
}
