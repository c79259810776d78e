// Steps of a trace from entries of the journal. Inside only; trace() goes from entry to entry, and adds the end.
#pragma once

#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "dnssec/journal.hpp"
#include "dnssec/session.hpp"
#include "dnssec/trace.hpp"

namespace danelaw::dnssec {

class TraceSteps final {
 public:
  /// After the judgement.
  explicit TraceSteps(Session& session);
  TraceSteps(const TraceSteps&) = delete;
  TraceSteps& operator=(const TraceSteps&) = delete;

  void operator()(const LookedInto& entry);
  void operator()(const Checked& entry);
  void operator()(const Entering& entry);
  void operator()(const Denied& entry);
  void operator()(const Led& entry);

  [[nodiscard]] std::vector<TraceStep> release() { return std::move(m_steps); }

 private:
  /// What a key is known by: a DS record that we can follow, or an anchor's DNSKEY RDATA.
  struct Lead {
    std::variant<Ds, Buffer> to;
    std::size_t step;
  };
  struct ShownKey {
    ZoneKey key;
    std::size_t step;
    bool is_linked;
  };
  std::size_t put(TraceStep step);
  std::size_t put_rrset(const Rrset& rrset, const DnsName& zone, StepState state, std::string_view code);
  std::vector<Lead> put_ds_records(const Rrset& rrset, std::size_t of);
  std::vector<Lead> put_anchors(const DnsName& zone);
  void put_keys(const Rrset& rrset, std::size_t of, const std::vector<Lead>& leads);
  [[nodiscard]] bool leads_to(const Lead& lead, const DnsName& zone, const Dnskey& key);
  void put_signatures(const Rrset& rrset, std::size_t of, const DnsName& zone);
  void judge_signature(TraceStep& step, const Rrset& rrset, const Signature& signature, const DnsName& zone);

  Session& m_session;
  Known m_known;            // what verified need not be checked again
  Work m_work;              // what is shown costs no more than what was judged
  Signatures m_signatures;  // as the judge's
  std::vector<TraceStep> m_steps;
  std::map<const Rrset*, std::size_t> m_rrsets;       // by RRset its last step
  std::map<const Rrset*, std::vector<Lead>> m_leads;  // by DS RRset
  std::map<DnsName, std::vector<ShownKey>> m_keys;    // by zone
};

}  // namespace danelaw::dnssec
