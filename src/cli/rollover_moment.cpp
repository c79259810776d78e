#include "rollover_moment.hpp"

#include <algorithm>
#include <array>

namespace danelaw::cli {
namespace {

bool matches_any(const Associations& chain, const std::vector<TlsaRecord>& records) {
  return std::any_of(records.begin(), records.end(),
                     [&](const TlsaRecord& record) { return matches(chain, record); });
}

/// A root that clients have themselves (usage 0), or an anchor that DNS has in full, need not be sent: not to see it says nothing.
bool may_match_unseen(const TlsaRecord& record) {
  const Parameters& parameters = record.parameters;
  return parameters.usage == 0 || (parameters.usage == 2 && parameters.matching_type == 0);
}

std::vector<TlsaRecord> missing_records(const Moment& moment) {
  std::vector<TlsaRecord> missing;
  for (const Parameters& parameters : unmatched_kinds(moment.published, moment.next)) {
    const bool has = moment.next.contains(parameters);
    missing.push_back(has ? record_of(moment.next, parameters) : TlsaRecord{parameters, ""});
  }
  return missing;
}

std::vector<TlsaRecord> stale_records(const Moment& moment) {
  std::vector<TlsaRecord> stale;
  for (const TlsaRecord& record : moment.published) {
    const bool wanted =
        std::find(moment.wanted.begin(), moment.wanted.end(), record.parameters) != moment.wanted.end();
    if (!wanted || !matches(moment.next, record)) stale.push_back(record);
  }
  return stale;
}

Judgement judge_after_switch(const Moment& moment) {
  std::vector<TlsaRecord> stale = stale_records(moment);
  const bool complete =
      std::all_of(moment.wanted.begin(), moment.wanted.end(), [&](const Parameters& parameters) {
        return std::any_of(moment.published.begin(), moment.published.end(), [&](const TlsaRecord& record) {
          return record.parameters == parameters && matches(moment.next, record);
        });
      });
  if (stale.empty() && complete) return {Stage::Done, 0, {}, {}};
  return {Stage::Remove, 0, {}, std::move(stale)};
}

/// From what is to be waited for longest. Where there is no DANE nobody can be locked out.
constexpr std::array worst_first = {Stage::Refused, Stage::PublishFirst, Stage::Unknown, Stage::Wait,
                                    Stage::Switch,  Stage::Remove,       Stage::Done,    Stage::NoDane};

}  // namespace

const char* to_string(Stage stage) {
  switch (stage) {
    case Stage::NoDane:
      return "no-dane";
    case Stage::Refused:
      return "refused";
    case Stage::PublishFirst:
      return "publish";
    case Stage::Wait:
      return "wait";
    case Stage::Unknown:
      return "unknown";
    case Stage::Switch:
      return "switch";
    case Stage::Remove:
      return "remove";
    case Stage::Done:
      return "done";
  }
  return "";
}

Exit exit_for(Stage stage) {
  switch (stage) {
    case Stage::NoDane:
      return Exit::NotApplicable;
    case Stage::Refused:
    case Stage::PublishFirst:
    case Stage::Wait:
      return Exit::Refused;
    case Stage::Unknown:
      return Exit::Undecided;
    case Stage::Switch:
    case Stage::Remove:
    case Stage::Done:
      return Exit::Good;
  }
  return Exit::Undecided;
}

bool shows_next(const Associations& shown, const Associations& next) {
  const Parameters certificate{3, 0, 0};
  const Parameters key{3, 1, 0};
  const Parameters& compared = next.contains(certificate) ? certificate : key;
  return shown.at(compared) == next.at(compared);
}

Judgement judge_moment(const Moment& moment) {
  if (kinds_of(moment.published).empty()) return {Stage::NoDane, 0, {}, {}};
  const auto& shown = moment.shown;
  const bool all_is_seen = std::none_of(moment.published.begin(), moment.published.end(), may_match_unseen);
  const auto is_refused = [&](const Associations& chain) {
    return all_is_seen && !matches_any(chain, moment.published);
  };
  if (std::any_of(shown.begin(), shown.end(), is_refused)) return {Stage::Refused, 0, {}, {}};
  std::vector<TlsaRecord> missing = missing_records(moment);
  if (!missing.empty()) return {Stage::PublishFirst, 0, std::move(missing), {}};
  const auto is_next = [&](const Associations& chain) { return shows_next(chain, moment.next); };
  if (std::all_of(shown.begin(), shown.end(), is_next)) return judge_after_switch(moment);
  const auto same_to_clients = [&](const Associations& chain) {
    return cannot_tell_apart(moment.published, chain, moment.next);
  };
  if (std::all_of(shown.begin(), shown.end(), same_to_clients)) return {Stage::Switch, 0, {}, {}};
  if (!moment.published_since) return {Stage::Unknown, moment.now + moment.wait, {}, {}};
  const std::int64_t clean = caches_are_clean_at(*moment.published_since, moment.wait);
  if (clean > moment.now) return {Stage::Wait, clean, {}, {}};
  return {Stage::Switch, 0, {}, {}};
}

bool is_worse(const Judgement& one, const Judgement& other) {
  if (one.stage == other.stage) return one.safe_at > other.safe_at;
  const auto worse = std::find_if(worst_first.begin(), worst_first.end(),
                                  [&](Stage stage) { return stage == one.stage || stage == other.stage; });
  return worse != worst_first.end() && *worse == one.stage;
}

}  // namespace danelaw::cli
