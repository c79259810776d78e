/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

SSL_CTX* verifying_context(void) {
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  if (ctx == NULL) return NULL;
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
  if (SSL_CTX_set_default_verify_paths(ctx) == 1) return ctx;
  SSL_CTX_free(ctx);
  return NULL;
}

static int connected_socket(const char* host) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  struct addrinfo* addresses = NULL;
  if (getaddrinfo(host, "443", &hints, &addresses) != 0) return -1;
  int descriptor = -1;
  for (const struct addrinfo* address = addresses; address != NULL && descriptor < 0;
       address = address->ai_next) {
    descriptor = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (descriptor < 0 || connect(descriptor, address->ai_addr, address->ai_addrlen) == 0) continue;
    close(descriptor);
    descriptor = -1;
  }
  freeaddrinfo(addresses);
  return descriptor;
}

int shakes_hands(SSL_CTX* ctx, const char* host) { return shakes_hands_and(ctx, host, NULL); }

int shakes_hands_and(SSL_CTX* ctx, const char* host, void (*look)(const SSL* ssl)) {
  const int descriptor = connected_socket(host);
  if (descriptor < 0) return 0;
  int done = 0;
  SSL* ssl = SSL_new(ctx);
  if (ssl != NULL && SSL_set_fd(ssl, descriptor) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1 &&
      SSL_set1_host(ssl, host) == 1) {
    done = SSL_connect(ssl) == 1;
    if (look != NULL) look(ssl);
    if (done) SSL_shutdown(ssl);
  }
  SSL_free(ssl);
  close(descriptor);
  return done;
}
