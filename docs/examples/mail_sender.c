/* SPDX-License-Identifier: Apache-2.0 */
/* A mail client that delivers one letter by RFC 7672, in C99: to the hosts of the recipient's domain in order, each with the
 * TLS that it requires, and never with less.
 *
 *   cc -std=c99 mail_sender.c -o mail_sender $(pkg-config --cflags --libs danelaw openssl)
 *   ./mail_sender SENDER RECIPIENT FILE [ROOT-SERVERS TRUST-ANCHORS]
 *
 * Exit status: 0 delivered, 1 refused for good, 2 usage, 75 try again later (sysexits.h: EX_TEMPFAIL).
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <danelaw/smtp.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { DELIVERED = 0, REFUSED = 1, USAGE = 2, LATER = 75, LINE = 1024, PATIENCE = 30, MOST_LINES = 100 };

/* A connection, in cleartext until `ssl` is there. Nothing is read ahead: what follows a line stays in the socket. */
typedef struct peer {
  int fd;
  SSL* ssl;
  char line[LINE]; /* the last line of the last reply */
  int offers_starttls;
} peer;

typedef struct letter {
  const char* sender;
  const char* recipient;
  FILE* file;
} letter;

static int write_all(peer* to, const char* text, size_t left) {
  while (left > 0) {
    const ssize_t done =
        to->ssl != NULL ? SSL_write(to->ssl, text, (int)left) : send(to->fd, text, left, MSG_NOSIGNAL);
    if (done <= 0) return 0;
    text += done;
    left -= (size_t)done;
  }
  return 1;
}

static int read_line(peer* from) {
  for (size_t n = 0; n + 1 < sizeof from->line; ++n) {
    const ssize_t got =
        from->ssl != NULL ? SSL_read(from->ssl, from->line + n, 1) : recv(from->fd, from->line + n, 1, 0);
    if (got != 1) break;
    from->line[n + 1] = '\0';
    if (from->line[n] == '\n') return 1;
  }
  snprintf(from->line, sizeof from->line, "the connection ended\n");
  return 0;
}

/* The code of a reply; 0 where there is none. */
static int reply(peer* from) {
  for (int lines = 0; lines < MOST_LINES && read_line(from); ++lines) {
    if (strncmp(from->line + 3, "-STARTTLS\r", 10) == 0 || strncmp(from->line + 3, " STARTTLS\r", 10) == 0)
      from->offers_starttls = 1;
    if (strspn(from->line, "0123456789") != 3) return 0;
    if (from->line[3] != '-') return atoi(from->line);
  }
  return 0;
}

static int command(peer* to, const char* verb, const char* argument) {
  char text[LINE];
  const int length = snprintf(text, sizeof text, "%s%s\r\n", verb, argument);
  if (length < 0 || (size_t)length >= sizeof text || !write_all(to, text, (size_t)length)) return 0;
  return reply(to);
}

/* RFC 3207. What arrives with the go-ahead was not said under TLS, and is taken for an attack. */
static int start_tls(peer* with, SSL_CTX* ctx, const danelaw_route* route, size_t host) {
  danelaw_problem problem = {0, ""};
  struct pollfd early = {with->fd, POLLIN, 0};
  if (command(with, "STARTTLS", "") != 220) return 0;
  if (poll(&early, 1, 0) != 0) {
    snprintf(with->line, sizeof with->line, "it said more than its go-ahead for TLS\n");
    return 0;
  }
  SSL* ssl = SSL_new(ctx);
  danelaw_verdict* verdict = NULL;
  int done = ssl != NULL && SSL_set_fd(ssl, with->fd) == 1;
  if (done && danelaw_ssl_set_route_host(ssl, route, host, &problem) != DANELAW_OK) {
    snprintf(with->line, sizeof with->line, "%s\n", problem.text);
    done = 0;
  } else if (done) {
    done = SSL_connect(ssl) == 1;
    snprintf(with->line, sizeof with->line, "the handshake failed\n");
    if (danelaw_ssl_get_verdict(ssl, &verdict) == DANELAW_OK)
      snprintf(with->line, sizeof with->line, "%s\n", danelaw_verdict_summary(verdict));
    danelaw_verdict_free(verdict);
  }
  if (done)
    with->ssl = ssl;
  else
    SSL_free(ssl);
  return done;
}

