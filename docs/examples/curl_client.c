/* SPDX-License-Identifier: Apache-2.0 */
/* A GET by libcurl that accepts only the peers that DANE vouches for, in C99.
 *
 *   cc -std=c99 curl_client.c -o curl_client $(pkg-config --cflags --libs danelaw libcurl openssl)
 *   ./curl_client URL [KEY=VALUE ...]
 *
 * What a client of libcurl does beside the ordinary: danelaw_curl_init() once, danelaw_curl_attach() for each easy
 * handle. KEY=VALUE are Danelaw's settings, danelaw.conf(5). $SSL_CERT_FILE names trusted certificates other than
 * libcurl's. Exit status: 0 the page was read, 1 it was not, 2 usage.
 */
#include <danelaw/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Called in each handshake: one line for each server on the way. */
static void print_verdict(void* user, const SSL* ssl, const danelaw_verdict* verdict) {
  (void)user, (void)ssl;
  fprintf(stderr, "%s\n", danelaw_verdict_summary(verdict));
}

static int get(const char* url, danelaw_curl* dane) {
  CURL* easy = curl_easy_init();
  if (easy == NULL) return REFUSED;
  const char* roots = getenv("SSL_CERT_FILE");
  if (roots != NULL) curl_easy_setopt(easy, CURLOPT_CAINFO, roots);
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  CURLcode code = danelaw_curl_attach(easy, dane); /* without it nothing is enforced, so its answer counts */
  if (code == CURLE_OK) code = curl_easy_perform(easy);
  if (code != CURLE_OK) fprintf(stderr, "%s: %s\n", url, curl_easy_strerror(code));
  curl_easy_cleanup(easy);
  return code == CURLE_OK ? ACCEPTED : REFUSED;
}

static int run(danelaw_settings* settings, const char* url) {
  danelaw_problem problem = {0, ""};
  danelaw_resolver* resolver = NULL;
  danelaw_curl dane;
  int result = REFUSED;
  danelaw_settings_set_verdict_callback(settings, print_verdict, NULL);
  if (danelaw_resolver_new(settings, &resolver, &problem) == DANELAW_OK &&
      danelaw_curl_init(&dane, resolver, settings, &problem) == DANELAW_OK)
    result = get(url, &dane);
  else
    fprintf(stderr, "%s\n", problem.text);
  danelaw_resolver_free(resolver);
  return result;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: %s URL [KEY=VALUE ...]\n", argv[0]);
    return USAGE;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  danelaw_settings* settings = danelaw_settings_new();
  int result = settings == NULL ? REFUSED : ACCEPTED;
  for (int i = 2; i < argc && result == ACCEPTED; ++i) {
    if (!apply_setting(settings, argv[i])) result = USAGE;
  }
  if (result == ACCEPTED) result = run(settings, argv[1]);
  danelaw_settings_free(settings);
  curl_global_cleanup();
  return result;
}
