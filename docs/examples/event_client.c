/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS GET that accepts only the peers that DANE vouches for, driven by a poll loop that never blocks.
 *
 *   cc -std=c99 event_client.c -o event_client $(pkg-config --cflags --libs danelaw openssl)
 *   ./event_client HOST PORT [KEY=VALUE ...]
 *
 * What a client with an event loop does beside the ordinary: it sets "waiting" to "retry", it polls Danelaw's
 * descriptor while the lookup is on its way, and it takes SSL_ERROR_WANT_RETRY_VERIFY for one more reason to
 * wait. KEY=VALUE are Danelaw's settings, danelaw.conf(5). Exit status: 0 the peer was accepted, 1 it was
 * not, 2 usage.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <danelaw/openssl.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACCEPTED = 0, REFUSED = 1, USAGE = 2 };
enum { NETWORK_TIMEOUT = 10000 }; /* milliseconds without any progress */

enum step { CONNECTING, LOOKING_UP, SHAKING_HANDS, WRITING, READING, DONE, FAILED };

struct client {
  enum step step;
  int fd;
  struct addrinfo* next; /* the address to try where this one refuses */
  SSL* ssl;
  short events;  /* what to poll the socket for; 0: nothing */
  int await_dns; /* 1: poll Danelaw's descriptor */
  int accepted;
  char request[1024];
  int request_length;
};

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

/* Begins a connection to the next address; 0 where there is none left. */
static int begin_connect(struct client* client) {
  while (client->next != NULL) {
    const struct addrinfo* at = client->next;
    client->next = at->ai_next;
    client->fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
    if (client->fd < 0) continue;
    client->events = POLLOUT;
    if (fcntl(client->fd, F_SETFL, O_NONBLOCK) == 0 &&
        (connect(client->fd, at->ai_addr, at->ai_addrlen) == 0 || errno == EINPROGRESS))
      return 1;
    close(client->fd);
    client->fd = -1;
  }
  return 0;
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

/* What an SSL call that did not succeed is waiting for; 0 where it failed. */
static int wait_as_ssl_wants(struct client* client, int result) {
  switch (SSL_get_error(client->ssl, result)) {
    case SSL_ERROR_WANT_READ:
      client->events = POLLIN;
      return 1;
    case SSL_ERROR_WANT_WRITE:
      client->events = POLLOUT;
      return 1;
    case SSL_ERROR_WANT_RETRY_VERIFY: /* the certificate is here, the TLSA records are not */
      client->await_dns = 1;
      return 1;
    default:
      return 0;
  }
}

/* The steps return 1 when the next one can begin at once, 0 when there is something to wait for first. */

static int finish_connect(struct client* client) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  if (error == 0 && SSL_set_fd(client->ssl, client->fd) == 1) {
    client->step = LOOKING_UP;
    return 1;
  }
  close(client->fd);
  client->fd = -1;
  if (begin_connect(client)) return 0;
  fprintf(stderr, "cannot connect: %s\n", strerror(error));
  client->step = FAILED;
  return 1;
}

/* A handshake that begins before the base domain is known can take only the host itself for it, so wait. */
static int finish_lookup(struct client* client) {
  client->step = SHAKING_HANDS;
  client->await_dns = !danelaw_ssl_ready(client->ssl);
  return !client->await_dns;
}

static int continue_handshake(struct client* client) {
  const int result = SSL_connect(client->ssl);
  if (result != 1 && wait_as_ssl_wants(client, result)) return 0;
  print_verdict(client->ssl);
  client->accepted = result == 1;
  client->step = result == 1 ? WRITING : FAILED;
  if (result != 1) ERR_print_errors_fp(stderr);
  return 1;
}

static int continue_request(struct client* client) {
  const int result = SSL_write(client->ssl, client->request, client->request_length);
  if (result <= 0 && wait_as_ssl_wants(client, result)) return 0;
  client->step = result > 0 ? READING : DONE;
  return 1;
}

