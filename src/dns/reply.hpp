// What a validator's status and a whole DNS message make of a question. Pure: no I/O, no clock of its own.
//
// Records are taken only from the name at the end of the alias chain that began at the question's name, walked here
// over CNAME (RFC 1034 section 3.6.2) and DNAME (RFC 6672) whatever the message's order: that a message was validated
// does not say that what it holds answers the question. Rcodes other than NOERROR and NXDOMAIN are failures whatever
// the status (R-rcode).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "dns/answer.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dns {

/// What the validator says of the whole message.
enum class ValidationStatus { Secure, Bogus, Indeterminate, Insecure };

/// Aliases followed from the question's name; one more is LookupFault::Limit.
inline constexpr std::size_t max_alias_hops = 16;
/// How long an answer may be used at most, whatever its TTL says.
inline constexpr std::chrono::seconds max_positive_lifetime = std::chrono::hours(24);
inline constexpr std::chrono::seconds max_denial_lifetime = std::chrono::hours(1);
inline constexpr std::chrono::seconds max_insecure_lifetime = std::chrono::minutes(15);

[[nodiscard]] Answer judge_reply(const Question& question, ValidationStatus status, Bytes message,
                                 EpochSeconds now);

/// What an unsigned message says to a question about MX or SRV; null for other types, and where its aliases lead nowhere.
[[nodiscard]] SharedReferral referral_in(const Question& question, const dnssec::Message& message);

/// How long an SOA lets denials last (RFC 2308 section 5); nothing for other records.
[[nodiscard]] std::optional<std::int64_t> denial_lifetime(const dnssec::ResourceRecord& record);

/// True where `message` is a response whose question is `question`.
[[nodiscard]] bool responds_to(const Question& question, Bytes message);

}  // namespace danelaw::dns
