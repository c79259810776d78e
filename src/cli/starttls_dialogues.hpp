// The dialogues behind starttls.hpp. Each ends after the server's go-ahead and throws a WireError where there
// is none.
#pragma once

#include <string>

#include "wire.hpp"

namespace danelaw::cli {

void smtp_dialogue(Wire& wire, const std::string& host);      ///< RFC 3207
void imap_dialogue(Wire& wire, const std::string& host);      ///< RFC 3501 section 6.2.1
void pop3_dialogue(Wire& wire, const std::string& host);      ///< RFC 2595 section 4
void ftp_dialogue(Wire& wire, const std::string& host);       ///< RFC 4217 section 4
void xmpp_dialogue(Wire& wire, const std::string& host);      ///< RFC 6120 section 5
void ldap_dialogue(Wire& wire, const std::string& host);      ///< RFC 4511 section 4.14
void postgres_dialogue(Wire& wire, const std::string& host);  ///< PostgreSQL protocol 3.0, SSLRequest

[[nodiscard]] WireError not_offered();
[[nodiscard]] WireError refused(const std::string& reply);

}  // namespace danelaw::cli
