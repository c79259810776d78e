/* SPDX-License-Identifier: Apache-2.0 */
/** @file danelaw.h
 * Danelaw makes TLS clients enforce DANE (RFC 6698, 7671, 7672, 7673). This header holds what needs no TLS library:
 * settings, resolver, lookups, records, plans, verdicts; proof.h adds proofs. openssl.h ties them to an SSL.
 *
 * Rules of the whole interface, said once. A function adds only what is its own.
 *
 * Ownership   `danelaw_…_new` and functions with an out-parameter of a `danelaw_… **` give the caller an object that
 *             `danelaw_…_free` ends; `_free(NULL)` does nothing. Strings and arrays given in are copied. Strings given
 *             out belong to the object they were asked of and live as long as it does.
 * Errors      Functions that can fail return DANELAW_OK (0) or a DANELAW_ERR_ code, which is stable. Where they take a
 *             `danelaw_problem *` they also write one line for people there: what, where, what to do; it may be NULL.
 *             Outputs are written only on success. No exception and no signal leaves the library.
 * Structs     One that begins with `size` may grow. Zero it, then set `size` to its sizeof. A member that an older caller's struct does
 *             not have counts as zero; a wrong size, or a member that this library does not know, is DANELAW_ERR_ARGUMENT.
 * Fails safe  Every error, and everything that was left out, ends in a failed handshake, never in an accepted peer.
 * Blocking    Only functions that say so block, and never longer than they say.
 * Threads     Objects marked "shared" may be used from any number of threads at once. Others: one thread at a time.
 * Fork        A child may go on using every object; what needs a thread starts its own at its first lookup. A lookup that
 *             the parent began, finished or not, begins anew in the child, with its whole deadline.
 * Since       0.1, unless a function says otherwise.
 */
#ifndef DANELAW_DANELAW_H
#define DANELAW_DANELAW_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DANELAW_API __attribute__((visibility("default")))
#else
#define DANELAW_API
#endif

/* In C++ every int is a value of our enumerations: a wrong one, or a later version's, is told and does no harm. */
#ifdef __cplusplus
#define DANELAW_ANY_INT : int
#else
#define DANELAW_ANY_INT
#endif

#define DANELAW_VERSION_MAJOR 0
#define DANELAW_VERSION_MINOR 1
#define DANELAW_VERSION_PATCH 0

/** The version of the library that runs: "0.1.0". Never NULL. */
DANELAW_API const char* danelaw_version(void);

/* ------------------------------------------------------------------ errors */

/** Stable codes. New ones are only appended. */
enum {
  DANELAW_OK = 0,
  DANELAW_ERR_ARGUMENT =
      1,                  /**< a call that breaks this contract: NULL, index out of range, unknown constant */
  DANELAW_ERR_NAME = 2,   /**< not a DNS name, or not a host name where one is needed */
  DANELAW_ERR_PORT = 3,   /**< not a port: 1 to 65535 */
  DANELAW_ERR_RECORD = 4, /**< text or data that is no TLSA record */
  DANELAW_ERR_ANCHOR = 5, /**< trust anchors missing, unreadable or garbage */
  DANELAW_ERR_SETTING = 6,      /**< unknown setting, or bad value */
  DANELAW_ERR_CERTIFICATE = 7,  /**< certificate input unreadable or garbage */
  DANELAW_ERR_STATE = 8,        /**< the right call at the wrong time */
  DANELAW_ERR_LOOKUP = 9,       /**< DNS could not be asked */
  DANELAW_ERR_RESOURCE = 10,    /**< memory, descriptors, threads */
  DANELAW_ERR_UNSUPPORTED = 11, /**< known, but not in this build or version */
  DANELAW_ERR_PENDING = 12,     /**< not there yet: poll the descriptor and ask again */
  DANELAW_ERR_INTERNAL = 13     /**< a fault of ours */
};

/** The stable word of a code: "ok", "name", "port" …; "unknown" for any other number. Never NULL. */
DANELAW_API const char* danelaw_error_name(int code);

