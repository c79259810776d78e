// The plan of a rollover and the answer of --check, for people and programs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "published_records.hpp"
#include "rollover_moment.hpp"
#include "tlsa_output.hpp"

namespace danelaw::cli {

struct PlanReport {
  std::vector<TlsaService> services;  ///< none: the records stand alone
  std::string current;                ///< for people: where it comes from
  std::string next;
  Rollover rollover;
  std::vector<Step> steps;
  std::uint32_t ttl = 0;                           ///< of the records to come
  std::optional<std::int64_t> signature_lifetime;  ///< seconds; of what will be published
  std::vector<Advice> warnings;
};

[[nodiscard]] std::string to_text(const PlanReport& report);
[[nodiscard]] Json to_json(const PlanReport& report);

/// An address of the server, and what was seen there.
struct ShownLine {
  std::string source;
  bool is_next = false;
  std::vector<Parameters> unmatched;  ///< kinds of records that do not match it
};

struct MomentReport {
  TlsaService service;
  Published published;
  Moment moment;
  Judgement judgement;
  std::vector<ShownLine> shown;
  std::vector<Advice> warnings;
  /// Where an alias's target has records: the one of both names that stands better. May be null.
  std::shared_ptr<const MomentReport> beside;
};

[[nodiscard]] std::string to_text(const MomentReport& report);
[[nodiscard]] Json to_json(const MomentReport& report);

}  // namespace danelaw::cli
