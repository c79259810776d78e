/* SPDX-License-Identifier: Apache-2.0 */
/** @file openssl.h
 * DANE for OpenSSL clients: attach a resolver to an SSL_CTX, name the service of each SSL, read the verdict.
 *
 * The rules at the top of danelaw.h hold here too. Of the application we ask five things:
 * 1. One certificate verify callback belongs to an SSL_CTX and OpenSSL cannot tell whether there is one: a callback
 *    set by SSL_CTX_set_cert_verify_callback() before the attachment is replaced, and one set after it replaces ours,
 *    which we notice at the end of the handshake and answer by ending the connection.
 * 2. Set an info callback, where you use one, before danelaw_ssl_set_service(): ours calls yours. One that replaces
 *    ours makes the handshake fail.
 * 3. A verify callback (SSL_CTX_set_verify) is called for every certificate of a path that a record vouches for, with 1
 *    and X509_V_OK, and may refuse the peer; it is not asked about errors, and its 1 accepts nobody. A name or address that
 *    you have OpenSSL verify must be in the certificate as well (generic profile, where names are compared).
 * 4. Certificate Transparency (SSL_CTX_enable_ct) is not asked of peers of usages 2 and 3 (RFC 7671 section 4.2). It
 *    is switched off for an SSL that meets one, which then refuses every later peer of whom it would be asked.
 * 5. Check the handshake's result as ever. Under SSL_VERIFY_NONE OpenSSL ignores every verdict unless `verify_none`
 *    is set to `enforce`.
 */
#ifndef DANELAW_OPENSSL_H
#define DANELAW_OPENSSL_H

#include <openssl/ssl.h>

#include "danelaw/danelaw.h"

