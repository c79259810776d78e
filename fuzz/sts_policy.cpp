// MTA-STS: a policy as it comes from its server, the same as it lies in a file, and the TXT record that announces it.
#include "policyd/sts_policy.hpp"

#include <string>
#include <string_view>
#include <variant>

#include "fuzz_assert.hpp"
#include "policyd/policy.hpp"
#include "policyd/sts_store.hpp"
#include "service/sts_record.hpp"

using namespace danelaw::policyd;

namespace {

bool is_in_pattern(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

void check_policy(const StsPolicy& policy) {
  FUZZ_ASSERT(policy.mode == StsMode::None || !policy.mx.empty());
  FUZZ_ASSERT(policy.max_age.count() >= 0 && policy.max_age <= longest_max_age);
  for (const std::string& pattern : policy.mx) {
    const std::string_view name = std::string_view(pattern).substr(pattern.starts_with("*.") ? 2 : 0);
    FUZZ_ASSERT(!name.empty() && name.front() != '.' && name.back() != '.');
    for (const char c : name) FUZZ_ASSERT(is_in_pattern(c));
  }
  FUZZ_ASSERT(std::get<StsPolicy>(sts_policy_from_text(to_text(policy))) == policy);
  // What Postfix reads has three words, and as many names as the policy.
  const Reply reply = reply_of({DaneSays::Nothing, "", ""}, policy.mx);
  FUZZ_ASSERT(reply.word == Word::Ok && to_netstring(reply).find(":OK secure match=") != std::string::npos);
  std::size_t blanks = 0;
  std::size_t colons = 0;
  for (const char c : reply.text) {
    blanks += c == ' ' ? 1 : 0;
    colons += c == ':' ? 1 : 0;
  }
  FUZZ_ASSERT(blanks == 2 && (policy.mx.empty() || colons + 1 == policy.mx.size()));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = sts_policy_from_text(text);
  if (const auto* const policy = std::get_if<StsPolicy>(&parsed))
    check_policy(*policy);
  else
    FUZZ_ASSERT(!std::get<std::string>(parsed).empty());
  if (const auto kept = kept_policy_from(text)) {
    check_policy(kept->policy);
    FUZZ_ASSERT(kept->expires() >= kept->fetched);
    FUZZ_ASSERT(kept_policy_from(to_file_text(*kept)) == kept);
  }
  const std::string id = danelaw::service::sts_id(text);
  FUZZ_ASSERT(id.size() <= 32);
  FUZZ_ASSERT(id.empty() || danelaw::service::sts_id("v=STSv1; id=" + id + ";") == id);
  return 0;
}
