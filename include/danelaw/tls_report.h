/* SPDX-License-Identifier: Apache-2.0 */
/** @file tls_report.h
 * Counting for SMTP TLS reporting (RFC 8460): which sessions went well under which policy of which domain, and why others failed,
 * and the report's JSON. Sending it is the application's.
 *
 * The rules at the top of danelaw.h hold here too.
 */
#ifndef DANELAW_TLS_REPORT_H
#define DANELAW_TLS_REPORT_H

#include "danelaw/danelaw.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The counts of one period, usually a day. One thread at a time. At most 20000 policies are counted, and for each 64 kinds of
 * failure in detail. */
typedef struct danelaw_tls_report danelaw_tls_report;

/** NULL where there is no memory. */
DANELAW_API danelaw_tls_report* danelaw_tls_report_new(void);
DANELAW_API void danelaw_tls_report_free(danelaw_tls_report* report);

/** RFC 8460 section 4.2. */
typedef enum danelaw_tls_policy_type DANELAW_ANY_INT {
  DANELAW_TLS_NO_POLICY = 0, /**< "no-policy-found" */
  DANELAW_TLS_TLSA = 1,      /**< "tlsa" */
  DANELAW_TLS_STS = 2        /**< "sts" */
} danelaw_tls_policy_type;

/** How a session went (RFC 8460 section 4.3). New ones are only appended. */
typedef enum danelaw_tls_result DANELAW_ANY_INT {
  DANELAW_TLS_SUCCESS = 0,
  DANELAW_TLS_STARTTLS_NOT_SUPPORTED = 1,
  DANELAW_TLS_CERTIFICATE_HOST_MISMATCH = 2,
  DANELAW_TLS_CERTIFICATE_EXPIRED = 3,
  DANELAW_TLS_CERTIFICATE_NOT_TRUSTED = 4,
  DANELAW_TLS_VALIDATION_FAILURE = 5,
  DANELAW_TLS_TLSA_INVALID = 6,
  DANELAW_TLS_DNSSEC_INVALID = 7,
  DANELAW_TLS_DANE_REQUIRED = 8,
  DANELAW_TLS_STS_POLICY_FETCH_ERROR = 9,
  DANELAW_TLS_STS_POLICY_INVALID = 10,
  DANELAW_TLS_STS_WEBPKI_INVALID = 11
} danelaw_tls_result;
/** "success", "starttls-not-supported" …; "unknown" for any other number. Never NULL. */
DANELAW_API const char* danelaw_tls_result_name(danelaw_tls_result result);

/** One session, or several that went the same way. See "Structs" in danelaw.h. */
typedef struct danelaw_tls_session {
  size_t size;
  const char* policy_domain; /**< the domain whose policy it is; needed */
  danelaw_tls_policy_type policy_type;
  const char* policy_strings; /**< lines: of the MTA-STS policy, or a TLSA record each. NULL: none */
  const char* mx_hosts;       /**< lines: the patterns of the MTA-STS policy. NULL: none */
  danelaw_tls_result result;
  /* Of a failure; NULL: not known. */
  const char* sending_ip;
  const char* receiving_host; /**< the name of the MX host */
  const char* receiving_ip;
  const char* reason_code; /**< additional information, as a word */
  uint64_t sessions;       /**< 0 counts as 1 */
} danelaw_tls_session;

/** danelaw_tls_report_count counts `session`.
 *
 * Returns     DANELAW_OK, also where a limit leaves it out; DANELAW_ERR_ARGUMENT. */
DANELAW_API int danelaw_tls_report_count(danelaw_tls_report* report, const danelaw_tls_session* session,
                                         danelaw_problem* problem);
/** Policies that were counted, and sessions that the limit left out. */
DANELAW_API size_t danelaw_tls_report_policies(const danelaw_tls_report* report);
DANELAW_API uint64_t danelaw_tls_report_left_out(const danelaw_tls_report* report);

/** What a report says of itself. See "Structs" in danelaw.h. */
typedef struct danelaw_tls_report_head {
  size_t size;
  const char* organization;
  const char* contact; /**< an address for questions */
  const char* report_id;
  int64_t start; /**< seconds since 1970-01-01 UTC */
  int64_t end;
} danelaw_tls_report_head;

/** danelaw_tls_report_json writes the report (RFC 8460 section 4.4). The counts stay.
 *
 * Ownership   The text lives until the next call for the same report.
 * Returns     DANELAW_OK; DANELAW_ERR_ARGUMENT. */
DANELAW_API int danelaw_tls_report_json(danelaw_tls_report* report, const danelaw_tls_report_head* head,
                                        const char** text, danelaw_problem* problem);

#ifdef __cplusplus
}
#endif
#endif
