#include "dnssec/names.hpp"

#include <vector>

namespace danelaw::dnssec {

namespace {

/// The labels as they stand on the wire, leftmost first, without the root's.
std::vector<Bytes> labels_of(const DnsName& name) {
  std::vector<Bytes> labels;
  Bytes rest = name.wire();
  while (rest.front() != 0) {
    const std::size_t length = rest.front();
    labels.push_back(rest.subspan(1, length));
    rest = rest.subspan(1 + length);
  }
  return labels;
}

}  // namespace

bool is_below(const DnsName& name, const DnsName& ancestor) {
  return name != ancestor && name.is_within(ancestor);
}

std::optional<DnsName> wildcard_of(const DnsName& encloser) {
  auto name = encloser.child("*");
  if (!name) return std::nullopt;
  return std::move(*name);
}

std::size_t signed_label_count(const DnsName& owner) {
  const Bytes wire = owner.wire();
  const bool wildcard = wire.size() > 2 && wire[0] == 1 && wire[1] == '*';
  return owner.label_count() - (wildcard ? 1 : 0);
}

std::string canonical_key(const DnsName& name) {
  // The label nearest the root counts first, and a label that ends sorts before one that goes on. So labels are
  // written from the right with 0 behind each; the octets 0 and 1 inside a label are escaped by 1 to stay above it.
  std::string key;
  const auto labels = labels_of(name);
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    for (const std::uint8_t octet : *label) {
      if (octet <= 1) key.push_back('\1');
      key.push_back(static_cast<char>(octet <= 1 ? octet + 1 : octet));
    }
    key.push_back('\0');
  }
  return key;
}

}  // namespace danelaw::dnssec
