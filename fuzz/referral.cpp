// MX and SRV RDATA, and what is made of a set of it. An input is a row of RDATAs, each with its length in an octet in front;
// what does not fit is the last one.
#include "service/referral.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "base/ip_address.hpp"
#include "dns/referral.hpp"
#include "fuzz_assert.hpp"

using danelaw::Buffer;
using danelaw::ByteReader;
using danelaw::Bytes;
using danelaw::DnsName;
using namespace danelaw;

namespace {

void append(Buffer& out, std::uint16_t number) {
  out.push_back(static_cast<std::uint8_t>(number >> 8));
  out.push_back(static_cast<std::uint8_t>(number));
}

/// The octets with the letters of names in lower case, as DnsName keeps them.
bool same_but_for_case(Bytes a, Bytes b, std::size_t numbers) {
  if (a.size() != b.size() || !equal(a.first(numbers), b.first(numbers))) return false;
  return std::equal(a.begin(), a.end(), b.begin(), [](std::uint8_t x, std::uint8_t y) {
    const auto low = [](std::uint8_t c) {
      return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c + 32) : c;
    };
    return low(x) == low(y);
  });
}

void check_rdata(Bytes rdata) {
  if (const auto mx = dns::mx_from_rdata(rdata)) {
    Buffer again;
    append(again, mx->preference);
    again.insert(again.end(), mx->exchange.wire().begin(), mx->exchange.wire().end());
    FUZZ_ASSERT(same_but_for_case(again, rdata, 2));
  }
  if (const auto srv = dns::srv_from_rdata(rdata)) {
    Buffer again;
    for (const std::uint16_t number : {srv->priority, srv->weight, srv->port}) append(again, number);
    again.insert(again.end(), srv->target.wire().begin(), srv->target.wire().end());
    FUZZ_ASSERT(same_but_for_case(again, rdata, 6));
    // Whole or not at all: an octet less or more is no record.
    FUZZ_ASSERT(!dns::srv_from_rdata(rdata.first(rdata.size() - 1)));
    again.push_back(0);
    FUZZ_ASSERT(!dns::srv_from_rdata(again));
  }
}

void check_hosts(const service::ReferralResult& result, std::size_t records, bool once) {
  const auto* referral = std::get_if<service::Referral>(&result);
  if (referral == nullptr) {
    FUZZ_ASSERT(!std::get<service::NoReferral>(result).code.empty());
    return;
  }
  const auto& candidates = referral->candidates;
  FUZZ_ASSERT(!candidates.empty() && candidates.size() <= service::max_candidates);
  FUZZ_ASSERT(referral->implicit || candidates.size() + referral->left_out <= records);
  std::set<std::string> hosts;
  for (const auto& candidate : candidates) {
    FUZZ_ASSERT(candidate.host != "." || !candidate.is_host_name);
    FUZZ_ASSERT(!candidate.is_host_name || !is_address_literal(candidate.host));
    FUZZ_ASSERT(candidate.port != 0);
    FUZZ_ASSERT(!once || hosts.insert(candidate.host).second);
  }
  FUZZ_ASSERT(std::is_sorted(candidates.begin(), candidates.end(),
                             [](const auto& a, const auto& b) { return a.preference < b.preference; }));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_records = 300;
  std::vector<Buffer> rdatas;
  ByteReader reader({data, size});
  while (reader.remaining() > 0 && rdatas.size() < most_records) {
    const auto length = reader.take_u8();
    const auto octets = length ? reader.take(*length) : std::nullopt;
    rdatas.push_back(to_buffer(octets ? *octets : reader.take_rest()));
  }
  for (const Buffer& rdata : rdatas) check_rdata(rdata);

  const DnsName domain = DnsName::from_text("domain.example").value();
  std::uint32_t state = static_cast<std::uint32_t>(size);
  const service::Random random = [&state](std::uint32_t bound) {
    FUZZ_ASSERT(bound > 0);
    state = state * 1664525U + 1013904223U;
    return state % bound;
  };
  const dns::Answer answer = dns::SecureRrset{domain, rdatas, 300, 1'800'000'000};
  check_hosts(service::mx_referral(domain, 25, answer, random), rdatas.size(), true);
  check_hosts(service::srv_referral(answer, random), rdatas.size(), false);
  return 0;
}
