/* SPDX-License-Identifier: Apache-2.0 */
/** @file curl.h
 * DANE for applications that use libcurl: one call for each easy handle, and every TLS connection that libcurl makes for
 * it knows its service, which is the host and the port of the URL, after redirects too.
 *
 * What does not change the service: CURLOPT_RESOLVE, CURLOPT_CONNECT_TO, SOCKS and HTTP proxies, and STARTTLS of
 * smtp://, imap://, pop3:// and ftp:// (the service is then the port of the URL or the scheme: 25, 143, 110, 21). A
 * handshake with an HTTPS proxy is told from the server's own by SNI: see danelaw_curl_set_https_proxy().
 *
 * The rules at the top of danelaw.h and openssl.h hold here too. Everything below is inline, because Danelaw does not
 * link libcurl; names that the application does not need are marked "internal". Of the application we ask five things:
 * 1. libcurl 7.62 or later, built with the OpenSSL that the application and Danelaw use. Another TLS library refuses the
 *    attachment; a second copy of OpenSSL in the process does not, and must not be there.
 * 2. CURLOPT_SSL_CTX_FUNCTION is ours. An application with one of its own calls danelaw_curl_ssl_ctx() in it.
 * 3. The port stands in the URL: CURLOPT_PORT cannot be seen from here.
 * 4. CURLOPT_SSL_VERIFYPEER stays on, or `verify_none` is `enforce`. libcurl compares the URL's host with the
 *    certificate by itself after the handshake, whatever DANE said (CURLOPT_SSL_VERIFYHOST).
 * 5. HTTP/3 stays off (CURLOPT_HTTP_VERSION, CURLOPT_ALTSVC): its services are of another transport.
 */
#ifndef DANELAW_CURL_H
#define DANELAW_CURL_H

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "danelaw/openssl.h"

#ifdef __cplusplus
extern "C" {
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast" /* this is C */
#endif
#endif

/* ------------------------------------------------------------------ whom a handshake is with (internal) */

/** Internal. A host as SNI would name it and a port; no host: unknown. */
typedef struct danelaw_curl_peer {
  char host[256];
  unsigned port;
} danelaw_curl_peer;

/** Internal. libcurl's URL parser: the one that is linked, or one that was found in the process. */
typedef struct danelaw_curl_parser {
  CURLU* (*make)(void);
  void (*cleanup)(CURLU* url);
  CURLUcode (*set)(CURLU* url, CURLUPart part, const char* text, unsigned flags);
  CURLUcode (*get)(CURLU* url, CURLUPart part, char** text, unsigned flags);
  void (*release)(void* text);
} danelaw_curl_parser;

/** Internal. */
static inline int danelaw_curl_is_address(const char* host) {
  struct in_addr address;
  return strchr(host, ':') != NULL || inet_pton(AF_INET, host, &address) == 1;
}

/** Internal. ASCII only, whatever the locale. */
static inline int danelaw_curl_same_letter(char left, char right) {
  if (left >= 'A' && left <= 'Z') left = (char)(left - 'A' + 'a');
  if (right >= 'A' && right <= 'Z') right = (char)(right - 'A' + 'a');
  return left == right;
}

/** Internal. Would libcurl send `server_name` (NULL: no SNI) to `host`? */
static inline int danelaw_curl_is_sent_to(const char* server_name, const char* host) {
  size_t length = strlen(host);
  if (length == 0) return 0;
  if (server_name == NULL || danelaw_curl_is_address(host))
    return server_name == NULL && danelaw_curl_is_address(host);
  if (host[length - 1] == '.') --length;
  if (strlen(server_name) != length) return 0;
  for (size_t i = 0; i < length; ++i) {
    if (!danelaw_curl_same_letter(server_name[i], host[i])) return 0;
  }
  return 1;
}

/** Internal. Of the URL's peer and the HTTPS proxy the one that SNI points to; NULL where it is neither or could be
 * both. */
static inline const danelaw_curl_peer* danelaw_curl_choose(const danelaw_curl_peer* url,
                                                           const danelaw_curl_peer* https_proxy,
                                                           const char* server_name) {
  const int is_url = danelaw_curl_is_sent_to(server_name, url->host);
  const int is_proxy = danelaw_curl_is_sent_to(server_name, https_proxy->host);
  if (is_url == is_proxy) return NULL;
  return is_url ? url : https_proxy;
}

/** Internal. Does libcurl speak TLS to the server of such a URL, from the start or by STARTTLS? */
static inline int danelaw_curl_has_tls(const char* scheme) {
  static const char* const schemes[] = {"https", "wss",   "ftp",     "ftps",  "smtp",
                                        "smtps", "imap",  "imaps",   "pop3",  "pop3s",
                                        "ldap",  "ldaps", "gophers", "mqtts", "smbs"};
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; ++i) {
    if (strcmp(schemes[i], scheme) == 0) return 1;
  }
  return 0;
}

