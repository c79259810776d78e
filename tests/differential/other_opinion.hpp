// libunbound as a validator that forwards to a resolver of ours: the second opinion. Loaded at run time, because getdns needs it
// anyway and its header may not be there.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dnssec/trust_anchor.hpp"
#include "opinion.hpp"

namespace differential {

/// The reason where the other one was not done in time.
inline constexpr const char* no_end = "no end";

class OtherOpinion final {
 public:
  /// Throws where there is no libunbound.
  OtherOpinion();
  ~OtherOpinion();

  /// With an empty cache, in a process of its own, which is ended where it comes to no end; from the resolver at 127.0.0.1 and that port.
  [[nodiscard]] Opinion about(const danelaw::dnssec::Question& asked, const danelaw::Buffer& root_ds,
                              std::uint16_t port) const;

 private:
  [[nodiscard]] Opinion in_this_process(const danelaw::dnssec::Question& asked,
                                        const danelaw::Buffer& root_ds, std::uint16_t port) const;
  struct Library;
  std::unique_ptr<Library> m_library;
};

}  // namespace differential