/* The letter's lines, with CR LF and a dot more where one stands first (RFC 5321 section 4.5.2). */
static int send_data(peer* to, FILE* file) {
  char text[LINE];
  int at_start = 1;
  rewind(file);
  while (fgets(text, sizeof text, file) != NULL) {
    size_t length = strcspn(text, "\r\n");
    const int whole = text[length] != '\0';
    if (at_start && text[0] == '.' && !write_all(to, ".", 1)) return 0;
    if (!write_all(to, text, length) || (whole && !write_all(to, "\r\n", 2))) return 0;
    at_start = whole;
  }
  return (at_start || write_all(to, "\r\n", 2)) && write_all(to, ".\r\n", 3) ? reply(to) : 0;
}

static int result_of(int code) { return code >= 500 ? REFUSED : LATER; }

static int hand_in(peer* to, const letter* what) {
  char path[LINE];
  snprintf(path, sizeof path, "<%s>", what->sender);
  int code = command(to, "MAIL FROM:", path);
  if (code / 100 != 2) return result_of(code);
  snprintf(path, sizeof path, "<%s>", what->recipient);
  code = command(to, "RCPT TO:", path);
  if (code / 100 != 2) return result_of(code);
  code = command(to, "DATA", "");
  if (code != 354) return result_of(code);
  code = send_data(to, what->file);
  return code / 100 == 2 ? DELIVERED : result_of(code);
}

/* What the requirement says, and nothing less. */
static int converse(peer* with, SSL_CTX* ctx, const danelaw_route* route, size_t host, const letter* what) {
  const int required = danelaw_route_requirement(route, host) != DANELAW_TLS_OPPORTUNISTIC;
  int code = reply(with);
  if (code != 220) return result_of(code);
  code = command(with, "EHLO ", "[127.0.0.1]");
  if (code != 250) return result_of(code);
  if (with->offers_starttls) {
    /* A handshake that fails leaves nothing to go on with, whatever is required. */
    if (!start_tls(with, ctx, route, host) || command(with, "EHLO ", "[127.0.0.1]") != 250) return LATER;
  } else if (required) {
    snprintf(with->line, sizeof with->line, "TLS is required, and STARTTLS is not offered\n");
    return LATER;
  }
  const int result = hand_in(with, what);
  if (result == DELIVERED)
    printf("delivered to %s: %s\n", danelaw_route_host(route, host),
           with->ssl == NULL                                                    ? "in cleartext"
           : danelaw_route_requirement(route, host) != DANELAW_TLS_AUTHENTICATE ? "encrypted"
           : danelaw_route_speaks_for_domain(route, host)
               ? "authenticated"
               : "to an authenticated host, not the domain's own choice");
  return result;
}

