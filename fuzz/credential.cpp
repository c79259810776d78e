// A file that somebody takes for a certificate, a request or a key. Either one line for people that begins with the file's name,
// or something of which records can be made, that name it.
#include "src/cli/credential.hpp"

#include <string>
#include <string_view>

#include "fuzz_assert.hpp"
#include "src/cli/exit.hpp"
#include "src/cli/tlsa_record.hpp"

using namespace danelaw::cli;

namespace {

bool is_one_printable_line(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return !text.empty();
}

void check_records(const Credential& credential) {
  FUZZ_ASSERT(!credential.public_key.empty());
  FUZZ_ASSERT(credential.subject.empty() || is_one_printable_line(credential.subject));
  const Associations all = associations_of(credential);
  FUZZ_ASSERT(all.contains({3, 1, 1}));
  FUZZ_ASSERT(all.contains({3, 0, 1}) == !credential.certificates.empty());
  for (const auto& [parameters, data] : all)
    for (const std::string& one : data) {
      const TlsaRecord record{parameters, one};
      FUZZ_ASSERT(is_usable(record));
      FUZZ_ASSERT(matches(all, record));
    }
  const TlsaRecord made = make_record(credential, {3, 1, 1});
  FUZZ_ASSERT(matches(all, made));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  try {
    check_records(credential_of(octets, "input"));
  } catch (const Failure& failure) {
    FUZZ_ASSERT(failure.exit() == Exit::Usage);
    FUZZ_ASSERT(std::string_view(failure.what()).starts_with("input: "));
    FUZZ_ASSERT(is_one_printable_line(failure.what()));
  }
  return 0;
}
