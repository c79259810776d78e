#include "verify/dane_engine.hpp"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/own_work.hpp"
#include "base/quiet_errors.hpp"
#include "tlsa/matching.hpp"
#include "verify/action.hpp"
#include "verify/reference_identifiers.hpp"
#include "verify/second_opinion.hpp"

namespace danelaw::verify {
namespace {

struct StoreContextFree {
  void operator()(X509_STORE_CTX* ctx) const { X509_STORE_CTX_free(ctx); }
};
using OwnedStoreContext = std::unique_ptr<X509_STORE_CTX, StoreContextFree>;

int report_as_it_is(int ok, X509_STORE_CTX*) { return ok; }

/// Lends `dane` and a callback that alters nothing to a store context: an application's callback may answer 1
/// to every error, which is its right for its own verification and not for this one.
class BorrowedContext final {
 public:
  BorrowedContext(X509_STORE_CTX* ctx, SSL_DANE* dane)
      : m_ctx(ctx), m_callback(X509_STORE_CTX_get_verify_cb(ctx)) {
    X509_STORE_CTX_set_verify_cb(ctx, report_as_it_is);
    if (dane != nullptr) X509_STORE_CTX_set0_dane(ctx, dane);
    m_lent = dane != nullptr;
  }
  ~BorrowedContext() {
    X509_STORE_CTX_set_verify_cb(m_ctx, m_callback);
    if (m_lent) X509_STORE_CTX_set0_dane(m_ctx, nullptr);
  }
  BorrowedContext(const BorrowedContext&) = delete;
  BorrowedContext& operator=(const BorrowedContext&) = delete;

