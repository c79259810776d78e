// From the validator's verdict to an Answer: the border where insecure records are dropped, and where lifetimes are capped.
#pragma once

#include <span>

#include "dns/answer.hpp"
#include "dnssec/judgement.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dns {

/// `beside` are the records that came with the answer; an SOA among them bounds how long a denial lasts (RFC 2308 section 5), which
/// needs no proof because it can only make it shorter. For Missing see Chase.
[[nodiscard]] Answer answer_of(const dnssec::Verdict& verdict, std::span<const dnssec::ResourceRecord> beside,
                               EpochSeconds now);
/// The same for a reply to the question itself.
[[nodiscard]] Answer answer_of(const dnssec::Verdict& verdict, const dnssec::Message& reply,
                               EpochSeconds now);

/// The same where the reply is not at hand: how long a denial lasts is then for the caller to know.
[[nodiscard]] Answer answer_of(const dnssec::Verdict& verdict, EpochSeconds now);

}  // namespace danelaw::dns
