/* SPDX-License-Identifier: Apache-2.0 */
/** @file smtp.h
 * Where mail goes and how it must be protected on the way (RFC 7672), and the same for services that are found by SRV
 * records: submission, IMAP, XMPP (RFC 7673).
 *
 * A route is made from a domain: hosts in the order in which they are to be tried, each with the TLS that it requires. The
 * sender goes through them, connects, starts TLS as the requirement says, gives its SSL the host's plan by
 * danelaw_ssl_set_route_host(), and delivers. A failure of TLS or of the verdict is a failure of that host: on to the next;
 * there is no fallback to cleartext where TLS is required.
 *
 * The rules at the top of danelaw.h hold here too.
 */
#ifndef DANELAW_SMTP_H
#define DANELAW_SMTP_H

#include "danelaw/openssl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ making a route */

/** The way to a domain. One thread at a time until danelaw_route_wait() has returned DANELAW_OK; immutable and shared from
 * then on. */
typedef struct danelaw_route danelaw_route;

/** danelaw_smtp_begin starts to make the route for mail to `next_hop`, and returns.
 *
 * `next_hop` is a domain, whose MX records decide ("example.com"); a host, without MX lookup ("[relay.example.com]"); or an
 * address ("[192.0.2.1]", "[IPv6:2001:db8::1]"); with ":PORT" after it where that is not 25. Domains may be
 * internationalised. One lookup of the MX records is followed by those of all hosts at once (at most 64 hosts, 16 at a
 * time), all of it within the resolver's one deadline.
 *
 * Of `settings` (NULL: defaults) count `mode`, `dane_ee_names`, `insecure_ignore_lookup_errors` and `insecure_mx`; the
 * profile is smtp. Mandatory mode allows hosts alone that DANE authenticates, of a domain whose MX records are signed.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_NAME; DANELAW_ERR_PORT. What DNS says, failures too, is in the route.
 * Fails safe  Failed lookups are never absence: that of the MX records defers the domain, one about a host that host
 *             (RFC 7672 section 2.1).
 * Blocking    Not here. */
DANELAW_API int danelaw_smtp_begin(danelaw_resolver* resolver, const danelaw_settings* settings,
                                   const char* next_hop, danelaw_route** route, danelaw_problem* problem);

/** danelaw_srv_begin starts to make the route to a service of `domain` that SRV records announce: `service` is its name in
 * RFC 6335's registry ("submission", "submissions", "imap", "imaps", "xmpp-client", "xmpp-server" …).
 *
 * Of `settings` (NULL: defaults) count `mode`, `dane_ee_names` and `insecure_ignore_lookup_errors`; the profile is srv. A
 * domain that announces nothing has a route of state DANELAW_ROUTE_NO_HOSTS and code "no-srv"; whether the service is then
 * tried at the domain itself, by danelaw_plan_lookup(), is the application's choice.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_NAME; DANELAW_ERR_ARGUMENT for an unknown transport.
 * Blocking    Not here. */
DANELAW_API int danelaw_srv_begin(danelaw_resolver* resolver, const danelaw_settings* settings,
                                  const char* service, danelaw_transport transport, const char* domain,
                                  danelaw_route** route, danelaw_problem* problem);

/** danelaw_route_wait moves the search on, and waits until it is done, for `milliseconds` at most. The search has no thread
 * of its own: it moves only here.
 *
 * Returns     DANELAW_OK: the route is there; DANELAW_ERR_PENDING; DANELAW_ERR_ARGUMENT; DANELAW_ERR_RESOURCE.
 * Blocking    At most `milliseconds`, and never past the resolver's deadline; 0 does not block. */
DANELAW_API int danelaw_route_wait(danelaw_route* route, unsigned milliseconds);

/** danelaw_route_descriptor gives a descriptor that becomes readable when danelaw_route_wait() has something to do, at the
 * latest at the deadline; -1 where none is to be had. Poll it, call danelaw_route_wait() with 0, and poll again while that
 * says DANELAW_ERR_PENDING. Never read from it or close it; it lives as long as the route. */
DANELAW_API int danelaw_route_descriptor(danelaw_route* route);

/** danelaw_smtp_plan is danelaw_smtp_begin(), and waits for the route.
 * Returns     As danelaw_smtp_begin().
 * Blocking    At most the resolver's deadline. */
DANELAW_API int danelaw_smtp_plan(danelaw_resolver* resolver, const danelaw_settings* settings,
                                  const char* next_hop, danelaw_route** route, danelaw_problem* problem);
/** danelaw_srv_plan is danelaw_srv_begin(), and waits for the route.
 * Returns     As danelaw_srv_begin().
 * Blocking    At most the resolver's deadline. */
DANELAW_API int danelaw_srv_plan(danelaw_resolver* resolver, const danelaw_settings* settings,
                                 const char* service, danelaw_transport transport, const char* domain,
                                 danelaw_route** route, danelaw_problem* problem);

