#include "service/private_names.hpp"

#include <algorithm>

namespace danelaw::service {

bool is_private(const DnsName& name, const std::vector<DnsName>& never_asked) {
  static const std::vector<DnsName> special{DnsName::from_text("localhost").value(),
                                            DnsName::from_text("local").value(),
                                            DnsName::from_text("onion").value()};
  const auto within = [&name](const DnsName& suffix) { return name.is_within(suffix); };
  return std::any_of(special.begin(), special.end(), within) ||
         std::any_of(never_asked.begin(), never_asked.end(), within);
}

}  // namespace danelaw::service
