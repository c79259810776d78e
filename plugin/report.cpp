#include "report.hpp"

namespace danelaw::plugin {
namespace {

void append(std::string& line, const char* part) {
  if (part == nullptr || *part == '\0') return;
  line += "; ";
  line += part;
}

}  // namespace

std::string line_of(const danelaw_verdict* verdict) {
  std::string line = danelaw_verdict_summary(verdict);
  for (size_t i = 0; i < danelaw_verdict_record_count(verdict); ++i)
    append(line, danelaw_verdict_record_text(verdict, i));
  append(line, danelaw_verdict_chain(verdict));
  append(line, danelaw_verdict_hint(verdict));
  return line;
}

}  // namespace danelaw::plugin