/** One line for people, made by a function that failed. Zero-initialise it. */
typedef struct danelaw_problem {
  int code;       /**< DANELAW_ERR_… */
  char text[508]; /**< UTF-8, always terminated, cut where it is longer */
} danelaw_problem;

/* ------------------------------------------------------------------ settings */

typedef enum danelaw_mode DANELAW_ANY_INT {
  DANELAW_MODE_OFF = 0,           /**< no lookup: the application's own verification only */
  DANELAW_MODE_OPPORTUNISTIC = 1, /**< DANE wherever the domain publishes it; a failed lookup is a failure */
  DANELAW_MODE_MANDATORY = 2      /**< DANE, or failure */
} danelaw_mode;

typedef enum danelaw_profile DANELAW_ANY_INT {
  DANELAW_PROFILE_GENERIC = 0, /**< RFC 6698 and 7671: HTTPS and everything else */
  DANELAW_PROFILE_SMTP = 1,    /**< RFC 7672 */
  DANELAW_PROFILE_SRV = 2      /**< RFC 7673 */
} danelaw_profile;

typedef enum danelaw_transport DANELAW_ANY_INT {
  DANELAW_TRANSPORT_TCP = 0,
  DANELAW_TRANSPORT_UDP = 1,
  DANELAW_TRANSPORT_SCTP = 2
} danelaw_transport;

/** Settings by name, so that a file, a command line and a program name the same things. danelaw.conf(5) has them all.
 *
 * | key | value | default |
 * |---|---|---|
 * | `engine` | `stub`: asks `resolvers`, and validates what they say; `recursing`: asks the root and those below it; `none`: asks nobody, so only what servers prove counts (`dnssec_chain`) | `stub`; `recursing` once `root_servers` are set |
 * | `trust_anchors` | a file or directory of DS and DNSKEY records | the system's root keys, else the two built in |
 * | `trust_anchor_state` | absolute path of a file that is written: the trust anchors, those of one zone, follow their zone's keys (RFC 5011); needs engine `stub` | none |
 * | `root_servers` | IP addresses, separated by commas: where the recursing engine begins | the Internet's |
 * | `resolvers` | whom the stub engine asks, at most 16, separated by commas: `IP[@PORT]` by UDP and TCP; over TLS (RFC 7858) `tls://IP[@PORT]/NAME` or `tls://IP[@PORT]/pin-sha256=BASE64`, authenticated by that name or key, never asked in the clear | those of /etc/resolv.conf |
 * | `resolver_ca_file` | PEM file: the only authorities trusted for the names of `tls://` resolvers; needs one of those among `resolvers` | the system's trust store |
 * | `deadline` | milliseconds over a whole lookup, 1 to 600000 | `5000` |
 * | `cache_entries` | answers kept in memory, 0 to 1000000 | `4096` |
 * | `cache` | `off`, or the absolute path of a directory in which answers are kept with their proofs, for all processes of this user; needs engine `stub`; see danelaw_check_cache() | `off` |
 * | `negative_anchors` | names, separated by commas: at and below them everything is insecure (RFC 7646) | none |
 * | `never_asked` | names, separated by commas: at and below them no question is put | none |
 * | `mode` | `off`, `opportunistic`, `mandatory` | `opportunistic` |
 * | `profile` | `generic`, `smtp`, `srv` | `generic` |
 * | `dane_ee_names` | `profile`, `check`, `skip`: are names compared where usage 3 matched | `profile` |
 * | `verify_none` | `respect`, `enforce`: what a verdict means where the program asked for no verification | `respect` |
 * | `server_name` | `base_domain`, `own`: SNI becomes the TLSA base domain and aliases are followed, or it stays the application's and only that name counts (RFC 7671 section 7) | `base_domain` |
 * | `waiting` | `block`, `retry`: what a handshake does while the lookup is on its way | `block` |
 * | `insecure_mx` | `may`, `encrypt`, `dane`: what TLSA records of hosts ask for that unsigned MX records name (smtp.h, RFC 7672 section 2.2.1): nothing; TLS; TLS with authentication of the host, not of the domain | `may` |
 * | `insecure_ignore_lookup_errors` | `no`, `yes`: take a failed lookup for "no TLSA". An attacker can make lookups fail | `no` |
 * | `dnssec_chain` | `off`, `on`: ask servers for their records in the handshake (TLS extension 59, RFC 9102) where DNS has not answered yet; DNS decides where they send none, or none that is valid | `off` |
 * | `dnssec_chain_pins` | `off`, `memory`, or the absolute path of a file: whether a server's promise to send a chain is kept, so that `insecure_ignore_lookup_errors` never counts for it (RFC 9102 section 7); kept by the resolver, whose settings then have `dnssec_chain` `on`, too | `off` |
 * | `dnssec_chain_pin_cap` | hours that such a promise is kept at most, 1 to 65535 | `720` |
 */
