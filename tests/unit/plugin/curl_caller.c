/* SPDX-License-Identifier: Apache-2.0 */
/* An object of a program that calls libcurl, built once for each libcurl and loaded by the test. */
#include <curl/curl.h>

#define EXPORTED __attribute__((visibility("default")))

EXPORTED const char* caller_tls_library(void);
EXPORTED int caller_get(const char* url, const char* connect_to, int* refused_option);

EXPORTED const char* caller_tls_library(void) { return curl_version_info(CURLVERSION_NOW)->ssl_version; }

static size_t drop(char* octets, size_t size, size_t count, void* user) {
  (void)octets, (void)user;
  return size * count;
}

static CURLcode accept_context(CURL* easy, void* ctx, void* user) {
  (void)easy, (void)ctx, (void)user;
  return CURLE_OK;
}

/* The transfer's result; `refused_option`: what CURLOPT_SSL_CTX_FUNCTION was answered with. */
EXPORTED int caller_get(const char* url, const char* connect_to, int* refused_option) {
  CURL* easy = curl_easy_init();
  struct curl_slist* list = curl_slist_append(NULL, connect_to);
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, list);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
  *refused_option = (int)curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, accept_context);
  const CURLcode code = curl_easy_perform(easy);
  curl_easy_cleanup(easy);
  curl_slist_free_all(list);
  return (int)code;
}