static int continue_answer(struct client* client) {
  char buffer[4096];
  const int result = SSL_read(client->ssl, buffer, sizeof buffer);
  if (result > 0) {
    fwrite(buffer, 1, (size_t)result, stdout);
    return 1;
  }
  if (wait_as_ssl_wants(client, result)) return 0;
  client->step = DONE;
  return 1;
}

/* Goes on until there is something to wait for. */
static void advance(struct client* client) {
  int at_once = 1;
  client->events = 0;
  client->await_dns = 0;
  while (at_once) {
    switch (client->step) {
      case CONNECTING:
        at_once = finish_connect(client);
        break;
      case LOOKING_UP:
        at_once = finish_lookup(client);
        break;
      case SHAKING_HANDS:
        at_once = continue_handshake(client);
        break;
      case WRITING:
        at_once = continue_request(client);
        break;
      case READING:
        at_once = continue_answer(client);
        break;
      case DONE:
      case FAILED:
        return;
    }
  }
}

static void loop(struct client* client) {
  while (client->step != DONE && client->step != FAILED) {
    struct pollfd wanted[2] = {{-1, 0, 0}, {-1, POLLIN, 0}}; /* poll() skips negative descriptors */
    int timeout = NETWORK_TIMEOUT;
    if (client->events != 0) {
      wanted[0].fd = client->fd;
      wanted[0].events = client->events;
    }
    if (client->await_dns) {
      wanted[1].fd = danelaw_ssl_descriptor(client->ssl);
      timeout = (int)danelaw_ssl_patience(client->ssl);
    }
    const int ready = poll(wanted, 2, timeout);
    if (ready < 0 && errno == EINTR) continue;
    /* A lookup out of time needs no care: the handshake, called again, fails by itself. */
    if (ready <= 0 && !client->await_dns) {
      fprintf(stderr, "timed out\n");
      return;
    }
    advance(client);
  }
}

static SSL_CTX* make_context(const danelaw_settings* settings) {
  danelaw_problem problem = {0, ""};
  danelaw_resolver* resolver = NULL;
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  if (ctx == NULL) return NULL;
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_default_verify_paths(ctx); /* for domains without DANE, and for usages 0 and 1 */
  if (danelaw_resolver_new(settings, &resolver, &problem) == DANELAW_OK &&
      danelaw_ssl_ctx_attach(ctx, resolver, settings, &problem) == DANELAW_OK) {
    danelaw_resolver_free(resolver); /* the context keeps it alive */
    return ctx;
  }
  fprintf(stderr, "%s\n", problem.text);
  danelaw_resolver_free(resolver);
  SSL_CTX_free(ctx);
  return NULL;
}

static int visit(SSL* ssl, const char* host, const char* port) {
  danelaw_problem problem = {0, ""};
  struct addrinfo hints;
  struct addrinfo* addresses = NULL;
  struct client client;
  memset(&hints, 0, sizeof hints);
  memset(&client, 0, sizeof client);
  client.step = CONNECTING;
  client.fd = -1;
  client.ssl = ssl;
  client.request_length = snprintf(client.request, sizeof client.request,
                                   "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
  if (client.request_length >= (int)sizeof client.request) return USAGE;

  /* First name the service: the TLSA lookup begins here and overlaps what follows. */
  const unsigned number = (unsigned)strtoul(port, NULL, 10);
  if (danelaw_ssl_set_service(ssl, host, number, DANELAW_TRANSPORT_TCP, &problem) != DANELAW_OK) {
    fprintf(stderr, "%s\n", problem.text);
    return USAGE;
  }
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(host, port, &hints, &addresses) == 0) { /* a real event loop's would not block */
    client.next = addresses;
    if (begin_connect(&client))
      loop(&client);
    else
      fprintf(stderr, "%s port %s: cannot connect\n", host, port);
    freeaddrinfo(addresses);
  } else {
    fprintf(stderr, "%s: no address\n", host);
  }
  if (client.fd >= 0) close(client.fd);
  return client.accepted ? ACCEPTED : REFUSED;
}

static int run(danelaw_settings* settings, const char* host, const char* port) {
  if (danelaw_settings_set(settings, "waiting", "retry", NULL) != DANELAW_OK) return REFUSED;
  SSL_CTX* ctx = make_context(settings);
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
