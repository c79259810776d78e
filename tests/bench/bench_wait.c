/* How long a client stands still at the certificate: shakes hands with HOST at ADDRESS, port 443, as a program that knows
 * nothing of DANE, and prints the ms from the server's Certificate to its CertificateVerify, which came with it. TLS 1.3. */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double certificate_at, next_at;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1e6;
}

static void see_message(int sent, int version, int type, const void* octets, size_t size, SSL* ssl,
                        void* data) {
  (void)version, (void)ssl, (void)data;
  if (sent || type != SSL3_RT_HANDSHAKE || size == 0) return;
  const unsigned char message = *(const unsigned char*)octets;
  if (message == SSL3_MT_CERTIFICATE) certificate_at = now();
  if (message == SSL3_MT_CERTIFICATE_VERIFY) next_at = now();
}

static int connected_socket(const char* address) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(443)};
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  if (inet_pton(AF_INET, address, &place.sin_addr) != 1 ||
      connect(descriptor, (const struct sockaddr*)&place, sizeof place) != 0)
    return -1;
  return descriptor;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_default_verify_paths(ctx);
  SSL_CTX_set_msg_callback(ctx, see_message);
  SSL* ssl = SSL_new(ctx);
  const int descriptor = connected_socket(argv[2]);
  if (SSL_set_fd(ssl, descriptor) != 1 || SSL_set_tlsext_host_name(ssl, argv[1]) != 1 ||
      SSL_set1_host(ssl, argv[1]) != 1 || SSL_connect(ssl) != 1)
    return 1;
  SSL_free(ssl);
  SSL_CTX_free(ctx);
  close(descriptor);
  printf("%.3f\n", next_at - certificate_at);
  return 0;
}
