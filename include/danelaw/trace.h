/* SPDX-License-Identifier: Apache-2.0 */
/** @file trace.h
 * How an answer came about: the chain of trust from the trust anchors to the record, step by step, for people and for
 * pictures. The rules of danelaw.h hold here, too.
 *
 * A trace is part of an answer. It is written by the validator while it judges, so that it cannot say anything else than the
 * answer's status. Nothing of it may be used in the place of the answer: RDATA is not in it.
 */
#ifndef DANELAW_TRACE_H
#define DANELAW_TRACE_H

#include "danelaw/danelaw.h"

#ifdef __cplusplus
extern "C" {
#endif

/** danelaw_query_trace asks as danelaw_query_proof() of proof.h does, the proof included, and the answer has a trace: also
 * where it is bogus, and of what was obtained where the lookup failed.
 *
 * `settings` are those of a resolver (NULL: defaults); the engine must be `stub`.
 *
 * Returns     As danelaw_query_proof().
 * Blocking    At most the deadline of `settings`. */
DANELAW_API int danelaw_query_trace(const danelaw_settings* settings, const char* name, const char* type,
                                    danelaw_answer** answer, danelaw_problem* problem);

/** Steps, in the order of the validator's way; the last is the end. 0 where the answer has no trace: one by
 * danelaw_query_trace() has one if anything was asked, one by danelaw_validate_proof() if its options wanted it and the proof
 * could be read. */
DANELAW_API size_t danelaw_answer_trace_count(const danelaw_answer* answer);

/** What a step says in words; new ones are only appended. A step that has none of that kind gives "". */
typedef enum danelaw_trace_word DANELAW_ANY_INT {
  /** "question": a name of the alias chain is looked into. "anchor": a configured DS or DNSKEY record. "rrset": records
   * whose signatures were looked at. "ds", "dnskey", "signature": a record of an RRset, or over it. "denial": what an NSEC or
   * NSEC3 record proves about the owner. "alias": from the owner to the target. "missing": records that would be needed.
   * "end": the verdict. */
  DANELAW_TRACE_KIND = 0,
  /** "secure"; "insecure": signatures end here, by proof; "bogus"; "missing": not to be had; "unused": nothing rests on it. */
  DANELAW_TRACE_STATE = 1,
  DANELAW_TRACE_OWNER = 2,
  DANELAW_TRACE_TYPE = 3, /**< "TLSA"; of a signature the type that it covers */
  DANELAW_TRACE_ZONE =
      4, /**< that is to sign it; of a signature the signer; of an insecure end the zone cut */
  DANELAW_TRACE_TARGET = 5, /**< of an alias; of an RRset that stands for a wildcard, that wildcard */
  DANELAW_TRACE_CODE = 6,   /**< a stable word: "signature-expired", "no-data", "delegation-without-ds" … */
  DANELAW_TRACE_TEXT = 7    /**< one line for people; never to be parsed */
} danelaw_trace_word;

/** Returns     NULL past the end, and for an unknown kind of word. */
DANELAW_API const char* danelaw_answer_trace_word(const danelaw_answer* answer, size_t step,
                                                  danelaw_trace_word word);

/** Numbers of a step; new ones are only appended. */
typedef enum danelaw_trace_number DANELAW_ANY_INT {
  DANELAW_TRACE_RRSET = 0,       /**< the step of the RRset that this one is part of, or about */
  DANELAW_TRACE_RECORDS = 1,     /**< of an RRset */
  DANELAW_TRACE_KEY_TAG = 2,     /**< RFC 4034 appendix B */
  DANELAW_TRACE_ALGORITHM = 3,   /**< IANA's number */
  DANELAW_TRACE_DIGEST_TYPE = 4, /**< likewise */
  DANELAW_TRACE_FLAGS = 5,       /**< of a DNSKEY (RFC 4034 section 2.1.1) */
  DANELAW_TRACE_INCEPTION = 6,   /**< of a signature, in seconds since 1970-01-01 UTC; 0: before that */
  DANELAW_TRACE_EXPIRATION = 7,  /**< likewise */
  DANELAW_TRACE_BASES = 8        /**< how many steps this one rests on */
} danelaw_trace_number;

/** Returns     -1 where the step has no such number. */
DANELAW_API int64_t danelaw_answer_trace_number(const danelaw_answer* answer, size_t step,
                                                danelaw_trace_number number);

/** The step before this one that it rests on, `index` counted from 0: a key on the DS records or anchors that name it, a
 * signature on its key, the end on what decided it.
 *
 * Returns     -1 past the last. */
DANELAW_API int64_t danelaw_answer_trace_basis(const danelaw_answer* answer, size_t step, size_t index);

#ifdef __cplusplus
}
#endif
#endif