/** Internal. A host as the parser gives it, without the brackets and the zone of an IPv6 address. 0 where it is no name
 * that could be SNI. */
static inline int danelaw_curl_copy_host(const char* text, char* host, size_t size) {
  const size_t start = text[0] == '[' ? 1 : 0;
  const size_t length = start == 1 ? strcspn(text + 1, "]%") : strlen(text);
  if (length == 0 || length >= size) return 0;
  for (size_t i = 0; i < length; ++i) {
    /* a name that libcurl could not put into ASCII, and SNI that we therefore do not know */
    if (text[start + i] <= ' ' || text[start + i] > '~') return 0;
  }
  memcpy(host, text + start, length);
  host[length] = '\0';
  return 1;
}

/** Internal. */
static inline int danelaw_curl_read_host(const danelaw_curl_parser* parser, CURLU* parsed,
                                         danelaw_curl_peer* peer) {
  char* text = NULL;
  CURLUcode code = CURLUE_NO_HOST;
#ifdef CURLU_PUNYCODE
  code = parser->get(parsed, CURLUPART_HOST, &text, CURLU_PUNYCODE);
#endif
  if (code != CURLUE_OK) code = parser->get(parsed, CURLUPART_HOST, &text, 0);
  if (code != CURLUE_OK || text == NULL) return 0;
  const int read = danelaw_curl_copy_host(text, peer->host, sizeof peer->host);
  parser->release(text);
  return read;
}

/** Internal. */
static inline int danelaw_curl_read_port(const danelaw_curl_parser* parser, CURLU* parsed,
                                         danelaw_curl_peer* peer) {
  char* text = NULL;
  if (parser->get(parsed, CURLUPART_PORT, &text, CURLU_DEFAULT_PORT) != CURLUE_OK || text == NULL) return 0;
  const unsigned long port = strtoul(text, NULL, 10);
  parser->release(text);
  peer->port = (unsigned)port;
  return port >= 1 && port <= 65535;
}

/** Internal. */
static inline int danelaw_curl_read_scheme(const danelaw_curl_parser* parser, CURLU* parsed) {
  char* text = NULL;
  if (parser->get(parsed, CURLUPART_SCHEME, &text, 0) != CURLUE_OK || text == NULL) return 0;
  const int has_tls = danelaw_curl_has_tls(text);
  parser->release(text);
  return has_tls;
}

/** Internal. Whom libcurl speaks TLS with for `url`. 0, and no host in `peer`, where that is nobody, or not sure. */
static inline int danelaw_curl_read_url(const danelaw_curl_parser* parser, const char* url,
                                        danelaw_curl_peer* peer) {
  CURLU* parsed = parser->make();
  peer->host[0] = '\0';
  peer->port = 0;
  if (parsed == NULL) return 0;
  const unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS;
  const int read = parser->set(parsed, CURLUPART_URL, url, flags) == CURLUE_OK &&
                   danelaw_curl_read_scheme(parser, parsed) && danelaw_curl_read_port(parser, parsed, peer) &&
                   danelaw_curl_read_host(parser, parsed, peer);
  parser->cleanup(parsed);
  if (!read) peer->host[0] = '\0';
  return read;
}

