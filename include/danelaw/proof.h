/* SPDX-License-Identifier: Apache-2.0 */
/** @file proof.h
 * Proofs of answers (RFC 9102): made for a TLS server to staple, and judged without DNS. The rules of danelaw.h
 * hold here, too.
 */
#ifndef DANELAW_PROOF_H
#define DANELAW_PROOF_H

#include "danelaw/danelaw.h"

#ifdef __cplusplus
extern "C" {
#endif

/** danelaw_query_proof asks as danelaw_query() does, and the answer carries the records that prove it: what a TLS server
 * staples (RFC 9102), or what another process validates without DNS. Nothing is taken from a cache and nothing kept:
 * the proof holds all that is needed from the trust anchors down, and no record besides.
 *
 * `settings` are those of a resolver (NULL: defaults); the engine must be `stub`.
 *
 * Returns     DANELAW_OK with an answer, also where its status is DANELAW_STATUS_ERROR; it has a proof unless its status
 *             is that, or nothing is signed because no trust anchor covers the name. DANELAW_ERR_NAME;
 *             DANELAW_ERR_ARGUMENT for an unknown type; DANELAW_ERR_ANCHOR; DANELAW_ERR_UNSUPPORTED for an engine that
 *             keeps no records; DANELAW_ERR_LOOKUP where the proof is longer than RFC 9102 allows.
 * Blocking    At most the deadline of `settings`. */
DANELAW_API int danelaw_query_proof(const danelaw_settings* settings, const char* name, const char* type,
                                    danelaw_answer** answer, danelaw_problem* problem);

/** The proof as an AuthenticationChain (RFC 9102 section 2.3): uncompressed records in wire form. NULL where there is
 * none. */
DANELAW_API const uint8_t* danelaw_answer_proof(const danelaw_answer* answer, size_t* octets);
/** The proof as `extension_data` of a server's dnssec_chain extension, with the hours, 0 to 65535, for which the server
 * promises to go on sending one (ExtSupportLifetime); 0 promises nothing. NULL where there is none.
 * Ownership   Lives until the next call for the same answer. */
DANELAW_API const uint8_t* danelaw_answer_extension_data(danelaw_answer* answer, unsigned support_lifetime,
                                                         size_t* octets);
/** RRsets in the proof; those whose signatures end first come first. */
DANELAW_API size_t danelaw_answer_proof_count(const danelaw_answer* answer);
/** "example.com DNSKEY", and in `signed_until` (may be NULL) when the last of its signatures ends, in seconds since
 * 1970-01-01 UTC. NULL past the end. */
DANELAW_API const char* danelaw_answer_proof_text(const danelaw_answer* answer, size_t index,
                                                  int64_t* signed_until);

/** How danelaw_validate_proof() works. See "Structs" in danelaw.h. */
typedef struct danelaw_proof_options {
  size_t size;
  const char* trust_anchors; /**< a file or directory, as in the setting of that name; NULL: the default */
  int has_time;              /**< 1: judge at `time`; 0: now */
  int64_t time;              /**< seconds since 1970-01-01 UTC */
  int is_extension_data; /**< 1: the proof is `extension_data` of a server's dnssec_chain extension (RFC 9102 section
                                2.3), with or without the chain's length; 0: an AuthenticationChain alone */
  int wants_trace; /**< 1: the answer has a trace, see trace.h */
} danelaw_proof_options;

/** danelaw_validate_proof judges a proof that came without DNS: the code that judges lookups, on these records alone.
 * Their order does not matter, and neither do records that belong to another question.
 *
 * An insecure answer whose reason is nsec3-iterations says only that this proof shows no more: a lookup asks further (RFC 9276).
 *
 * The answer's status is DANELAW_STATUS_ERROR where nothing is proven; its fault is then "bogus", "indeterminate" where
 * records are missing or no trust anchor covers the name, or "malformed" where the octets are no proof at all.
 *
 * A genuine proof can be replayed until its signatures end. Whoever keeps one must not use it longer than
 * danelaw_answer_ttl() said when it was new.
 *
 * Returns     DANELAW_OK with an answer, whatever it is; DANELAW_ERR_NAME; DANELAW_ERR_ARGUMENT for an unknown type;
 *             DANELAW_ERR_ANCHOR. */
DANELAW_API int danelaw_validate_proof(const uint8_t* proof, size_t octets, const char* name,
                                       const char* type, const danelaw_proof_options* options,
                                       danelaw_answer** answer, danelaw_problem* problem);
/** ExtSupportLifetime of the extension data that was validated, in hours; -1 where there was none. */
DANELAW_API int danelaw_answer_support_lifetime(const danelaw_answer* answer);

#ifdef __cplusplus
}
#endif
#endif