#ifdef __cplusplus
extern "C" {
#endif

/** danelaw_ssl_ctx_attach makes every connection of `ctx` that names its service enforce DANE.
 *
 * `settings` gives mode, profile, dane_ee_names, verify_none, server_name, waiting, insecure_ignore_lookup_errors and
 * dnssec_chain (NULL: defaults). With `dnssec_chain = on` it takes TLS extension 59 of `ctx`, unless the application has
 * registered that: then nothing is offered. `resolver` may be NULL where plans are only set by danelaw_ssl_set_plan().
 *
 * Ownership   `ctx` keeps the resolver alive; what we add is freed with `ctx`.
 * Returns     DANELAW_OK; DANELAW_ERR_STATE where `ctx` is attached already; DANELAW_ERR_RESOURCE. On error `ctx` is as before.
 * Fails safe  A connection that names no service is verified as without us in opportunistic mode and fails in
 *             mandatory mode.
 * Threads     As for `ctx`: before its SSLs are made. */
DANELAW_API int danelaw_ssl_ctx_attach(SSL_CTX* ctx, danelaw_resolver* resolver,
                                       const danelaw_settings* settings, danelaw_problem* problem);

/** The same with a source of plans of the application's own. `source` is copied; its `user` must outlive `ctx`. */
DANELAW_API int danelaw_ssl_ctx_attach_source(SSL_CTX* ctx, const danelaw_plan_source* source,
                                              const danelaw_settings* settings, danelaw_problem* problem);

/** danelaw_settings_set_verdict_callback has every verdict reported, in the thread of the handshake, for each SSL_CTX
 * that is attached with `settings` afterwards. `verdict` lives until the callback returns. For logs: it cannot change
 * the verdict, and it must not use `ssl` but to look at it. NULL reports nothing.
 *
 * Ownership   `user` must outlive every SSL_CTX that was attached.
 * Returns     DANELAW_OK; DANELAW_ERR_ARGUMENT. */
DANELAW_API int danelaw_settings_set_verdict_callback(danelaw_settings* settings,
                                                      void (*callback)(void* user, const SSL* ssl,
                                                                       const danelaw_verdict* verdict),
                                                      void* user);

/** danelaw_settings_set_service_callback has the service of each SSL that names none asked for when its handshake
 * starts, for each SSL_CTX that is attached with `settings` afterwards. For code that serves applications which know
 * nothing of it. `callback` may call danelaw_ssl_set_settings(), danelaw_ssl_set_resolver() and, where it knows whom
 * `ssl` connects to, danelaw_ssl_set_service() or danelaw_ssl_set_plan(); it is asked again at each first handshake.
 * An attachment with such a callback gives way to a later one: danelaw_ssl_ctx_attach() by the application itself works
 * as ever. Beside it a certificate verify callback that the application sets later keeps its place: the peer is judged
 * when the handshake is done, and one that we refuse finds the connection ended.
 *
 * Ownership   `user` must outlive every SSL_CTX that was attached.
 * Returns     DANELAW_OK; DANELAW_ERR_ARGUMENT. `callback` returns DANELAW_OK, with or without having named a service;
 *             anything else, with a line in `problem`, ends the handshake before its ClientHello.
 * Fails safe  As an SSL that names no service.
 * Blocking    `callback` holds up the handshake. */
DANELAW_API int danelaw_settings_set_service_callback(
    danelaw_settings* settings, int (*callback)(void* user, SSL* ssl, danelaw_problem* problem), void* user);

/** danelaw_ssl_set_settings replaces the context's mode, profile, dane_ee_names, insecure_ignore_lookup_errors,
 * verify_none, server_name and dnssec_chain, all of them, for one SSL. Before danelaw_ssl_set_service(). `dnssec_chain = on`
 * has no effect where the context was attached with `off`.
 * Returns     DANELAW_OK; DANELAW_ERR_STATE, also where a plan was handed over that says otherwise. */
DANELAW_API int danelaw_ssl_set_settings(SSL* ssl, const danelaw_settings* settings,
                                         danelaw_problem* problem);

/** danelaw_ssl_set_resolver gives `ssl` a resolver in place of its context's, for the services that it is named from
 * now on. `ssl` keeps it alive.
 * Returns     DANELAW_OK; DANELAW_ERR_STATE as above. */
DANELAW_API int danelaw_ssl_set_resolver(SSL* ssl, danelaw_resolver* resolver, danelaw_problem* problem);

/** danelaw_ssl_watch puts our info callback in its place again, whatever the application has set on `ssl` or its SSL_CTX
 * since the attachment; ours calls the application's.
 * Returns     DANELAW_OK; DANELAW_ERR_STATE as above. */
DANELAW_API int danelaw_ssl_watch(SSL* ssl, danelaw_problem* problem);

/** danelaw_ssl_set_service names what `ssl` is about to connect to, best before the TCP connection is made: the lookup
 * starts here and overlaps it.
 *
 * Sets SNI and, where the application has set no host to verify, that name (generic and srv profiles). An address that it
 * has set (X509_VERIFY_PARAM_set1_ip) is verified beside it, wherever names are. When the handshake starts SNI becomes the
 * TLSA base domain (RFC 7671 section 7): under `waiting = block` the ClientHello waits for it; under `retry` only what is
 * known by then counts, and the host itself is the base domain if it is not.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_NAME if `host` is neither a DNS name nor an IP literal; DANELAW_ERR_PORT;
 *             DANELAW_ERR_STATE if the context is not attached or the handshake has begun. On error `ssl` is as before.
 * Fails safe  If no verdict can be reached, the handshake fails.
 * Blocking    Not here. In the handshake at most the resolver's deadline, in all.
 * Threads     As for `ssl` itself. */
DANELAW_API int danelaw_ssl_set_service(SSL* ssl, const char* host, unsigned port,
                                        danelaw_transport transport, danelaw_problem* problem);

/** danelaw_ssl_set_plan gives `ssl` a plan directly, in place of danelaw_ssl_set_service(): no DNS. The plan's mode and
 * profile decide. A plan that is a failed lookup leaves it to the server to prove its records, where `dnssec_chain` is on
 * and there is a resolver, whose trust anchors count.
 * Returns     DANELAW_OK; DANELAW_ERR_STATE as above. */
DANELAW_API int danelaw_ssl_set_plan(SSL* ssl, const danelaw_plan* plan, danelaw_problem* problem);

/** danelaw_ssl_descriptor gives a descriptor that becomes readable when the lookup is done; -1 where there is none to
 * wait for. Poll it before the handshake (so that SNI can follow aliases) and whenever SSL_get_error() says
 * SSL_ERROR_WANT_RETRY_VERIFY, then call the handshake again. Never read from it or close it; it lives until the
 * handshake is over. */
DANELAW_API int danelaw_ssl_descriptor(const SSL* ssl);

/** Milliseconds after which polling should stop and the handshake be called again, which then fails by itself; 0 where
 * nothing is waited for. */
DANELAW_API unsigned danelaw_ssl_patience(const SSL* ssl);

/** 1 where the handshake would not be held up for the lookup now; 0 where it would. */
DANELAW_API int danelaw_ssl_ready(const SSL* ssl);

/** danelaw_ssl_get_verdict gives a snapshot of the verdict, with its explanation.
 *
 * A verdict is about the certificate. That the peer has its key is proved later in the handshake: a peer is accepted
 * only if the verdict accepts it and the handshake succeeded.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_PENDING before there is one; DANELAW_ERR_STATE where no service was named. */
DANELAW_API int danelaw_ssl_get_verdict(const SSL* ssl, danelaw_verdict** verdict);

#ifdef __cplusplus
}
#endif
#endif