/** Internal. Its first parameter is const in some versions of libcurl. */
static inline CURLUcode danelaw_curl_url_get(CURLU* url, CURLUPart part, char** text, unsigned flags) {
  return curl_url_get(url, part, text, flags);
}

/** Internal. */
static inline danelaw_curl_parser danelaw_curl_linked_parser(void) {
  const danelaw_curl_parser parser = {curl_url, curl_url_cleanup, curl_url_set, danelaw_curl_url_get,
                                      curl_free};
  return parser;
}

/* ------------------------------------------------------------------ the interface */

/** What the easy handles of an application share. Shared, once it is set up: any number of handles and threads may use
 * it. Its members are internal. */
typedef struct danelaw_curl {
  danelaw_resolver* resolver;
  const danelaw_settings* settings;
  danelaw_curl_peer https_proxy;
  int peer_index; /**< where an SSL_CTX keeps the peer of its URL */
} danelaw_curl;

/** Internal. Names the service of an SSL when its handshake starts. */
static inline int danelaw_curl_name_service(void* user, SSL* ssl, danelaw_problem* problem) {
  const danelaw_curl* dane = (const danelaw_curl*)user;
  const danelaw_curl_peer* url =
      (const danelaw_curl_peer*)SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), dane->peer_index);
  if (url == NULL) return DANELAW_OK;
  const char* server_name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  const danelaw_curl_peer* peer = danelaw_curl_choose(url, &dane->https_proxy, server_name);
  if (peer == NULL) return DANELAW_OK;
  return danelaw_ssl_set_service(ssl, peer->host, peer->port, DANELAW_TRANSPORT_TCP, problem);
}

/** Internal. */
static inline void danelaw_curl_free_peer(void* ctx, void* peer, CRYPTO_EX_DATA* data, int index, long argl,
                                          void* argp) {
  (void)ctx, (void)data, (void)index, (void)argl, (void)argp;
  free(peer);
}

/** danelaw_curl_init sets `dane` up. Once per application: a place in every SSL_CTX is taken and never given back.
 *
 * `settings` as for danelaw_ssl_ctx_attach(). They are changed: `server_name` becomes `own`, because libcurl sets SNI
 * itself, and the service callback becomes ours. A verdict callback may be set, before or later, until the first
 * transfer.
 *
 * Ownership   `dane` is the application's, and keeps `resolver` and `settings` as they are: all three must outlive every
 *             handle (easy, multi and share) that `dane` was attached to.
 * Returns     DANELAW_OK; DANELAW_ERR_ARGUMENT; DANELAW_ERR_SETTING; DANELAW_ERR_RESOURCE. */
static inline int danelaw_curl_init(danelaw_curl* dane, danelaw_resolver* resolver,
                                    danelaw_settings* settings, danelaw_problem* problem) {
  if (dane == NULL || settings == NULL) return DANELAW_ERR_ARGUMENT;
  memset(dane, 0, sizeof *dane);
  dane->resolver = resolver;
  dane->settings = settings;
  dane->peer_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, danelaw_curl_free_peer);
  if (dane->peer_index < 0) return DANELAW_ERR_RESOURCE;
  const int set = danelaw_settings_set(settings, "server_name", "own", problem);
  if (set != DANELAW_OK) return set;
  return danelaw_settings_set_service_callback(settings, danelaw_curl_name_service, dane);
}

/** danelaw_curl_set_https_proxy says which HTTPS proxy (CURLPROXY_HTTPS) the handles use, so that its own handshake is
 * held against its own TLSA records. Without it that handshake has no service. With or without it, a proxy under the
 * very name of the URL's host cannot be told from that host: with it, such a handshake has no service; without it, it is
 * taken for the URL's.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_NAME; DANELAW_ERR_PORT. On error `dane` is as before.
 * Threads     Before `dane` is attached. */