/** Ends a search that is not done. */
DANELAW_API void danelaw_route_free(danelaw_route* route);

/* ------------------------------------------------------------------ the domain */

/** What is to be done for the domain as a whole. */
typedef enum danelaw_route_state DANELAW_ANY_INT {
  DANELAW_ROUTE_DEFER = 0, /**< nothing can be done now: try again later; also while the search is not done */
  DANELAW_ROUTE_USABLE = 1, /**< at least one host may be tried */
  DANELAW_ROUTE_NO_HOSTS =
      2 /**< for good: null MX (RFC 7505), no such domain, service not offered (RFC 2782) */
} danelaw_route_state;

DANELAW_API danelaw_route_state danelaw_route_get_state(const danelaw_route* route);
/** "defer", "usable", "no-hosts"; "unknown" for any other number. Never NULL. */
DANELAW_API const char* danelaw_route_state_name(danelaw_route_state state);
/** "" where usable; else the stable word: "null-mx", "no-such-domain", "no-srv", "not-offered", "private-name", "no-usable-host",
 * "pending", or the fault of the lookup: "bogus", "timeout" … */
DANELAW_API const char* danelaw_route_code(const danelaw_route* route);
/** One line for people; "" where usable. */
DANELAW_API const char* danelaw_route_reason(const danelaw_route* route);
/** The domain in A-labels. */
DANELAW_API const char* danelaw_route_domain(const danelaw_route* route);

/** How the hosts were come by. */
typedef enum danelaw_standing DANELAW_ANY_INT {
  DANELAW_STANDING_INSECURE = 0, /**< unsigned records: an attacker may have chosen the hosts */
  DANELAW_STANDING_SECURE = 1,   /**< validated records, or their validated denial */
  DANELAW_STANDING_DIRECT = 2    /**< configured by the caller: no records were asked for */
} danelaw_standing;
DANELAW_API danelaw_standing danelaw_route_standing(const danelaw_route* route);
/** "insecure", "secure", "direct"; "unknown" for any other number. Never NULL. */
DANELAW_API const char* danelaw_standing_name(danelaw_standing standing);
/** 1 where the domain has no MX records and is its own mail host (RFC 5321 section 5.1). */
DANELAW_API int danelaw_route_is_implicit(const danelaw_route* route);
/** Records that were not considered: past the limit of 64 hosts, or unreadable. */
DANELAW_API size_t danelaw_route_left_out(const danelaw_route* route);
/** From when on the route should be made anew, in seconds since 1970-01-01 UTC: the smallest TTL and signature lifetime in
 * it, and a minute at least, which is one delivery attempt. */
DANELAW_API int64_t danelaw_route_expiry(const danelaw_route* route);

/* ------------------------------------------------------------------ the hosts */

/** The TLS that a host requires. */
typedef enum danelaw_requirement DANELAW_ANY_INT {
  DANELAW_DO_NOT_USE = 0,       /**< not now: go on with the next host */
  DANELAW_TLS_AUTHENTICATE = 1, /**< TLS, and the peer must match the records of the plan */
  DANELAW_TLS_ENCRYPT = 2, /**< TLS; the peer is not authenticated. Never cleartext (RFC 7672 section 2.2) */
  DANELAW_TLS_VERIFY = 3,  /**< TLS, and the application's own verification (RFC 7673 section 4) */
  DANELAW_TLS_OPPORTUNISTIC =
      4 /**< DANE asks for nothing. Mail: TLS where offered, cleartext where not; SRV: the
                                     application's own policy */
} danelaw_requirement;
/** "do-not-use", "authenticate", "encrypt", "verify", "opportunistic"; "unknown" for any other number. Never NULL. */
DANELAW_API const char* danelaw_requirement_name(danelaw_requirement requirement);

/** Hosts in the order in which they are to be tried: by preference or priority; those of equal preference in random order,
 * biased by weight (RFC 5321 section 5.1, RFC 2782). Never reordered for security. */
DANELAW_API size_t danelaw_route_count(const danelaw_route* route);
/** Where to connect to: a host name in A-labels, or an IP address. NULL past the end. */
DANELAW_API const char* danelaw_route_host(const danelaw_route* route, size_t index);
/** 0 past the end; so the next two. */
DANELAW_API unsigned danelaw_route_port(const danelaw_route* route, size_t index);
DANELAW_API unsigned danelaw_route_preference(const danelaw_route* route, size_t index);
DANELAW_API unsigned danelaw_route_weight(const danelaw_route* route, size_t index);
/** DANELAW_DO_NOT_USE past the end. */
DANELAW_API danelaw_requirement danelaw_route_requirement(const danelaw_route* route, size_t index);
/** The stable word of why it is so: "secure-usable", "secure-unusable", "secure-absent", "insecure", "mx-insecure",
 * "srv-insecure", "ip-literal", "mandatory-without-dane", or the fault of the lookup: "bogus", "timeout" … NULL past the
 * end. */