typedef struct danelaw_settings danelaw_settings;

/** danelaw_settings_new makes settings with every default. NULL where there is no memory. */
DANELAW_API danelaw_settings* danelaw_settings_new(void);
DANELAW_API void danelaw_settings_free(danelaw_settings* settings);

/** danelaw_settings_set sets `key` to `value`; both as in the table above.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_SETTING for an unknown key or a bad value, with the accepted ones in `problem`;
 *             DANELAW_ERR_NAME for a list entry that is no DNS name; DANELAW_ERR_UNSUPPORTED for an engine or option
 *             that this version does not have. On error the settings are as before. */
DANELAW_API int danelaw_settings_set(danelaw_settings* settings, const char* key, const char* value,
                                     danelaw_problem* problem);

/** The value as danelaw_settings_set() would take it; NULL for an unknown key. */
DANELAW_API const char* danelaw_settings_get(const danelaw_settings* settings, const char* key);

/* ------------------------------------------------------------------ resolver and lookups */

/** Asks DNS, validates, caches. Shared. Contexts it is attached to keep it alive: it may be freed at any time. */
typedef struct danelaw_resolver danelaw_resolver;

/** danelaw_resolver_new makes a resolver. Trust anchors are read now; no thread, socket or question before the first
 * lookup.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_ANCHOR; DANELAW_ERR_SETTING; DANELAW_ERR_RESOURCE. */
DANELAW_API int danelaw_resolver_new(const danelaw_settings* settings, danelaw_resolver** resolver,
                                     danelaw_problem* problem);
DANELAW_API void danelaw_resolver_free(danelaw_resolver* resolver);

/** danelaw_resolver_asks says whether the setting `resolvers` names this IP address and port, by whatever transport: for who looks at
 * the sockets of a process and must tell the resolver's from the program's. 1 or 0; 0 also for what is no IP address. What the
 * engine finds by itself, the system's resolvers and name servers, is always at port 53. Any thread; never blocks. */
DANELAW_API int danelaw_resolver_asks(const danelaw_resolver* resolver, const char* ip, unsigned port);

/** danelaw_check_cache looks whether the directory of the setting `cache` can be used; one that is not there yet can, if it can be
 * made. A resolver does not say so: it goes on without.
 *
 * The directory is made with mode 0700 when the first answer is kept, and must belong to the effective user alone. Answers
 * are kept after they were given. What is read is validated anew with the trust anchors of the resolver, and is never used longer than an
 * answer in memory would be; anything else costs only the time to ask DNS. Programs that run with another user's rights
 * (AT_SECURE) have none.
 *
 * Returns     DANELAW_OK, also where the setting is `off`; DANELAW_ERR_RESOURCE with the reason.
 * Blocking    As long as the file system does. */
DANELAW_API int danelaw_check_cache(const danelaw_settings* settings, danelaw_problem* problem);