 private:
  X509_STORE_CTX* m_ctx;
  X509_STORE_CTX_verify_cb m_callback;
  bool m_lent = false;
};

using UsableRecords = std::vector<tlsa::UsableRecord>;

/// Where the path may stop.
enum class PathEnd { AsConfigured, SelfIssued };

/// One way in which the chain may be accepted: with these records and no others.
struct Attempt {
  UsableRecords records;
  PathEnd path_end = PathEnd::AsConfigured;
};

/// Far more trust anchors in full than anybody publishes; those beyond are tried together.
constexpr std::size_t most_lone_anchors = 16;

bool needs_pkix(const tlsa::UsableRecord& record) {
  return record.usage() == tlsa::Usage::PkixTa || record.usage() == tlsa::Usage::PkixEe;
}

/// A record that holds a certificate or key to build paths with, not only something to compare.
bool brings_an_issuer(const tlsa::UsableRecord& record) {
  const bool anchor = record.usage() == tlsa::Usage::PkixTa || record.usage() == tlsa::Usage::DaneTa;
  return anchor && record.matching_type() == tlsa::MatchingType::Full;
}

/// Records that do not change each other's path stay together; each that might is tried alone, after them (decision
/// 0004).
std::vector<UsableRecords> groups_of(std::span<const tlsa::UsableRecord> records) {
  std::vector<UsableRecords> groups(1);
  for (const tlsa::UsableRecord& record : records) {
    if (!brings_an_issuer(record))
      groups.front().push_back(record);
    else if (groups.size() <= most_lone_anchors)
      groups.push_back({record});
    else
      groups.back().push_back(record);
  }
  if (groups.front().empty()) groups.erase(groups.begin());
  return groups;
}

/// No record can change another's path, which is what nearly everybody publishes.
bool belong_together(const UsableRecords& records) {
  return !records.empty() && std::ranges::none_of(records, [&records](const tlsa::UsableRecord& record) {
    return brings_an_issuer(record) || needs_pkix(record) != needs_pkix(records.front());
  });
}

/// Whatever the chain is, these records are one attempt, and the path ends as it is set up.
bool is_one_attempt(const UsableRecords& records, bool may_stop_early) {
  return belong_together(records) && !(may_stop_early && needs_pkix(records.front()));
}

std::vector<UsableRecords> all_groups_of(UsableRecords records) {
  std::vector<UsableRecords> groups;
  if (belong_together(records)) {
    groups.push_back(std::move(records));
    return groups;
  }
  const auto first_pkix = std::stable_partition(records.begin(), records.end(), std::not_fn(needs_pkix));
  groups = groups_of({records.begin(), first_pkix});
  std::ranges::move(groups_of({first_pkix, records.end()}), std::back_inserter(groups));
  return groups;
}

/// Every attempt that the records allow; the last one is the one whose failure is told.
std::vector<Attempt> attempts_for(const tlsa::RecordSet& records, bool may_stop_early) {
  std::vector<Attempt> attempts;
  for (UsableRecords& group : all_groups_of(records.usable())) {
    // RFC 7671 section 5.4: where a path may stop at an intermediate that the host trusts, the record may name a CA
    // above it, so the path is extended upwards before the peer is rejected.
    if (may_stop_early && std::ranges::any_of(group, needs_pkix))
      attempts.push_back({group, PathEnd::SelfIssued});
    attempts.push_back({std::move(group), PathEnd::AsConfigured});
  }
  return attempts;
}

/// An SSL that never connects, and whether OpenSSL took all records into it. Null where it took none, which would be plain PKIX.
struct Scratch {
  ScratchSsl ssl;
  bool is_whole = false;
};

Scratch scratch_with_records(SSL_CTX* scratch_ctx, const Policy& policy, const UsableRecords& records) {
  ScratchSsl scratch(SSL_new(scratch_ctx));
  if (!scratch || SSL_dane_enable(scratch.get(), nullptr) <= 0) return {};
  std::size_t added = 0;
  for (const tlsa::UsableRecord& record : records) {
    const Bytes data = record.association_data();
    const int result =
        SSL_dane_tlsa_add(scratch.get(), static_cast<std::uint8_t>(record.usage()),
                          static_cast<std::uint8_t>(record.selector()),
                          static_cast<std::uint8_t>(record.matching_type()), data.data(), data.size());
    if (result < 0) return {};
    if (result > 0) ++added;
  }
  if (added == 0) return {};
  if (!dane_ee_checks_names(policy)) SSL_dane_set_flags(scratch.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  return {std::move(scratch), added == records.size()};
}

/// WARNING both are needed: a return of 1 beside an error is no acceptance, and a negative return is a
/// failure.
bool verifies(X509_STORE_CTX* ctx) {
  return X509_verify_cert(ctx) == 1 && X509_STORE_CTX_get_error(ctx) == X509_V_OK;
}

void end_path_at(X509_VERIFY_PARAM* param, PathEnd path_end) {
  if (path_end == PathEnd::SelfIssued) X509_VERIFY_PARAM_clear_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
}

/// Whether the attempt would succeed, found out in a context of its own: OpenSSL lets one be used only once.
bool would_verify(X509_STORE_CTX* original, const Policy& policy, SSL_CTX* scratch_ctx,
                  const Attempt& attempt) {
  const ScratchSsl scratch = scratch_with_records(scratch_ctx, policy, attempt.records).ssl;
  const OwnedStoreContext trial(X509_STORE_CTX_new());
  if (!scratch || !trial) return false;
  if (X509_STORE_CTX_init(trial.get(), X509_STORE_CTX_get0_store(original),
                          X509_STORE_CTX_get0_cert(original), X509_STORE_CTX_get0_untrusted(original)) != 1)
    return false;
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(trial.get());
  if (X509_VERIFY_PARAM_set1(param, X509_STORE_CTX_get0_param(original)) != 1) return false;
  end_path_at(param, attempt.path_end);
  const BorrowedContext borrowed(trial.get(), SSL_get0_dane(scratch.get()));
  return verifies(trial.get());
}

bool path_may_stop_early(X509_STORE_CTX* ctx) {
  return (X509_VERIFY_PARAM_get_flags(X509_STORE_CTX_get0_param(ctx)) & X509_V_FLAG_PARTIAL_CHAIN) != 0;
}

/// The first attempt that would succeed, else the last.
Attempt choose_attempt(X509_STORE_CTX* ctx, const Plan& plan, SSL_CTX* scratch_ctx) {
  auto attempts = attempts_for(*records_of(plan), path_may_stop_early(ctx));
  for (std::size_t i = 0; i + 1 < attempts.size(); ++i)
    if (would_verify(ctx, plan.policy, scratch_ctx, attempts[i])) return std::move(attempts[i]);
  return attempts.empty() ? Attempt{} : std::move(attempts.back());
}

bool dane_ee_matches_leaf(X509_STORE_CTX* ctx, const tlsa::RecordSet& records) {
  const tlsa::PeerCertificate leaf(X509_STORE_CTX_get0_cert(ctx));
  for (const tlsa::UsableRecord& record : records.usable())
    if (record.usage() == tlsa::Usage::DaneEe && tlsa::matches(record, leaf)) return true;
  return false;
}

Decision decision_for_error(X509_STORE_CTX* ctx, int error, const tlsa::RecordSet& records) {
  switch (error) {
    case X509_V_ERR_DANE_NO_MATCH:
      return Rejected{Reason::NoMatch};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Rejected{dane_ee_matches_leaf(ctx, records) ? Reason::DaneEeNameMismatch : Reason::NameMismatch};
    case X509_V_ERR_OUT_OF_MEM:
    case X509_V_ERR_UNSPECIFIED:
    case X509_V_ERR_INVALID_CALL:
    case X509_V_ERR_STORE_LOOKUP:
      return Undecided{Reason::Engine};
    default:
      return Rejected{Reason::ChainInvalid};
  }
}

/// OpenSSL has accepted. Does our matcher see what it saw?
Decision confirmed(X509_STORE_CTX* ctx, SSL* scratch, const tlsa::RecordSet& records) {
  Claim claim;
  const unsigned char* data = nullptr;
  std::size_t octets = 0;
  SSL_get0_dane_tlsa(scratch, &claim.usage, &claim.selector, &claim.matching_type, &data, &octets);
  claim.association_data = Bytes(data, octets);
  X509* certificate = nullptr;
  claim.depth = SSL_get0_dane_authority(scratch, &certificate, &claim.bare_key);
  claim.path = X509_STORE_CTX_get0_chain(ctx);

  const auto record = second_opinion(records, claim);
  if (!record) return Undecided{Reason::SecondOpinion};
  const char* name = X509_VERIFY_PARAM_get0_peername(X509_STORE_CTX_get0_param(ctx));
  return Authenticated{Reason::Matched, *record, claim.depth, name == nullptr ? "" : name};
}

void set_error(X509_STORE_CTX* ctx, int error) {
  X509_STORE_CTX_set_error(ctx, error);
  X509_STORE_CTX_set_error_depth(ctx, 0);
}

/// By default OpenSSL fetches a digest's implementation each time it presents a certificate. A record with SHA2-512 outranks one
/// with SHA2-256 (RFC 7671 section 9), as by default.
bool use_fetched_digests(SSL_CTX* ctx) {
  return SSL_CTX_dane_mtype_set(ctx, sha2_256(), static_cast<std::uint8_t>(tlsa::MatchingType::Sha2_256),
                                1) == 1 &&
         SSL_CTX_dane_mtype_set(ctx, sha2_512(), static_cast<std::uint8_t>(tlsa::MatchingType::Sha2_512),
                                2) == 1;
}

struct Judgement {
  X509_STORE_CTX* ctx;
  const Plan& plan;
  SSL_CTX* scratch_ctx;
  bool accept = false;

  Decision operator()(const Fail& fail) {
    set_error(ctx, fail.verify_result);
    return fail.decision;
  }

  Decision operator()(const ApplicationDecides& why) {
    accept = X509_verify_cert(ctx) > 0;
    if (!accept && X509_STORE_CTX_get_error(ctx) == X509_V_OK) set_error(ctx, X509_V_ERR_UNSPECIFIED);
    return NotApplicable{why.reason};
  }

  Decision operator()(const EncryptOnly&) {
    // The result is for the host to see; it decides nothing.
    const QuietErrors quiet;
    const BorrowedContext borrowed(ctx, nullptr);
    X509_verify_cert(ctx);
    accept = true;
    return NotApplicable{Reason::NoUsableRecord};
  }

  Decision operator()(const MatchRecords&) {
    // An anonymous peer, or a raw public key (RFC 7250), which we never offer.
    if (X509_STORE_CTX_get0_cert(ctx) == nullptr) {
      set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
      return Rejected{Reason::NoCertificate};
    }
    const QuietErrors quiet;
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(ctx);
    if (!set_reference_identifiers(param, plan)) return undecided();
    const UsableRecords usable = records_of(plan)->usable();
    if (is_one_attempt(usable, path_may_stop_early(ctx))) return with_kept_ssl(usable);

    const Attempt attempt = choose_attempt(ctx, plan, scratch_ctx);
    const ScratchSsl scratch = scratch_with_records(scratch_ctx, plan.policy, attempt.records).ssl;
    end_path_at(param, attempt.path_end);
    return with_records_in(scratch.get());
  }

 private:
  /// What nearly everybody publishes: all records together decide at once.
  Decision with_kept_ssl(const UsableRecords& usable) {
    Scratch scratch{plan.kept.ssl.take(), true};
    if (!scratch.ssl) scratch = scratch_with_records(scratch_ctx, plan.policy, usable);
    Decision decision = with_records_in(scratch.ssl.get());
    const bool is_sound = scratch.is_whole && !std::holds_alternative<Undecided>(decision);
    if (is_sound) plan.kept.ssl.keep(std::move(scratch.ssl));
    return decision;
  }

  Decision with_records_in(SSL* scratch) {
    if (scratch == nullptr) return undecided();
    const tlsa::RecordSet& records = *records_of(plan);
    const X509_STORE_CTX_verify_cb application = X509_STORE_CTX_get_verify_cb(ctx);
    const BorrowedContext borrowed(ctx, SSL_get0_dane(scratch));
    if (verifies(ctx)) return accepted_if_confirmed(scratch, records, application);
    const int error = X509_STORE_CTX_get_error(ctx);
    if (error == X509_V_OK) return undecided();
    return decision_for_error(ctx, error, records);
  }

  Decision undecided() {
    set_error(ctx, X509_V_ERR_UNSPECIFIED);
    return Undecided{Reason::Engine};
  }

  Decision accepted_if_confirmed(SSL* scratch, const tlsa::RecordSet& records,
                                 X509_STORE_CTX_verify_cb application) {
    Decision decision = confirmed(ctx, scratch, records);
    accept = std::holds_alternative<Authenticated>(decision);
    if (!accept) {
      set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
      return decision;
    }
    accept = application_agrees(application);
    if (accept) return decision;
    if (X509_STORE_CTX_get_error(ctx) == X509_V_OK) set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
    return Rejected{Reason::Application};
  }

  /// The application's callback has its say on every certificate of the path, from the top, as it has when OpenSSL
  /// verifies: it may hold pins. It can refuse whom a record vouches for, and cannot accept anybody else.
  bool application_agrees(X509_STORE_CTX_verify_cb application) {
    STACK_OF(X509)* path = X509_STORE_CTX_get0_chain(ctx);
    for (int depth = sk_X509_num(path) - 1; depth >= 0; --depth) {
      X509_STORE_CTX_set_error(ctx, X509_V_OK);
      X509_STORE_CTX_set_error_depth(ctx, depth);
      X509_STORE_CTX_set_current_cert(ctx, sk_X509_value(path, depth));
      if (application(1, ctx) != 1) return false;
    }
    set_error(ctx, X509_V_OK);
    return true;
  }
};

}  // namespace

Result<std::shared_ptr<const DaneEngine>> DaneEngine::create() {
  const QuietErrors quiet;
  const OwnWork own;
  SSL_CTX* scratch = SSL_CTX_new(TLS_client_method());
  if (scratch == nullptr || SSL_CTX_dane_enable(scratch) <= 0 || !use_fetched_digests(scratch)) {
    SSL_CTX_free(scratch);
    return Problem{Fault::Resource, "OpenSSL cannot make a context for DANE: is its installation complete?"};
  }
  return std::shared_ptr<const DaneEngine>(new DaneEngine(scratch));
}

DaneEngine::~DaneEngine() { SSL_CTX_free(m_scratch); }

Verdict DaneEngine::judge(X509_STORE_CTX* ctx, const SharedPlan& plan) const {
  Verdict verdict;
  verdict.plan = plan;
  verdict.presented = share(X509_STORE_CTX_get0_untrusted(ctx));
  Judgement judgement{ctx, *plan, m_scratch};
  verdict.decision = std::visit(judgement, action_for(*plan));
  verdict.accept = judgement.accept;
  verdict.verify_result = X509_STORE_CTX_get_error(ctx);
  verdict.error_depth = X509_STORE_CTX_get_error_depth(ctx);
  verdict.verified = share(X509_STORE_CTX_get0_chain(ctx));
  return verdict;
}

}  // namespace danelaw::verify
