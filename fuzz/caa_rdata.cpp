// CAA RDATA as DNS delivers it: what is read can be written again and is the same, and every input is explained.
#include <algorithm>
#include <string>

#include "fuzz_assert.hpp"
#include "src/cli/caa_set.hpp"
#include "src/cli/explanation.hpp"

using namespace danelaw::cli;

namespace {

std::string rdata_of(const CaaRecord& record) {
  const std::string front = {static_cast<char>(record.flags), static_cast<char>(record.tag.size())};
  return front + record.tag + record.value;
}

void check_issue(std::string_view value) {
  const auto issue = issue_of(value);
  if (issue) FUZZ_ASSERT(issue_of(to_value(*issue)) == issue);
}

/// RFC 8659: who is not named by a value that matches the grammar may not issue, whatever else stands there.
void check_set(const std::string& rdata, const CaaRecord& record) {
  const std::string nobody("\0\5issue;", 8);
  const CaaSet set = caa_set_of(std::vector{rdata, nobody});
  FUZZ_ASSERT(set.names.is_restricted && set.wildcards.is_restricted && set.malformed == 0);
  const auto issue = issue_of(record.value);
  const bool names_one = record.meaning() == CaaTag::Issue && issue && !issue->issuer.empty();
  FUZZ_ASSERT(set.names.issuers.empty() != names_one);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  check_issue(octets);
  const auto record = caa_of_rdata({data, size});
  const Explanation explanation = explain_caa({data, size});
  FUZZ_ASSERT(!explanation.lines.empty());
  const std::string name = parent_of(octets);
  FUZZ_ASSERT(name.size() < octets.size() || octets.empty());
  if (!record) {
    FUZZ_ASSERT(explanation.object.contains("problem"));
    FUZZ_ASSERT(caa_set_of(std::vector{octets}).malformed == 1);
    return 0;
  }
  FUZZ_ASSERT(rdata_of(*record) == octets);
  const bool is_broken = names_an_issuer(record->meaning()) && !issue_of(record->value);
  FUZZ_ASSERT(explanation.object.contains("problem") == is_broken);
  check_issue(record->value);
  check_set(octets, *record);
  return 0;
}
