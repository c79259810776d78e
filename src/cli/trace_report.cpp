#include "trace_report.hpp"

#include "dnssec_numbers.hpp"

namespace danelaw::cli {
namespace {

TraceLine line_of(const danelaw_answer& answer, std::size_t step) {
  const auto word = [&](danelaw_trace_word which) {
    return std::string(danelaw_answer_trace_word(&answer, step, which));
  };
  const auto number = [&](danelaw_trace_number which) {
    return danelaw_answer_trace_number(&answer, step, which);
  };
  TraceLine line{
      word(DANELAW_TRACE_KIND),          word(DANELAW_TRACE_STATE),     word(DANELAW_TRACE_OWNER),
      word(DANELAW_TRACE_TYPE),          word(DANELAW_TRACE_ZONE),      word(DANELAW_TRACE_TARGET),
      word(DANELAW_TRACE_CODE),          word(DANELAW_TRACE_TEXT),      number(DANELAW_TRACE_RRSET),
      number(DANELAW_TRACE_RECORDS),     number(DANELAW_TRACE_KEY_TAG), number(DANELAW_TRACE_ALGORITHM),
      number(DANELAW_TRACE_DIGEST_TYPE), number(DANELAW_TRACE_FLAGS),   number(DANELAW_TRACE_INCEPTION),
      number(DANELAW_TRACE_EXPIRATION)};
  const auto bases = static_cast<std::size_t>(number(DANELAW_TRACE_BASES));
  for (std::size_t i = 0; i < bases; ++i) line.basis.push_back(danelaw_answer_trace_basis(&answer, step, i));
  return line;
}

void put(Json& object, const char* name, const std::string& word) {
  if (!word.empty()) object[name] = word;
}
void put(Json& object, const char* name, std::int64_t number) {
  if (number >= 0) object[name] = number;
}

Json to_json(const TraceLine& line) {
  Json object = {{"kind", line.kind}, {"state", line.state}, {"owner", line.owner}, {"type", line.type}};
  put(object, "zone", line.zone);
  put(object, "target", line.target);
  put(object, "code", line.code);
  put(object, "text", line.text);
  put(object, "rrset", line.rrset);
  put(object, "records", line.records);
  put(object, "key_tag", line.key_tag);
  put(object, "algorithm", line.algorithm);
  put(object, "algorithm_name", std::string(algorithm_mnemonic(line.algorithm)));
  put(object, "digest_type", line.digest_type);
  put(object, "digest_name", std::string(digest_mnemonic(line.digest_type)));
  put(object, "flags", line.flags);
  put(object, "inception", line.inception);
  put(object, "expiration", line.expiration);
  if (!line.basis.empty()) object["rests_on"] = line.basis;
  return object;
}

}  // namespace

TraceLines trace_of(const danelaw_answer& answer) {
  TraceLines trace;
  for (std::size_t step = 0; step < danelaw_answer_trace_count(&answer); ++step)
    trace.push_back(line_of(answer, step));
  return trace;
}

Json to_json(const TraceLines& trace) {
  Json array = Json::array();
  for (const TraceLine& line : trace) array.push_back(to_json(line));
  return array;
}

}  // namespace danelaw::cli