/* Each address in turn, until one gives an answer for good. */
static int try_host(SSL_CTX* ctx, const danelaw_route* route, size_t host, const letter* what) {
  const struct timeval patience = {PATIENCE, 0};
  struct addrinfo hints;
  struct addrinfo* list = NULL;
  char port[16];
  int result = LATER;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  snprintf(port, sizeof port, "%u", danelaw_route_port(route, host));
  if (getaddrinfo(danelaw_route_host(route, host), port, &hints, &list) != 0) return LATER;
  for (struct addrinfo* at = list; at != NULL && result == LATER; at = at->ai_next) {
    peer with = {socket(at->ai_family, at->ai_socktype, at->ai_protocol), NULL, "cannot connect\n", 0};
    if (with.fd < 0) continue;
    setsockopt(with.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(with.fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(with.fd, at->ai_addr, at->ai_addrlen) == 0) result = converse(&with, ctx, route, host, what);
    if (result != DELIVERED) fprintf(stderr, "%s: %s", danelaw_route_host(route, host), with.line);
    if (result == DELIVERED) command(&with, "QUIT", "");
    SSL_free(with.ssl);
    close(with.fd);
  }
  freeaddrinfo(list);
  return result;
}

static int deliver(const danelaw_route* route, const letter* what) {
  danelaw_problem problem = {0, ""};
  int result = danelaw_route_get_state(route) == DANELAW_ROUTE_NO_HOSTS ? REFUSED : LATER;
  if (danelaw_route_get_state(route) != DANELAW_ROUTE_USABLE) {
    fprintf(stderr, "%s: %s: %s\n", danelaw_route_domain(route), danelaw_route_code(route),
            danelaw_route_reason(route));
    for (size_t i = 0; i < danelaw_route_count(route); ++i)
      fprintf(stderr, "%s: %s\n", danelaw_route_host(route, i), danelaw_route_host_code(route, i));
    return result;
  }
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  if (ctx == NULL) return LATER;
  if (danelaw_ssl_ctx_attach(ctx, NULL, NULL, &problem) == DANELAW_OK) {
    for (size_t i = 0; i < danelaw_route_count(route) && result == LATER; ++i)
      if (danelaw_route_requirement(route, i) != DANELAW_DO_NOT_USE) result = try_host(ctx, route, i, what);
  }
  SSL_CTX_free(ctx);
  return result;
}

static int send_letter(const danelaw_settings* settings, const letter* what) {
  danelaw_problem problem = {0, ""};
  danelaw_resolver* resolver = NULL;
  danelaw_route* route = NULL;
  int result = LATER;
  const char* domain = strrchr(what->recipient, '@');
  if (domain == NULL) return USAGE;
  if (danelaw_resolver_new(settings, &resolver, &problem) != DANELAW_OK ||
      danelaw_smtp_plan(resolver, settings, domain + 1, &route, &problem) != DANELAW_OK)
    fprintf(stderr, "%s\n", problem.text);
  else
    result = deliver(route, what);
  danelaw_route_free(route);
  danelaw_resolver_free(resolver);
  return result;
}

/* A letter is read once for each host that is tried: from a pipe it is copied first. */
static FILE* open_letter(const char* path) {
  char octets[LINE];
  size_t count;
  FILE* given = fopen(path, "r");
  if (given == NULL || fseek(given, 0, SEEK_SET) == 0) return given;
  FILE* copy = tmpfile();
  while (copy != NULL && (count = fread(octets, 1, sizeof octets, given)) > 0)
    if (fwrite(octets, 1, count, copy) != count) break;
  const int whole = feof(given) && copy != NULL && !ferror(copy);
  fclose(given);
  if (whole) return copy;
  if (copy != NULL) fclose(copy);
  return NULL;
}

int main(int argc, char** argv) {
  const letter what = {argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "",
                       argc > 3 ? open_letter(argv[3]) : NULL};
  if ((argc != 4 && argc != 6) || what.file == NULL || strpbrk(what.sender, "\r\n<>") ||
      strpbrk(what.recipient, "\r\n<>")) {
    fprintf(stderr, "usage: %s SENDER RECIPIENT FILE [ROOT-SERVERS TRUST-ANCHORS]\n", argv[0]);
    return USAGE;
  }
  signal(SIGPIPE, SIG_IGN);
  danelaw_settings* settings = danelaw_settings_new();
  int result = settings == NULL ? LATER : DELIVERED;
  if (argc == 6 && (danelaw_settings_set(settings, "root_servers", argv[4], NULL) != DANELAW_OK ||
                    danelaw_settings_set(settings, "trust_anchors", argv[5], NULL) != DANELAW_OK))
    result = USAGE;
  if (result == DELIVERED) result = send_letter(settings, &what);
  danelaw_settings_free(settings);
  fclose(what.file);
  return result;
}
