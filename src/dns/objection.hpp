// What a reply is worth before anything in it is believed: whether it is one to the question at all (RFC 5452 section 9.1), and what its
// rcode is called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dns/answer.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dns {

/// Why a message is no reply to this question, as it reads after "sent"; nothing where it is one.
[[nodiscard]] std::optional<std::string> objection_to(const dnssec::Message& message,
                                                      const Question& question);

[[nodiscard]] std::string rcode_name(std::uint16_t rcode);

}  // namespace danelaw::dns
