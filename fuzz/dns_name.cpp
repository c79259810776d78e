// Domain names: as text from a person or a setting, as wire form from a message, as one label.
#include "base/dns_name.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "fuzz_assert.hpp"

using danelaw::ByteReader;
using danelaw::Bytes;
using danelaw::DnsName;

namespace {

std::uint8_t folded(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + 0x20) : octet;
}

void check_tree(const DnsName& name) {
  std::size_t labels = 0;
  DnsName ancestor = name;
  for (; !ancestor.is_root(); ancestor = ancestor.parent()) {
    FUZZ_ASSERT(name.is_within(ancestor));
    FUZZ_ASSERT(ancestor.parent().wire().size() < ancestor.wire().size());
    FUZZ_ASSERT(!ancestor.parent().is_within(ancestor));
    const Bytes wire = ancestor.wire();
    const std::string_view label(reinterpret_cast<const char*>(wire.data()) + 1, wire[0]);
    const auto again = ancestor.parent().child(label);
    FUZZ_ASSERT(again.ok() && *again == ancestor);
    ++labels;
  }
  FUZZ_ASSERT(name.is_within(ancestor));
  FUZZ_ASSERT(labels == name.label_count());
}

void check_name(const DnsName& name) {
  const Bytes wire = name.wire();
  FUZZ_ASSERT(!wire.empty() && wire.size() <= DnsName::max_wire_octets && wire.back() == 0);
  FUZZ_ASSERT(std::ranges::all_of(wire, [](std::uint8_t octet) { return octet == folded(octet); }));
  ByteReader reader(wire);
  const auto from_wire = DnsName::from_wire(reader);
  FUZZ_ASSERT(from_wire.ok() && *from_wire == name && reader.remaining() == 0);

  const std::string text = name.to_text();
  FUZZ_ASSERT(std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; }));
  const auto from_text = DnsName::from_text(text);
  FUZZ_ASSERT(from_text.ok() && *from_text == name);
  if (!name.is_root()) {
    const auto with_dot = DnsName::from_text(text + ".");
    FUZZ_ASSERT(with_dot.ok() && *with_dot == name);
  }
  // A host name needs no escapes: its text is safe to hand to anyone.
  if (name.is_host_name()) FUZZ_ASSERT(text.find('\\') == std::string::npos);
  check_tree(name);
}

void check_wire_form(Bytes octets) {
  ByteReader reader(octets);
  const auto name = DnsName::from_wire(reader);
  FUZZ_ASSERT(reader.remaining() <= octets.size());
  if (!name) return;
  const Bytes consumed = octets.first(octets.size() - reader.remaining());
  FUZZ_ASSERT(std::ranges::equal(consumed, name->wire(), {}, folded));
  check_name(*name);
}

void check_label(std::string_view label) {
  const auto name = DnsName().child(label);
  FUZZ_ASSERT(name.ok() == (!label.empty() && label.size() <= DnsName::max_label_octets));
  if (name) check_name(*name);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto name = DnsName::from_text(text)) {
    check_name(*name);
  } else {
    FUZZ_ASSERT(name.problem().fault == danelaw::Fault::Name);
    FUZZ_ASSERT(!name.problem().text.empty());
  }
  check_wire_form({data, size});
  check_label(text);
  return 0;
}
