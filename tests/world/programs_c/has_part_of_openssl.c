/* SPDX-License-Identifier: Apache-2.0 */
/* A program that has a function of libssl of its own, and the rest from the system's; with ANOTHER_OPENSSL it says that its
 * own is of version 1.1.1. Others find its functions as they find those of a library. */
#include <openssl/ssl.h>
#include <stdio.h>

#pragma GCC visibility push(default)

SSL_CTX* SSL_CTX_new(const SSL_METHOD* method) {
  (void)method;
  return NULL;
}

#ifdef ANOTHER_OPENSSL
unsigned long OpenSSL_version_num(void) { return 0x1010117fUL; }
#endif

#pragma GCC visibility pop

int main(void) {
  puts(TLS_client_method() == NULL ? "without OpenSSL" : "with OpenSSL");
  return SSL_CTX_new(NULL) != NULL;
}
