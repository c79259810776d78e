#include "starttls.hpp"

#include <algorithm>
#include <array>

#include "starttls_dialogues.hpp"

namespace danelaw::cli {
namespace {

constexpr std::array<StartTls, 7> protocols = {{{"smtp", 25, smtp_dialogue},
                                                {"imap", 143, imap_dialogue},
                                                {"pop3", 110, pop3_dialogue},
                                                {"ftp", 21, ftp_dialogue},
                                                {"xmpp", 5222, xmpp_dialogue},
                                                {"ldap", 389, ldap_dialogue},
                                                {"postgres", 5432, postgres_dialogue}}};

}  // namespace

const StartTls* find_starttls(std::string_view name) {
  for (const StartTls& protocol : protocols) {
    if (protocol.name == name) return &protocol;
  }
  return nullptr;
}

std::string starttls_names() {
  std::string names;
  for (const StartTls& protocol : protocols) {
    if (!names.empty()) names += &protocol == &protocols.back() ? " or " : ", ";
    names += protocol.name;
  }
  return names;
}

const StartTls* starttls_at(unsigned port) {
  const auto* const found = std::ranges::find(protocols, port, &StartTls::default_port);
  return found == protocols.end() ? nullptr : found;
}

WireError not_offered() { return WireError("the server does not offer STARTTLS"); }

WireError refused(const std::string& reply) { return WireError("the server refuses STARTTLS: " + reply); }

void start_tls(const StartTls& protocol, Wire& wire, const std::string& host) {
  protocol.dialogue(wire, host);
  // What was said in plain text must not count as said under TLS (RFC 3207 section 4.2).
  if (wire.has_unread())
    throw WireError("the server sent more after its go-ahead for TLS: taken for an injection");
}

}  // namespace danelaw::cli
