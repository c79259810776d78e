#include "dnssec/trace.hpp"

#include <algorithm>
#include <utility>

#include "dnssec/session.hpp"
#include "dnssec/trace_steps.hpp"

namespace danelaw::dnssec {

namespace {

/// The last step, and what is said of the way only once the end is known.
class Ending final {
 public:
  Ending(std::vector<TraceStep>& steps, const Question& question) : m_steps(steps) {
    m_end.owner = question.name;
    m_end.type = question.type;
  }

  void operator()(const SecureRrset& secure) {
    end(StepState::Secure, "rrset", secure.owner);
    for (std::size_t i = m_steps.size(); i-- > 0 && m_end.basis.empty();)
      if (m_steps[i].kind == StepKind::Rrset && m_steps[i].owner == secure.owner &&
          m_steps[i].type == secure.type)
        m_end.basis.push_back(i);
    // What a wildcard stands for counts because the name itself is denied.
    if (!m_end.basis.empty() && m_steps[m_end.basis.front()].target) rest_on_last(StepKind::Denial);
  }
  void operator()(const SecureDenial& denial) {
    end(StepState::Secure, to_string(denial.kind), denial.owner);
    rest_on_last(StepKind::Denial);
  }
  void operator()(const Insecure& insecure) {
    for (TraceStep& step : m_steps)
      if (is_unproven(step) && step.owner.is_within(insecure.cut)) step.state = StepState::Insecure;
    end(StepState::Insecure, to_string(insecure.reason), insecure.owner);
    m_end.zone = insecure.cut;
    rest_on_last(StepKind::Denial);
    // Where no denial says so, it is the DS records that nobody can follow.
    if (m_end.basis.empty()) rest_on_last(StepKind::Ds);
  }
  void operator()(const Bogus& bogus) {
    for (TraceStep& step : m_steps)
      if (is_unproven(step)) step.state = StepState::Bogus;
    end(StepState::Bogus, to_string(bogus.reason), m_end.owner);
    m_end.text = bogus.text;
    rest_on_broken();
  }
  void operator()(const Missing& missing) {
    for (const auto* list : {&missing.needed, &missing.cuts})
      for (const Question& question : *list) put_missing(question);
    end(StepState::Missing, "incomplete", m_end.owner);
    for (std::size_t i = 0; i < m_steps.size(); ++i)
      if (m_steps[i].kind == StepKind::Missing) m_end.basis.push_back(i);
  }

  void finish() { m_steps.push_back(std::move(m_end)); }

 private:
  static bool is_unproven(const TraceStep& step) {
    return step.kind == StepKind::Rrset && step.state == StepState::Unused;
  }
  void end(StepState state, std::string_view code, const DnsName& owner) {
    m_end.state = state;
    m_end.code = code;
    m_end.owner = owner;
  }
  void put_missing(const Question& question) {
    const bool there = std::ranges::any_of(m_steps, [&](const TraceStep& step) {
      return step.kind == StepKind::Missing && step.owner == question.name && step.type == question.type;
    });
    if (there) return;
    TraceStep step;
    step.kind = StepKind::Missing;
    step.state = StepState::Missing;
    step.owner = question.name;
    step.type = question.type;
    m_steps.push_back(std::move(step));
  }
  /// On the steps of this kind since the last name was looked into; of DS records on those of the last zone.
  void rest_on_last(StepKind kind) {
    std::vector<std::size_t> found;
    for (std::size_t i = m_steps.size(); i-- > 0 && m_steps[i].kind != StepKind::Question;) {
      if (m_steps[i].kind != kind) continue;
      if (kind == StepKind::Ds && !found.empty() && m_steps[found.front()].rrset != m_steps[i].rrset) break;
      found.push_back(i);
    }
    m_end.basis.insert(m_end.basis.end(), found.rbegin(), found.rend());
  }
  /// Where it breaks: what does not verify, or else the last that was looked at.
  void rest_on_broken() {
    std::size_t last = m_steps.size();
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
      if (m_steps[i].kind != StepKind::Rrset) continue;
      last = i;
      if (m_steps[i].state == StepState::Bogus) m_end.basis.push_back(i);
    }
    if (m_end.basis.empty() && last < m_steps.size()) m_end.basis.push_back(last);
  }

  std::vector<TraceStep>& m_steps;
  TraceStep m_end;
};

}  // namespace

std::string_view to_string(StepKind kind) {
  switch (kind) {
    case StepKind::Question:
      return "question";
    case StepKind::Anchor:
      return "anchor";
    case StepKind::Rrset:
      return "rrset";
    case StepKind::Ds:
      return "ds";
    case StepKind::Dnskey:
      return "dnskey";
    case StepKind::Signature:
      return "signature";
    case StepKind::Denial:
      return "denial";
    case StepKind::Alias:
      return "alias";
    case StepKind::Missing:
      return "missing";
    case StepKind::End:
      return "end";
  }
  return "unknown";
}

std::string_view to_string(StepState state) {
  switch (state) {
    case StepState::Bogus:
      return "bogus";
    case StepState::Missing:
      return "missing";
    case StepState::Unused:
      return "unused";
    case StepState::Insecure:
      return "insecure";
    case StepState::Secure:
      return "secure";
  }
  return "unknown";
}

void Trace::fail(std::string_view code, std::string_view text) {
  TraceStep& end = steps.back();
  if (end.state == StepState::Bogus) return;
  // R9276-3a: what would be unsigned, had all been answered, is not proven to be.
  for (TraceStep& step : steps)
    if (step.state == StepState::Insecure) step.state = StepState::Unused;
  end.state = StepState::Missing;
  end.code = code;
  end.text = text;
}

Trace trace(const Question& question, std::span<const ResourceRecord> records, const TrustAnchors& anchors,
            EpochSeconds now, const JudgeOptions& options) {
  Journal journal;
  Session session(records, anchors, now, options.sha1, options.limits, nullptr, &journal);
  Trace made{verdict_of(session, question), {}};
  TraceSteps steps(session);
  for (const auto& entry : journal) std::visit(steps, entry);
  made.steps = steps.release();
  Ending ending(made.steps, question);
  std::visit(ending, made.verdict);
  ending.finish();
  return made;
}

}  // namespace danelaw::dnssec