DANELAW_API const char* danelaw_route_host_code(const danelaw_route* route, size_t index);
/** One line for people. NULL past the end. */
DANELAW_API const char* danelaw_route_host_reason(const danelaw_route* route, size_t index);
/** 1 where a peer that matches the plan is authentic for the domain. 0 where the host was named by unsigned records: then
 * the peer is that host, and nobody knows whether the domain wanted it. Never log such a delivery as verified. */
DANELAW_API int danelaw_route_speaks_for_domain(const danelaw_route* route, size_t index);
/** Reference identifier `name` of host `index`, the TLSA base domain first (RFC 7672 section 3.2.2, RFC 7673 section 4).
 * They count where names are compared: usage 2, and where the application's own verification decides. NULL past the end. */
DANELAW_API const char* danelaw_route_name(const danelaw_route* route, size_t index, size_t name);
/** The plan: outcome, records, base domain. Lives as long as the route. NULL past the end. */
DANELAW_API const danelaw_plan* danelaw_route_plan(const danelaw_route* route, size_t index);

/** danelaw_ssl_set_route_host prepares `ssl` for host `index`: its plan, SNI, whether the peer is verified at all, and TLS
 * 1.2 at least where TLS is required. For mail whose TLS is opportunistic the verification is switched off, so that
 * nobody takes it for authentication. Where the application's own verification decides (srv), `ssl` expects one of the
 * reference identifiers in the certificate.
 *
 * The SSL_CTX must be attached (danelaw_ssl_ctx_attach(), whose resolver may be NULL).
 *
 * Returns     DANELAW_OK; DANELAW_ERR_STATE for a host that must not be used, for a search that is not done, and where
 *             danelaw_ssl_set_plan() says so; DANELAW_ERR_ARGUMENT past the end. On error no handshake may follow.
 * Threads     As for `ssl`. */
DANELAW_API int danelaw_ssl_set_route_host(SSL* ssl, const danelaw_route* route, size_t index,
                                           danelaw_problem* problem);

/* ------------------------------------------------------------------ MTA-STS */

/** Whether a domain announces a policy of MTA-STS (RFC 8461 section 3.1). The policy itself is the application's to fetch, by
 * HTTPS, and to keep: this is the part that DNS has. One thread at a time until danelaw_sts_wait() has returned DANELAW_OK;
 * immutable and shared from then on. */
typedef struct danelaw_sts danelaw_sts;

/** danelaw_sts_begin asks for the TXT record at `_mta-sts.` of `domain`, a host name, and returns. The record may be
 * unsigned: it says only that there is a policy, and which, and vouches for nothing.
 *
 * Where the route to the domain says that DANE authenticates its hosts, that goes before any policy of MTA-STS, and a
 * failed lookup there stays a failure (RFC 8461 section 2).
 *
 * Returns     DANELAW_OK; DANELAW_ERR_NAME. What DNS says, failures too, is in the object.
 * Blocking    Not here. */
DANELAW_API int danelaw_sts_begin(danelaw_resolver* resolver, const char* domain, danelaw_sts** sts,
                                  danelaw_problem* problem);
/** As danelaw_route_wait().
 * Blocking    At most `milliseconds`, and never past the resolver's deadline; 0 does not block. */
DANELAW_API int danelaw_sts_wait(danelaw_sts* sts, unsigned milliseconds);
/** As danelaw_route_descriptor(). */
DANELAW_API int danelaw_sts_descriptor(danelaw_sts* sts);
/** Ends a lookup that is not done. */
DANELAW_API void danelaw_sts_free(danelaw_sts* sts);

/** The domain in A-labels: the policy stands at https://mta-sts.DOMAIN/.well-known/mta-sts.txt. */
DANELAW_API const char* danelaw_sts_domain(const danelaw_sts* sts);
/** The policy's id, which changes when the policy does; "" where none is announced. A policy that was kept is in force for
 * its max_age all the same. */
DANELAW_API const char* danelaw_sts_id(const danelaw_sts* sts);
/** "" where there is an id; else the stable word: "absent", "several", "malformed", "private-name", "pending", or the fault
 * of the lookup: "bogus", "timeout" … */
DANELAW_API const char* danelaw_sts_code(const danelaw_sts* sts);
/** One line for people; "" where there is an id. */
DANELAW_API const char* danelaw_sts_reason(const danelaw_sts* sts);
/** Until when this holds, in seconds since 1970-01-01 UTC; 0 for a failed lookup. */
DANELAW_API int64_t danelaw_sts_expiry(const danelaw_sts* sts);

#ifdef __cplusplus
}
#endif
#endif
