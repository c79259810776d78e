// The tag of a TLS session, which may come from a file: one that allows anything says so in the very octets that we write, and
// allows a plan alone that decides as its own did.
#include "hook/session_tag.hpp"

#include "fuzz_assert.hpp"

using namespace danelaw;
using hook::SessionTag;

namespace {

verify::Plan make_plan() {
  verify::Plan plan;
  plan.service = {"www.example", 443, tlsa::Transport::Tcp};
  plan.base_domain = "www.example";
  plan.reference_identifiers = {"www.example"};
  const Buffer rdata = [] {
    Buffer octets{3, 1, 1};
    octets.resize(octets.size() + 32);
    return octets;
  }();
  plan.evidence = tlsa::outcome_of(tlsa::RecordSet::from_rdatas({&rdata, 1}, tlsa::Usages::All));
  return plan;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const verify::Plan plan = make_plan();
  static const Buffer own_octets = SessionTag::for_plan(SessionTag::Kind::Authenticated, plan).serialize();
  FUZZ_ASSERT(SessionTag::parse(own_octets)->allows(plan, 0));
  const Bytes octets(data, size);
  const auto tag = SessionTag::parse(octets);
  if (!tag || tag->kind() == SessionTag::Kind::Unresumable) {
    FUZZ_ASSERT(!tag || !tag->allows(plan, 0));
    return 0;
  }
  FUZZ_ASSERT(equal(tag->serialize(), octets));
  if (!tag->allows(plan, 0)) return 0;
  const SessionTag own = SessionTag::for_plan(tag->kind(), plan);
  // The end of both is when they expire.
  const Buffer expected = own.serialize();
  FUZZ_ASSERT(expected.size() == octets.size());
  const std::size_t decides = octets.size() - sizeof(EpochSeconds);
  FUZZ_ASSERT(equal(octets.first(decides), Bytes(expected).first(decides)));
  return 0;
}