/** What DNS said. The first five are RFC 6698's and RFC 7672's outcomes of a TLSA lookup. */
typedef enum danelaw_outcome DANELAW_ANY_INT {
  DANELAW_OUTCOME_ERROR = 0,           /**< bogus, timeout, SERVFAIL …: never absence */
  DANELAW_OUTCOME_SECURE_USABLE = 1,   /**< validated, at least one record can be acted on */
  DANELAW_OUTCOME_SECURE_UNUSABLE = 2, /**< validated, no record can be acted on */
  DANELAW_OUTCOME_SECURE_ABSENT = 3,   /**< validated denial */
  DANELAW_OUTCOME_INSECURE = 4,        /**< provably unsigned; carries no records */
  DANELAW_OUTCOME_NOT_ASKED = 5        /**< no question was put: IP literal, private name, mode off */
} danelaw_outcome;

/** "error", "secure-usable" …; "unknown" for any other number. Never NULL. */
DANELAW_API const char* danelaw_outcome_name(danelaw_outcome outcome);

/** One DNS question and its validated answer. */
typedef struct danelaw_answer danelaw_answer;

typedef enum danelaw_status DANELAW_ANY_INT {
  DANELAW_STATUS_ERROR = 0,         /**< see danelaw_answer_fault(): "bogus", "timeout" … */
  DANELAW_STATUS_SECURE = 1,        /**< a validated RRset */
  DANELAW_STATUS_SECURE_ABSENT = 2, /**< a validated denial */
  DANELAW_STATUS_INSECURE = 3       /**< provably unsigned; carries no records */
} danelaw_status;

/** danelaw_query asks one question and waits for the answer. `type` is a mnemonic ("TLSA", "AAAA") or RFC 3597's
 * "TYPE52"; `name` may be an internationalised name.
 *
 * Returns     DANELAW_OK with an answer, also where its status is DANELAW_STATUS_ERROR; DANELAW_ERR_NAME;
 *             DANELAW_ERR_ARGUMENT for an unknown type.
 * Blocking    At most the resolver's deadline. */
DANELAW_API int danelaw_query(danelaw_resolver* resolver, const char* name, const char* type,
                              danelaw_answer** answer, danelaw_problem* problem);
DANELAW_API void danelaw_answer_free(danelaw_answer* answer);
DANELAW_API danelaw_status danelaw_answer_status(const danelaw_answer* answer);
/** "" unless the status is an error; else the stable word: "bogus", "server-failure", "timeout" … */
DANELAW_API const char* danelaw_answer_fault(const danelaw_answer* answer);
/** One line for people. */
DANELAW_API const char* danelaw_answer_reason(const danelaw_answer* answer);
/** The stable word of why it is so: "signature-expired", "unsigned-delegation", "name-error", "incomplete" … Answers of
 * danelaw_query() have one where they are denials only; else "". */
DANELAW_API const char* danelaw_answer_code(const danelaw_answer* answer);
/** The name at the end of the alias chain; "" where the answer has none. */
DANELAW_API const char* danelaw_answer_owner(const danelaw_answer* answer);
/** Seconds for which the answer may be used; 0 for an error. */
DANELAW_API uint32_t danelaw_answer_ttl(const danelaw_answer* answer);
/** When that is over, in seconds since 1970-01-01 UTC; 0 for an error. */
DANELAW_API int64_t danelaw_answer_expiry(const danelaw_answer* answer);
DANELAW_API size_t danelaw_answer_count(const danelaw_answer* answer);
/** Presentation form of record `index`, where the type has one here, else RFC 3597's; NULL past the end. */
DANELAW_API const char* danelaw_answer_text(const danelaw_answer* answer, size_t index);
/** RDATA of record `index`; NULL past the end. */
DANELAW_API const uint8_t* danelaw_answer_rdata(const danelaw_answer* answer, size_t index, size_t* octets);

/* ------------------------------------------------------------------ records and plans */

/** TLSA records that the application brings itself. */
typedef struct danelaw_records danelaw_records;
DANELAW_API danelaw_records* danelaw_records_new(void);
DANELAW_API void danelaw_records_free(danelaw_records* records);
/** Adds "usage selector matching-type hex" (RFC 6698 section 2.2) or RFC 3597's generic form.
 * Returns     DANELAW_OK; DANELAW_ERR_RECORD. A record with unknown values is taken: it is unusable, and explained. */
