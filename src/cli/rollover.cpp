#include "rollover.hpp"

#include <algorithm>

namespace danelaw::cli {
namespace {

bool has_all(const Associations& chain, const std::vector<Parameters>& kinds) {
  return std::all_of(kinds.begin(), kinds.end(),
                     [&](const Parameters& parameters) { return chain.contains(parameters); });
}

void add(std::vector<TlsaRecord>& records, TlsaRecord record) {
  if (std::find(records.begin(), records.end(), record) == records.end())
    records.push_back(std::move(record));
}

std::vector<TlsaRecord> records_of(const Associations& chain, const std::vector<Parameters>& kinds) {
  std::vector<TlsaRecord> records;
  for (const Parameters& parameters : kinds) add(records, record_of(chain, parameters));
  return records;
}

/// Kinds that both chains can be named by: those that are there, else those that shall be, else 3 1 1, which every chain and
/// every key has.
std::vector<Parameters> bridging_kinds(const Rollover& rollover) {
  const std::vector<Parameters> there = kinds_of(rollover.published);
  for (const std::vector<Parameters>& kinds : {there, rollover.wanted})
    if (!kinds.empty() && has_all(rollover.current, kinds) && has_all(rollover.next, kinds)) return kinds;
  return {{3, 1, 1}};
}

/// Of each kind a record for either chain. What is there already and can stay does (section 8.1: "augmented").
std::vector<TlsaRecord> bridge(const Rollover& rollover) {
  const std::vector<Parameters> kinds = bridging_kinds(rollover);
  std::vector<TlsaRecord> records;
  for (const TlsaRecord& record : rollover.published)
    if (std::find(kinds.begin(), kinds.end(), record.parameters) != kinds.end()) add(records, record);
  for (const Associations* const chain : {&rollover.current, &rollover.next}) {
    for (const Parameters& parameters : kinds) {
      const bool there = std::any_of(records.begin(), records.end(), [&](const TlsaRecord& record) {
        return record.parameters == parameters && matches(*chain, record);
      });
      if (!there) add(records, record_of(*chain, parameters));
    }
  }
  return records;
}

bool same_set(std::vector<TlsaRecord> one, std::vector<TlsaRecord> other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  return one == other;
}

}  // namespace

const char* to_string(StepKind kind) {
  switch (kind) {
    case StepKind::Publish:
      return "publish";
    case StepKind::Switch:
      return "switch";
    case StepKind::Retire:
      return "retire";
  }
  return "";
}

std::int64_t wait_for_caches(const Rollover& rollover) {
  return rollover.propagation + 2 * rollover.longest_ttl;
}

std::vector<Parameters> kinds_of(const std::vector<TlsaRecord>& records) {
  std::vector<Parameters> kinds;
  for (const TlsaRecord& record : records)
    if (std::find(kinds.begin(), kinds.end(), record.parameters) == kinds.end())
      kinds.push_back(record.parameters);
  return kinds;
}

std::vector<Parameters> unmatched_kinds(const std::vector<TlsaRecord>& records, const Associations& chain) {
  std::vector<Parameters> unmatched;
  for (const Parameters& parameters : kinds_of(records)) {
    const bool matched = std::any_of(records.begin(), records.end(), [&](const TlsaRecord& record) {
      return record.parameters == parameters && matches(chain, record);
    });
    if (!matched) unmatched.push_back(parameters);
  }
  return unmatched;
}

bool cannot_tell_apart(const std::vector<TlsaRecord>& records, const Associations& one,
                       const Associations& other) {
  std::vector<TlsaRecord> shared;
  for (const TlsaRecord& record : records)
    if (matches(one, record) && matches(other, record)) shared.push_back(record);
  return kinds_of(shared).size() == kinds_of(records).size();
}

std::int64_t caches_are_clean_at(std::int64_t published_since, std::int64_t wait) {
  constexpr std::int64_t always = std::numeric_limits<std::int64_t>::min();
  return published_since == always ? always : published_since + wait;
}

TlsaRecord record_of(const Associations& chain, const Parameters& parameters) {
  return {parameters, chain.at(parameters).back()};
}

std::vector<Step> plan_rollover(const Rollover& rollover) {
  std::vector<Step> steps;
  std::int64_t time = rollover.start;
  const auto add_step = [&](StepKind kind, std::int64_t wait, std::vector<TlsaRecord> records) {
    time += wait;
    steps.push_back({kind, wait, time, std::move(records)});
  };
  const std::int64_t wait = wait_for_caches(rollover);
  std::vector<TlsaRecord> there = rollover.published;
  // Until a switch no cache may hold what was there before and speaks of the current chain only.
  std::int64_t wait_for_switch = 0;
  if (!unmatched_kinds(there, rollover.next).empty()) {
    there = bridge(rollover);
    add_step(StepKind::Publish, 0, there);
    wait_for_switch = wait;
  } else if (!cannot_tell_apart(there, rollover.current, rollover.next)) {
    const std::int64_t clean = caches_are_clean_at(rollover.published_since, wait);
    wait_for_switch = clean > rollover.start ? clean - rollover.start : 0;
  }
  if (rollover.current != rollover.next) add_step(StepKind::Switch, wait_for_switch, there);
  const std::vector<TlsaRecord> wanted = records_of(rollover.next, rollover.wanted);
  if (same_set(there, wanted)) return steps;
  add_step(StepKind::Publish, 0, wanted);
  const bool current_is_out = !unmatched_kinds(wanted, rollover.current).empty();
  if (!there.empty() && current_is_out) add_step(StepKind::Retire, wait, wanted);
  return steps;
}

}  // namespace danelaw::cli
