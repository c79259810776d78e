// Where the state of trust anchors that follow their zone (RFC 5011, dnssec/anchor_rollover.hpp) is kept: one text file, replaced as a
// whole. Read when a resolver is made; the engine has it fed when a look is due, and has new anchors then.
//
// Several processes may share the file: each reads it again before it writes, so that at worst a change is made once more, at the
// next look. A file that cannot be written leaves the anchors as they were read.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "dnssec/anchor_rollover.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dns {

class AnchorKeeper final {
 public:
  /// The anchors must be those of one zone. A file that is not there yet is no problem, in a directory that is. Fault::Anchor where
  /// it is broken, may be written by others, or leaves no anchor.
  static Result<AnchorKeeper> open(const std::string& path, const dnssec::TrustAnchors& configured);

  [[nodiscard]] const DnsName& zone() const { return m_state.zone; }
  [[nodiscard]] const dnssec::AnchorState& state() const { return m_state; }
  [[nodiscard]] dnssec::TrustAnchors anchors() const { return dnssec::anchors_of(m_state, m_configured); }
  /// The zone's DNSKEY RRset is to be looked at again.
  [[nodiscard]] bool is_due(EpochSeconds now) const;

  /// It was asked for: until when another look is not due, whatever comes of this one.
  void looked(EpochSeconds now);
  /// The reply. Writes the file where a look was due and the records are validated. True where the anchors have changed.
  bool feed(std::span<const dnssec::ResourceRecord> records, EpochSeconds now);

 private:
  AnchorKeeper(std::string path, dnssec::TrustAnchors configured, dnssec::AnchorState state)
      : m_path(std::move(path)), m_configured(std::move(configured)), m_state(std::move(state)) {}

  std::string m_path;
  dnssec::TrustAnchors m_configured;
  dnssec::AnchorState m_state;
  EpochSeconds m_retry_at = 0;
};

}  // namespace danelaw::dns
