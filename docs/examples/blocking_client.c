/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS GET that accepts only the peers that DANE vouches for, with blocking sockets, in C99.
 *
 *   cc -std=c99 blocking_client.c -o blocking_client $(pkg-config --cflags --libs danelaw openssl)
 *   ./blocking_client HOST PORT [KEY=VALUE ...]
 *
 * KEY=VALUE are Danelaw's settings, danelaw.conf(5): "mode=mandatory", "trust_anchors=/etc/anchors".
 * Exit status: 0 the peer was accepted, 1 it was not, 2 usage.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <danelaw/openssl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACCEPTED = 0, REFUSED = 1, USAGE = 2 };

/* "key=value" into the settings. */
static int apply_setting(danelaw_settings* settings, const char* argument) {
  danelaw_problem problem = {0, ""};
  char key[64];
  const char* equals = strchr(argument, '=');
  if (equals == NULL || (size_t)(equals - argument) >= sizeof key) {
    fprintf(stderr, "%s: KEY=VALUE is needed\n", argument);
    return 0;
  }
  memcpy(key, argument, (size_t)(equals - argument));
  key[equals - argument] = '\0';
  if (danelaw_settings_set(settings, key, equals + 1, &problem) == DANELAW_OK) return 1;
  fprintf(stderr, "%s\n", problem.text);
  return 0;
}

/* The first address that takes the connection; -1 where none does. */
static int connect_to(const char* host, const char* port) {
  struct addrinfo hints;
  struct addrinfo* list = NULL;
  int fd = -1;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(host, port, &hints, &list) != 0) return -1;
  for (struct addrinfo* at = list; at != NULL && fd < 0; at = at->ai_next) {
    fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
    if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
      close(fd);
      fd = -1;
    }
  }
  freeaddrinfo(list);
  return fd;
}

/* A context as for any TLS client, and one call more. */
static SSL_CTX* make_context(danelaw_resolver* resolver, const danelaw_settings* settings) {
  danelaw_problem problem = {0, ""};
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  if (ctx == NULL) return NULL;
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_default_verify_paths(ctx); /* for domains without DANE, and for usages 0 and 1 */
  if (danelaw_ssl_ctx_attach(ctx, resolver, settings, &problem) == DANELAW_OK) return ctx;
  fprintf(stderr, "%s\n", problem.text);
  SSL_CTX_free(ctx);
  return NULL;
}

/* A verdict is about the certificate: the peer is accepted only if the handshake succeeded as well. */
static void print_verdict(const SSL* ssl) {
  danelaw_verdict* verdict = NULL;
  if (danelaw_ssl_get_verdict(ssl, &verdict) != DANELAW_OK) {
    printf("no verdict was reached\n");
    return;
  }
  printf("%s\n", danelaw_verdict_summary(verdict));
  danelaw_verdict_free(verdict);
}

static void get_page(SSL* ssl, const char* host) {
  char buffer[4096];
  const int length =
      snprintf(buffer, sizeof buffer, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
  if (length < 0 || (size_t)length >= sizeof buffer || SSL_write(ssl, buffer, length) <= 0) return;
  for (int got = 0; (got = SSL_read(ssl, buffer, sizeof buffer)) > 0;) {
    fwrite(buffer, 1, (size_t)got, stdout);
  }
  SSL_shutdown(ssl);
}

static int visit(SSL* ssl, const char* host, const char* port) {
  danelaw_problem problem = {0, ""};
  int result = REFUSED;

  /* First name the service: the TLSA lookup begins here and overlaps the TCP connection. */
  const unsigned number = (unsigned)strtoul(port, NULL, 10);
  if (danelaw_ssl_set_service(ssl, host, number, DANELAW_TRANSPORT_TCP, &problem) != DANELAW_OK) {
    fprintf(stderr, "%s\n", problem.text);
    return USAGE;
  }
  const int fd = connect_to(host, port);
  if (fd < 0) {
    fprintf(stderr, "%s port %s: cannot connect\n", host, port);
    return REFUSED;
  }
  if (SSL_set_fd(ssl, fd) == 1 && SSL_connect(ssl) == 1) {
    print_verdict(ssl);
    get_page(ssl, host);
    result = ACCEPTED;
  } else {
    print_verdict(ssl);
    ERR_print_errors_fp(stderr);
  }
  close(fd);
  return result;
}

static int run(const danelaw_settings* settings, const char* host, const char* port) {
  danelaw_problem problem = {0, ""};
  danelaw_resolver* resolver = NULL;
  if (danelaw_resolver_new(settings, &resolver, &problem) != DANELAW_OK) {
    fprintf(stderr, "%s\n", problem.text);
    return REFUSED;
  }
  SSL_CTX* ctx = make_context(resolver, settings);
  danelaw_resolver_free(resolver); /* the context keeps it alive */
  SSL* ssl = ctx == NULL ? NULL : SSL_new(ctx);
  const int result = ssl == NULL ? REFUSED : visit(ssl, host, port);
  SSL_free(ssl);
  SSL_CTX_free(ctx);
  return result;
}

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s HOST PORT [KEY=VALUE ...]\n", argv[0]);
    return USAGE;
  }
  signal(SIGPIPE, SIG_IGN);
  danelaw_settings* settings = danelaw_settings_new();
  int result = settings == NULL ? REFUSED : ACCEPTED;
  for (int i = 3; i < argc && result == ACCEPTED; ++i) {
    if (!apply_setting(settings, argv[i])) result = USAGE;
  }
  if (result == ACCEPTED) result = run(settings, argv[1], argv[2]);
  danelaw_settings_free(settings);
  return result;
}