DANELAW_API int danelaw_records_add_text(danelaw_records* records, const char* text,
                                         danelaw_problem* problem);
/** Adds RDATA (RFC 6698 section 2.1). */
DANELAW_API int danelaw_records_add_rdata(danelaw_records* records, const uint8_t* rdata, size_t octets,
                                          danelaw_problem* problem);

/** All that a handshake needs: outcome, records, names, mode. Any number of threads may use one; none may change it then. */
typedef struct danelaw_plan danelaw_plan;

/** danelaw_plan_from_records makes a plan without DNS: the records count as validated, because the application says
 * so. Mode, profile and dane_ee_names come from `settings` (NULL: defaults). The host is the first reference
 * identifier.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_NAME; DANELAW_ERR_PORT. */
DANELAW_API int danelaw_plan_from_records(const danelaw_settings* settings, const char* host, unsigned port,
                                          danelaw_transport transport, const danelaw_records* records,
                                          danelaw_plan** plan, danelaw_problem* problem);

/** danelaw_plan_without_records makes a plan for an outcome that carries no records: DANELAW_OUTCOME_ERROR,
 * …_SECURE_ABSENT or …_INSECURE, with `reason` (may be NULL) for people. For plan sources.
 *
 * Returns     DANELAW_OK; DANELAW_ERR_ARGUMENT for another outcome; DANELAW_ERR_NAME; DANELAW_ERR_PORT. */
DANELAW_API int danelaw_plan_without_records(const danelaw_settings* settings, const char* host,
                                             unsigned port, danelaw_transport transport,
                                             danelaw_outcome outcome, const char* reason, danelaw_plan** plan,
                                             danelaw_problem* problem);

/** danelaw_plan_lookup asks DNS for the service's TLSA records by the base-domain rules of RFC 7671 section 7.
 *
 * Returns     DANELAW_OK with a plan, also where its outcome is DANELAW_OUTCOME_ERROR; DANELAW_ERR_NAME;
 *             DANELAW_ERR_PORT.
 * Blocking    At most the resolver's deadline. */
DANELAW_API int danelaw_plan_lookup(danelaw_resolver* resolver, const danelaw_settings* settings,
                                    const char* host, unsigned port, danelaw_transport transport,
                                    danelaw_plan** plan, danelaw_problem* problem);

/** Another reference identifier (RFC 7671 section 7), after the ones the plan has. Only while nothing uses the plan.
 * Returns     DANELAW_OK; DANELAW_ERR_NAME; DANELAW_ERR_STATE while a connection or a verdict has it. */
DANELAW_API int danelaw_plan_add_name(danelaw_plan* plan, const char* name, danelaw_problem* problem);
/** The plan must not be used from this time on (seconds since 1970-01-01 UTC). Only while nothing uses it. */
DANELAW_API int danelaw_plan_set_expiry(danelaw_plan* plan, int64_t epoch_seconds);
DANELAW_API void danelaw_plan_free(danelaw_plan* plan);

DANELAW_API danelaw_outcome danelaw_plan_outcome(const danelaw_plan* plan);
/** "" unless the outcome is an error, insecure or not asked; else the stable word: "bogus", "timeout", "ip-literal" … */
DANELAW_API const char* danelaw_plan_fault(const danelaw_plan* plan);
/** One line for people. */
DANELAW_API const char* danelaw_plan_reason(const danelaw_plan* plan);
/** The name for SNI and under which the records stand; "" for an IP literal. */
DANELAW_API const char* danelaw_plan_base_domain(const danelaw_plan* plan);
/** Where the evidence comes from: "dns"; "handshake": the server's own proof (RFC 9102); "application"; "none". Never NULL. */
DANELAW_API const char* danelaw_plan_origin(const danelaw_plan* plan);
DANELAW_API int64_t danelaw_plan_expiry(const danelaw_plan* plan);
/** 1 where a verdict by this plan can need a store of trusted certificates: PKIX usages, or DANE does not apply. */
DANELAW_API int danelaw_plan_needs_trust_store(const danelaw_plan* plan);
DANELAW_API size_t danelaw_plan_record_count(const danelaw_plan* plan);
/** Text of record `index`, its stable standing word ("usable", "digest-length" …); NULL past the end. */
DANELAW_API const char* danelaw_plan_record_text(const danelaw_plan* plan, size_t index);
DANELAW_API const char* danelaw_plan_record_standing(const danelaw_plan* plan, size_t index);

