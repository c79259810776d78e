#include "dns/objection.hpp"

#include "dns/rcode.hpp"

namespace danelaw::dns {

std::optional<std::string> objection_to(const dnssec::Message& message, const Question& question) {
  constexpr std::uint8_t query = 0;
  if (!message.is_response()) return "a reply that is none";
  if (message.opcode() != query) return "a reply to no query";
  const auto& asked = message.question();
  const bool refused = message.rcode() != noerror && message.rcode() != nxdomain;
  if (!asked && refused) return std::nullopt;  // one that cannot read a question leaves it out
  if (!asked || asked->name != question.name || asked->type != question.type ||
      asked->dns_class != dnssec::class_in)
    return "a reply to another question";
  if (message.truncated()) return "a reply that was cut";
  return std::nullopt;
}

std::string rcode_name(std::uint16_t rcode) {
  switch (rcode) {
    case 1:
      return "FORMERR";
    case 2:
      return "SERVFAIL";
    case 4:
      return "NOTIMP";
    case 5:
      return "REFUSED";
    case 6:
      return "YXDOMAIN";
    default:
      return "rcode " + std::to_string(rcode);
  }
}

}  // namespace danelaw::dns
