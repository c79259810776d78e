#include "dns/anchor_keeper.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "dns/own_descriptor.hpp"
#include "dnssec/anchor_state_text.hpp"
#include "os/system_errors.hpp"

namespace danelaw::dns {
namespace {

Problem broken(const std::string& path, const std::string& what) {
  return Problem{Fault::Anchor, path + ": " + what +
                                    "; where the configured trust anchors are right, remove this file: it is "
                                    "made again"};
}

/// Nothing where there is no such file.
Result<std::optional<std::string>> text_in(const std::string& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (opened < 0) {
    if (errno == ENOENT) return std::optional<std::string>();
    return broken(path, "cannot be read: " + text_of_error(errno));
  }
  const OwnDescriptor file(opened);
  struct stat status {};
  if (fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) return broken(path, "is no file");
  const bool trusted = status.st_uid == geteuid() || status.st_uid == 0;
  if (!trusted || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return broken(path, "is another user's, or may be written by others");
  std::string text(dnssec::max_state_octets + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = read(file.number(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken(path, "cannot be read: " + text_of_error(errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled > dnssec::max_state_octets) return broken(path, "is too large");
  text.resize(filled);
  return std::optional<std::string>(std::move(text));
}

/// A state without keys where there is no file.
Result<dnssec::AnchorState> read_state(const std::string& path, const DnsName& zone) {
  const auto text = text_in(path);
  if (!text) return text.problem();
  if (!*text) return dnssec::AnchorState{zone, 0, 0};
  auto state = dnssec::anchor_state_from_text(**text);
  if (!state) return broken(path, state.problem().text);
  if (state->zone != zone)
    return broken(path, "is about " + state->zone.to_text() + ", the anchors are about " + zone.to_text());
  return state;
}

/// A trust anchor is worth the wait for the disk.
bool replace(const std::string& path, const std::string& text) {
  std::string beside = path + ".XXXXXX";
  const int opened = mkostemp(beside.data(), O_CLOEXEC);
  if (opened < 0) return false;
  const OwnDescriptor file(opened);
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t put = write(file.number(), text.data() + written, text.size() - written);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    written += static_cast<std::size_t>(put);
  }
  const bool done =
      written == text.size() && fsync(file.number()) == 0 && rename(beside.c_str(), path.c_str()) == 0;
  if (!done) unlink(beside.c_str());
  return done;
}

bool same(const dnssec::TrustAnchors& a, const dnssec::TrustAnchors& b) {
  return std::ranges::equal(a, b, [](const dnssec::TrustAnchor& one, const dnssec::TrustAnchor& other) {
    return one.owner == other.owner && one.type == other.type && one.rdata == other.rdata;
  });
}

}  // namespace

Result<AnchorKeeper> AnchorKeeper::open(const std::string& path, const dnssec::TrustAnchors& configured) {
  const auto elsewhere = [&](const dnssec::TrustAnchor& anchor) {
    return anchor.owner != configured.front().owner;
  };
  if (configured.empty() || std::ranges::any_of(configured, elsewhere))
    return Problem{Fault::Anchor,
                   path + ": a state is kept for the trust anchors of one zone; here are several"};
  std::error_code error;
  if (!std::filesystem::is_directory(std::filesystem::path(path).parent_path(), error))
    return Problem{Fault::Anchor,
                   path + ": its directory is not there; make it, so that the file can be made"};
  auto state = read_state(path, configured.front().owner);
  if (!state) return state.problem();
  AnchorKeeper keeper(path, configured, std::move(*state));
  if (keeper.anchors().empty())
    return Problem{Fault::Anchor, path + ": every trust anchor was revoked; configure the zone's new one"};
  return keeper;
}

bool AnchorKeeper::is_due(EpochSeconds now) const {
  // A clock that went back is looked into, too.
  return now >= m_retry_at && (now >= m_state.next_refresh || now < m_state.seen);
}

void AnchorKeeper::looked(EpochSeconds now) { m_retry_at = now + dnssec::retry_interval(0, 0); }

bool AnchorKeeper::feed(std::span<const dnssec::ResourceRecord> records, EpochSeconds now) {
  if (now < m_state.next_refresh && now >= m_state.seen) return false;
  looked(now);
  const dnssec::TrustAnchors before = anchors();
  auto latest = read_state(m_path, m_state.zone);
  if (!latest) return false;  // somebody has broken it: it stays for who looks into it
  const bool is_fresh = latest->seen > m_state.seen && latest->seen <= now && now < latest->next_refresh;
  m_state = std::move(*latest);
  if (!is_fresh) {
    const auto seen = dnssec::seen_keys(records, m_state.zone, anchors(), now);
    if (!seen) return !same(before, anchors());
    m_state = dnssec::next_state(std::move(m_state), m_configured, *seen, now);
    replace(m_path, dnssec::to_text(m_state));
  }
  return !same(before, anchors());
}

}  // namespace danelaw::dns
