// What is attached to an SSL_CTX: the settings, and the info callback that was the application's before.
//
// Kept in the SSL_CTX's ex_data and shared with the connections, because an SSL may be moved to another SSL_CTX
// (SSL_set_SSL_CTX) and keeps what it was named under. Immutable, so any number of threads may use it.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "hook/attach.hpp"

namespace danelaw::hook {

using InfoCallback = void (*)(const SSL* ssl, int where, int ret);
using SecurityCallback = int (*)(const SSL* ssl, const SSL_CTX* ctx, int operation, int bits, int nid,
                                 void* other, void* application_data);

struct Attachment {
  AttachSettings settings;
  InfoCallback application_info = nullptr;
  SecurityCallback application_security = nullptr;  ///< OpenSSL's own where the application has none
  SecurityCallback openssl_security = nullptr;
};
using SharedAttachment = std::shared_ptr<const Attachment>;

/// Null where the SSL_CTX is not attached.
[[nodiscard]] SharedAttachment attachment_of(const SSL_CTX* ctx);
[[nodiscard]] SharedAttachment attachment_of(const SSL* ssl);

/// False where there is no memory. Freed with the SSL_CTX, or by forget_attachment().
[[nodiscard]] bool keep_attachment(SSL_CTX* ctx, SharedAttachment attachment);
void forget_attachment(SSL_CTX* ctx);

}  // namespace danelaw::hook