/* ------------------------------------------------------------------ plan sources */

/** A request that a plan source must finish, once, from any thread. Not finishing it ends at the patience. */
typedef struct danelaw_request danelaw_request;

DANELAW_API const char* danelaw_request_host(const danelaw_request* request);
DANELAW_API unsigned danelaw_request_port(const danelaw_request* request);
DANELAW_API danelaw_transport danelaw_request_transport(const danelaw_request* request);
/** 1 where the plan's base domain must be the host itself, because SNI is out already (RFC 7671 section 7). */
DANELAW_API int danelaw_request_host_only(const danelaw_request* request);
/** Ends the request with a plan (it is copied; the caller keeps `plan`). The request must not be used after. A plan for
 * another service, or with another base domain where host-only was asked for, counts as a failed lookup. */
DANELAW_API void danelaw_request_finish(danelaw_request* request, const danelaw_plan* plan);
/** Ends the request with a failed lookup. */
DANELAW_API void danelaw_request_fail(danelaw_request* request, const char* reason);

/** An application's own source of plans. See "Structs". */
typedef struct danelaw_plan_source {
  size_t size;
  /** Starts to make a plan, without waiting. Called from any thread. Owns `request` until it finishes or fails it. In a
   *  forked child it is called again for what the parent asked: a request that was made before a fork is the parent's
   *  to finish. */
  void (*start)(void* user, danelaw_request* request);
  void* user;
  uint64_t patience; /**< milliseconds that a handshake waits, a day at most; 0: 5000 */
} danelaw_plan_source;

/* ------------------------------------------------------------------ verdicts */

typedef enum danelaw_decision DANELAW_ANY_INT {
  DANELAW_UNDECIDED = 0,     /**< no verdict could be reached: a failure */
  DANELAW_AUTHENTICATED = 1, /**< DANE vouches for the peer */
  DANELAW_REJECTED = 2,      /**< DANE applies and does not vouch for the peer */
  DANELAW_NOT_APPLICABLE = 3 /**< DANE does not apply: the application's own verification decided; with the
                                    smtp profile and only unusable records: encrypted, not authenticated */
} danelaw_decision;

/** Stable. New ones are only appended. */
typedef enum danelaw_reason DANELAW_ANY_INT {
  DANELAW_REASON_NONE = 0,
  DANELAW_REASON_MATCHED = 1,
  DANELAW_REASON_RESUMED = 2,
  DANELAW_REASON_NO_MATCH = 3,
  DANELAW_REASON_NAME_MISMATCH = 4,
  DANELAW_REASON_DANE_EE_NAME_MISMATCH = 5,
  DANELAW_REASON_CHAIN_INVALID = 6,
  DANELAW_REASON_NO_CERTIFICATE = 7,
  DANELAW_REASON_LOOKUP_FAILED = 8,
  DANELAW_REASON_MANDATORY_WITHOUT_DANE = 9,
  DANELAW_REASON_SECURE_ABSENT = 10,
  DANELAW_REASON_INSECURE = 11,
  DANELAW_REASON_NO_USABLE_RECORD = 12,
  DANELAW_REASON_NOT_ASKED = 13,
  DANELAW_REASON_SECOND_OPINION = 14,
  DANELAW_REASON_ENGINE = 15,
  DANELAW_REASON_HOOK_BYPASSED = 16,
  DANELAW_REASON_APPLICATION = 17
} danelaw_reason;

/** A verdict and its explanation. A snapshot: it stays as it is when the connection ends. */
typedef struct danelaw_verdict danelaw_verdict;

