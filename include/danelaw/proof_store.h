/* SPDX-License-Identifier: Apache-2.0 */
/** @file proof_store.h
 * A store of the application's own in which a resolver keeps answers with what proves them, for others and for later: those of
 * the same trust anchors find them there and ask no DNS. The rules of danelaw.h hold here, too.
 *
 * An entry is octets under a name: the question, when it was answered, until when the answer lasts, and the signed records that prove it
 * down from the trust anchors (RFC 9102 section 2.3). Nothing that a store hands out is believed. The reader judges the records
 * anew, by its own trust anchors and clock; what it takes ends when the TTLs of the answer would have ended, counted from the
 * time that the entry says, and within the limits for answers in memory. Only validated records are kept and taken: no denials and no
 * insecure answers, so that a store cannot say that there is nothing.
 *
 * A store that many can write to should authenticate its entries besides, together with their names: whoever can put entries
 * there can hand out genuine records that have since been changed, until their signatures end and as if they were new.
 */
#ifndef DANELAW_PROOF_STORE_H
#define DANELAW_PROOF_STORE_H

#include "danelaw/danelaw.h"

#ifdef __cplusplus
extern "C" {
#endif

/** No entry is longer. Most have some 3000 octets. */
#define DANELAW_PROOF_ENTRY_MOST 98304

/** A request for one entry, that a store must finish, once. */
typedef struct danelaw_proof_request danelaw_proof_request;

/** danelaw_proof_request_finish ends the request with what the store has under the name, which is copied; NULL where it has nothing.
 * The request must not be used after.
 *
 * Returns     Nothing. What is longer than DANELAW_PROOF_ENTRY_MOST counts as nothing.
 * Blocking    Never.
 * Threads     Any thread, also from within `fetch`, and also when nobody waits any more or the resolver is gone. In a forked child
 *             the requests of the parent are not to be finished. */
DANELAW_API void danelaw_proof_request_finish(danelaw_proof_request* request, const uint8_t* entry,
                                              size_t octets);

/** An application's own store. See "Structs" in danelaw.h.
 *
 * Names are 64 hexadecimal digits, a digest of trust anchors and question. The functions are called by one thread for each resolver,
 * which all its lookups wait for: none of them may wait for anything. */
typedef struct danelaw_proof_store {
  size_t size;
  void* user;
  /** Begins to look for an entry, and owns `request` until it finishes it. */
  void (*fetch)(void* user, const char* name, danelaw_proof_request* request);
  /** Here is an entry to keep until `expiry` (seconds since 1970-01-01 UTC), after which it is of no use to anybody; it lives until
   *  the function returns. Called after the answer was given, when no lookup is on its way. NULL: nothing is kept. */
  void (*keep)(void* user, const char* name, const uint8_t* entry, size_t octets, int64_t expiry);
  /** What `fetch` found proves nothing here: other octets, another question, invalid signatures, past its time. NULL: not said. */
  void (*refuse)(void* user, const char* name);
  /** Milliseconds that a lookup waits for `fetch` before it asks DNS; 0: 50; at most a quarter of the setting `deadline` counts. */
  uint64_t patience;
} danelaw_proof_store;

/** danelaw_settings_set_proof_store gives resolvers that are made with `settings` afterwards a store, which they ask before DNS and after
 * the directory of the setting `cache`. NULL: none. The engine must be `stub`; danelaw_resolver_new() says so.
 *
 * Ownership   `store` is copied. Its `user` must live until those resolvers, and every route, sts, SSL_CTX and SSL that was begun with
 *             them, are freed; `keep` may be called within the last of these calls.
 * Fork        A child's lookups call the same functions, in a thread of the child: a store that has threads or locks of its own must
 *             see to it that `fetch` works there, or finishes with NULL.
 * Returns     DANELAW_OK; DANELAW_ERR_ARGUMENT, also for a store without `fetch`.
 * Fails safe  A store that is gone, late or full of lies costs each question `patience` at most, and changes no answer. */
DANELAW_API int danelaw_settings_set_proof_store(danelaw_settings* settings, const danelaw_proof_store* store,
                                                 danelaw_problem* problem);

#ifdef __cplusplus
}
#endif
#endif
