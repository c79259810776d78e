/* SPDX-License-Identifier: Apache-2.0 */
/* A TLS server that proves its TLSA records in the handshake (RFC 9102): what is in a file it sends as extension 59, with
 * the ServerHello of TLS 1.2 and with the certificate of TLS 1.3, to clients that ask for it.
 *
 *   chain_server ADDRESS PORT CERTIFICATES KEY EXTENSION_DATA [INDEX]
 *
 * EXTENSION_DATA holds ExtSupportLifetime and the chain with its length; "-" sends none. INDEX is of the certificate that
 * carries it in TLS 1.3, for clients that must look at the first only. For each connection one line goes to standard output:
 * "asked PORT" or "not asked", then "served" or "ended". The answer to every request is "proved" or "plain".
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { extension = 59, seconds_for_a_client = 5 };

static unsigned char data[65535];
static size_t data_octets;
static size_t index_of_carrier;
static long asked_port;

static void die(const char* what) {
  perror(what);
  ERR_print_errors_fp(stderr);
  exit(1);
}

static int add(SSL* ssl, unsigned type, unsigned context, const unsigned char** out, size_t* octets,
               X509* certificate, size_t chain_index, int* alert, void* argument) {
  (void)ssl, (void)type, (void)context, (void)certificate, (void)alert, (void)argument;
  if (data_octets == 0 || chain_index != index_of_carrier) return 0;
  *out = data;
  *octets = data_octets;
  return 1;
}

static int parse(SSL* ssl, unsigned type, unsigned context, const unsigned char* in, size_t octets,
                 X509* certificate, size_t chain_index, int* alert, void* argument) {
  (void)ssl, (void)type, (void)context, (void)certificate, (void)chain_index, (void)argument;
  if (octets != 2) {
    *alert = SSL_AD_DECODE_ERROR;
    return 0;
  }
  asked_port = in[0] << 8 | in[1];
  return 1;
}

static SSL_CTX* context_for(const char* certificates, const char* key) {
  const unsigned contexts = SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE;
  SSL_CTX* ctx = SSL_CTX_new(TLS_server_method());
  if (ctx == NULL || SSL_CTX_use_certificate_chain_file(ctx, certificates) != 1 ||
      SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_add_custom_ext(ctx, extension, contexts, add, NULL, NULL, parse, NULL) != 1)
    die("chain_server: certificates, key");
  return ctx;
}

static int listen_at(const char* address, const char* port) {
  const int on = 1;
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (inet_pton(AF_INET, address, &place.sin_addr) != 1 || listener < 0 ||
      setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(listener, (struct sockaddr*)&place, sizeof place) != 0 || listen(listener, 16) != 0)
    die("chain_server: listening");
  return listener;
}

static void read_data(const char* path) {
  if (strcmp(path, "-") == 0) return;
  FILE* file = fopen(path, "rb");
  if (file == NULL) die(path);
  data_octets = fread(data, 1, sizeof data, file);
  fclose(file);
}

static int serve(SSL* ssl) {
  char request[4096];
  char answer[128];
  if (SSL_accept(ssl) != 1) return 0;
  if (SSL_read(ssl, request, sizeof request) <= 0) return 0;
  const char* word = asked_port >= 0 && data_octets != 0 ? "proved\n" : "plain\n";
  snprintf(answer, sizeof answer, "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(word), word);
  const int served = SSL_write(ssl, answer, (int)strlen(answer)) > 0;
  SSL_shutdown(ssl);
  return served;
}

int main(int argc, char** argv) {
  if (argc < 6) {
    fputs("usage: chain_server ADDRESS PORT CERTIFICATES KEY EXTENSION_DATA [INDEX]\n", stderr);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  SSL_CTX* ctx = context_for(argv[3], argv[4]);
  read_data(argv[5]);
  index_of_carrier = argc > 6 ? (size_t)atoi(argv[6]) : 0;
  const int listener = listen_at(argv[1], argv[2]);
  for (;;) {
    const struct timeval limit = {.tv_sec = seconds_for_a_client};
    const int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    asked_port = -1;
    SSL* ssl = SSL_new(ctx);
    if (ssl == NULL || SSL_set_fd(ssl, client) != 1) die("chain_server: a connection");
    const int served = serve(ssl);
    if (asked_port >= 0)
      printf("asked %ld, ", asked_port);
    else
      printf("not asked, ");
    puts(served ? "served" : "ended");
    fflush(stdout);
    SSL_free(ssl);
    close(client);
    ERR_clear_error();
  }
}