DANELAW_API void danelaw_verdict_free(danelaw_verdict* verdict);
DANELAW_API danelaw_decision danelaw_verdict_decision(const danelaw_verdict* verdict);
DANELAW_API danelaw_reason danelaw_verdict_reason(const danelaw_verdict* verdict);
DANELAW_API const char* danelaw_decision_name(danelaw_decision decision); /**< "authenticated" … */
DANELAW_API const char* danelaw_reason_name(danelaw_reason reason);       /**< "matched", "no-match" … */
/** 1 where the peer was accepted as far as the verdict and the verification it rests on are concerned. */
DANELAW_API int danelaw_verdict_accepted(const danelaw_verdict* verdict);
/** The X509_V_ code that the TLS library was told. */
DANELAW_API int danelaw_verdict_verify_result(const danelaw_verdict* verdict);
/** OpenSSL's words for it. */
DANELAW_API const char* danelaw_verdict_verify_text(const danelaw_verdict* verdict);
/** Depth of the certificate that a record matched, or that the record's bare key signed; 0 is the end-entity
 * certificate. -1 unless authenticated by a match in this handshake. */
DANELAW_API int danelaw_verdict_match_depth(const danelaw_verdict* verdict);
/** Index of the record that decided; -1 unless authenticated by a match in this handshake. */
DANELAW_API int danelaw_verdict_record(const danelaw_verdict* verdict);
/** The reference identifier found in the certificate; "" where names were not compared. */
DANELAW_API const char* danelaw_verdict_matched_name(const danelaw_verdict* verdict);
/** The plan the verdict was reached by; lives as long as the verdict. NULL where none was. */
DANELAW_API const danelaw_plan* danelaw_verdict_plan(const danelaw_verdict* verdict);
/** The service that the peer was held against, as "host:port/transport" ("[2001:db8::1]:443/tcp"): the one that was named, or
 * that the plugin found. "" where none was, and for chains from files. Lives as long as the verdict. */
DANELAW_API const char* danelaw_verdict_service(const danelaw_verdict* verdict);

/* The explanation: for people and logs, not to be parsed. */
DANELAW_API const char* danelaw_verdict_summary(const danelaw_verdict* verdict);
DANELAW_API const char* danelaw_verdict_chain(const danelaw_verdict* verdict);
DANELAW_API const char* danelaw_verdict_hint(const danelaw_verdict* verdict); /**< what to do; may be "" */
/** What became of the offer to prove the records in the handshake (`dnssec_chain`); "" where there was none. */
DANELAW_API const char* danelaw_verdict_dnssec_chain(const danelaw_verdict* verdict);
DANELAW_API size_t danelaw_verdict_record_count(const danelaw_verdict* verdict);
/** One line on record `index`; NULL past the end. */
DANELAW_API const char* danelaw_verdict_record_text(const danelaw_verdict* verdict, size_t index);
/** The depth at which record `index` matches a certificate that was presented or verified; -1: none. */
DANELAW_API int danelaw_verdict_record_depth(const danelaw_verdict* verdict, size_t index);

/* ------------------------------------------------------------------ offline */

/** How danelaw_verify_chain() works. See "Structs". */
typedef struct danelaw_offline {
  size_t size;
  const char* ca_file;  /**< PEM: the only trust store. NULL: none at all */
  int has_time;         /**< 1: verify at `time`; 0: now */
  int64_t time;         /**< seconds since 1970-01-01 UTC */
  int has_verify_depth; /**< 1: `verify_depth` bounds the path; 0: OpenSSL's default */
  int verify_depth;
} danelaw_offline;

/** danelaw_verify_chain judges a PEM file of certificates, leaf first, by a plan: the code that judges connections.
 *
 * Returns     DANELAW_OK with a verdict, whatever it is; DANELAW_ERR_CERTIFICATE for an unreadable or garbage file.
 *             An empty chain is a verdict. */
DANELAW_API int danelaw_verify_chain(const char* chain_file, const danelaw_plan* plan,
                                     const danelaw_offline* options, danelaw_verdict** verdict,
                                     danelaw_problem* problem);

#ifdef __cplusplus
}
#endif

#endif
