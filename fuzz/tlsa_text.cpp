// TLSA text (RFC 6698 section 2.2) as an administrator, a file or a peer's operator may have written it.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/hex.hpp"
#include "fuzz_assert.hpp"
#include "tlsa/record.hpp"

using danelaw::Bytes;
using danelaw::tlsa::Record;

namespace {

bool is_one_clean_line(std::string_view text) {
  return !text.empty() &&
         std::ranges::none_of(text, [](char c) { return c >= 0 && (c < 0x20 || c == 0x7F); });
}

/// "3 1 1 0B 9F …": the same record in another of its forms.
std::string split_and_upper(const Record& record) {
  std::string text = "0" + std::to_string(record.usage()) + "\t" + std::to_string(record.selector()) + " \n" +
                     std::to_string(record.matching_type());
  for (const std::uint8_t octet : record.association_data()) {
    for (const char digit : danelaw::to_hex(Bytes(&octet, 1))) {
      text += {' ', digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit};
    }
  }
  return text;
}

void check_record(const Record& record) {
  const danelaw::Buffer rdata = record.to_rdata();
  FUZZ_ASSERT(rdata.size() >= 3 && rdata.size() <= Record::max_rdata_octets);
  const auto from_rdata = Record::from_rdata(rdata);
  FUZZ_ASSERT(from_rdata.ok() && *from_rdata == record);

  const auto from_print = Record::from_text(record.to_text());
  FUZZ_ASSERT(from_print.ok() && *from_print == record);
  FUZZ_ASSERT(from_print->to_text() == record.to_text());
  FUZZ_ASSERT(is_one_clean_line(record.to_text()));

  const auto from_generic =
      Record::from_text("\\# " + std::to_string(rdata.size()) + " " + danelaw::to_hex(rdata));
  FUZZ_ASSERT(from_generic.ok() && *from_generic == record);
  const auto from_other_form = Record::from_text(split_and_upper(record));
  FUZZ_ASSERT(from_other_form.ok() && *from_other_form == record);

  FUZZ_ASSERT(!Record::from_text(record.to_text() + " 0").ok());
  FUZZ_ASSERT(!Record::from_text(record.to_text() + " g0").ok());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = Record::from_text({reinterpret_cast<const char*>(data), size});
  if (record) {
    check_record(*record);
    return 0;
  }
  FUZZ_ASSERT(record.problem().fault == danelaw::Fault::Record);
  FUZZ_ASSERT(is_one_clean_line(record.problem().text));
  return 0;
}
