// The trace of an answer (danelaw/trace.h) as text, as JSON, and as a picture for Graphviz: three views of the same steps.
//
// All of it is decided in the library; here are only words. Names come from strangers: they are made printable here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "danelaw/trace.h"
#include "records_report.hpp"

namespace danelaw::cli {

struct TraceLine {
  std::string kind;
  std::string state;
  std::string owner;
  std::string type;
  std::string zone;
  std::string target;
  std::string code;
  std::string text;
  std::int64_t rrset = -1;  ///< a line's index; here and below -1 for none
  std::int64_t records = -1;
  std::int64_t key_tag = -1;
  std::int64_t algorithm = -1;
  std::int64_t digest_type = -1;
  std::int64_t flags = -1;
  std::int64_t inception = -1;
  std::int64_t expiration = -1;
  std::vector<std::int64_t> basis = {};
};
using TraceLines = std::vector<TraceLine>;

/// Empty where the answer has none.
[[nodiscard]] TraceLines trace_of(const danelaw_answer& answer);

/// What a step says, without its state: "key 12345, 13 ECDSAP256SHA256, 257: zone key, SEP; named by DS 12345". Not yet printable().
[[nodiscard]] std::string words_of(const TraceLines& trace, const TraceLine& line);
/// Of a signature: from when until when.
[[nodiscard]] std::string validity_of(const TraceLine& line);

/// A line for each step, its state in front.
[[nodiscard]] std::string to_text(const TraceLines& trace);
[[nodiscard]] Json to_json(const TraceLines& trace);
/// A digraph. The same trace gives the same text.
[[nodiscard]] std::string to_dot(const TraceLines& trace, std::string_view title);

}  // namespace danelaw::cli
