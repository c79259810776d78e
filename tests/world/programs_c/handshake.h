/* SPDX-License-Identifier: Apache-2.0 */
/* What a plain OpenSSL client does: verify the peer and its name. */
#ifndef PROGRAMS_C_HANDSHAKE_H
#define PROGRAMS_C_HANDSHAKE_H

#include <openssl/ssl.h>

/* One that trusts the system's authorities; NULL on failure. */
SSL_CTX* verifying_context(void);

/* 1 where a handshake with port 443 of `host` succeeds. */
int shakes_hands(SSL_CTX* ctx, const char* host);

/* The same; `look` is called when the handshake is over, however it ended. */
int shakes_hands_and(SSL_CTX* ctx, const char* host, void (*look)(const SSL* ssl));

#endif