static inline int danelaw_curl_set_https_proxy(danelaw_curl* dane, const char* host, unsigned port) {
  danelaw_curl_peer proxy = {"", 0};
  if (port < 1 || port > 65535) return DANELAW_ERR_PORT;
  if (host == NULL || !danelaw_curl_copy_host(host, proxy.host, sizeof proxy.host)) return DANELAW_ERR_NAME;
  proxy.port = port;
  dane->https_proxy = proxy;
  return DANELAW_OK;
}

/** Internal. */
static inline int danelaw_curl_uses_openssl(CURL* easy) {
  struct curl_tlssessioninfo* session = NULL;
  return curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) == CURLE_OK && session != NULL &&
         session->backend == CURLSSLBACKEND_OPENSSL;
}

/** danelaw_curl_ssl_ctx is the function for CURLOPT_SSL_CTX_FUNCTION, and `dane` what belongs into CURLOPT_SSL_CTX_DATA.
 * Applications with a function of their own call it there, after whatever they do to `ssl_ctx`; others call
 * danelaw_curl_attach().
 *
 * Returns     CURLE_OK; anything else ends the transfer and is to be returned to libcurl.
 * Fails safe  A handshake whose service is not sure (an HTTPS proxy's that was not named, an internationalised name that
 *             libcurl cannot put into ASCII) is verified as without us in opportunistic mode and fails in mandatory
 *             mode. */
static inline CURLcode danelaw_curl_ssl_ctx(CURL* easy, void* ssl_ctx, void* dane) {
  const danelaw_curl* state = (const danelaw_curl*)dane;
  SSL_CTX* ctx = (SSL_CTX*)ssl_ctx;
  const danelaw_curl_parser parser = danelaw_curl_linked_parser();
  char* url = NULL;
  if (!danelaw_curl_uses_openssl(easy)) return CURLE_SSL_CONNECT_ERROR;
  danelaw_curl_peer* peer = (danelaw_curl_peer*)calloc(1, sizeof *peer);
  if (peer == NULL) return CURLE_OUT_OF_MEMORY;
  if (curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url) == CURLE_OK && url != NULL)
    danelaw_curl_read_url(&parser, url, peer);
  if (SSL_CTX_set_ex_data(ctx, state->peer_index, peer) != 1) {
    free(peer);
    return CURLE_OUT_OF_MEMORY;
  }
  if (danelaw_ssl_ctx_attach(ctx, state->resolver, state->settings, NULL) != DANELAW_OK)
    return CURLE_SSL_CONNECT_ERROR;
  return CURLE_OK;
}

/** danelaw_curl_attach makes every TLS connection that libcurl makes for `easy` enforce DANE. Connections that were made
 * before, and that libcurl uses again, stay as they are.
 *
 * Call after curl_easy_init() or curl_easy_reset(); curl_easy_duphandle() takes the attachment along.
 *
 * Ownership   See danelaw_curl_init().
 * Returns     CURLE_OK; libcurl's refusal (CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION) where it does not use OpenSSL: then
 *             nothing is enforced, so do not go on.
 * Fails safe  As danelaw_curl_ssl_ctx(). A refused peer ends the transfer with CURLE_PEER_FAILED_VERIFICATION; the reasons
 *             come to the verdict callback, danelaw_settings_set_verdict_callback().
 * Blocking    Not here. In the handshake at most the resolver's deadline; a multi handle stands still meanwhile.
 * Threads     As for `easy`. */
static inline CURLcode danelaw_curl_attach(CURL* easy, danelaw_curl* dane) {
  const CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, danelaw_curl_ssl_ctx);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, dane);
}

#ifdef __cplusplus
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif
}
#endif
#endif
