#include "verify/scratch_ssls.hpp"

#include <algorithm>
#include <utility>

namespace danelaw::verify {
namespace {

constexpr std::size_t size_octets = 4;

/// Different for all that OpenSSL would tell apart: the data's length stands before it.
Buffer key_of(std::span<const tlsa::UsableRecord> records, DaneEeNameChecks checks) {
  constexpr std::size_t ordinary_octets = 128;
  Buffer key;
  key.reserve(ordinary_octets);
  key.push_back(static_cast<std::uint8_t>(checks));
  for (const tlsa::UsableRecord& record : records) {
    const Bytes data = record.association_data();
    key.push_back(static_cast<std::uint8_t>(record.usage()));
    key.push_back(static_cast<std::uint8_t>(record.selector()));
    key.push_back(static_cast<std::uint8_t>(record.matching_type()));
    for (std::size_t octet = size_octets; octet-- > 0;)
      key.push_back(static_cast<std::uint8_t>(data.size() >> (8 * octet)));
    key.insert(key.end(), data.begin(), data.end());
  }
  return key;
}

/// Negative where OpenSSL failed, 0 where the record says nothing to it.
int add(SSL* ssl, const tlsa::UsableRecord& record) {
  const Bytes data = record.association_data();
  return SSL_dane_tlsa_add(ssl, static_cast<std::uint8_t>(record.usage()),
                           static_cast<std::uint8_t>(record.selector()),
                           static_cast<std::uint8_t>(record.matching_type()), data.data(), data.size());
}

}  // namespace

ScratchSsls::Loan::~Loan() {
  if (m_ssl != nullptr) m_owner->give_back(std::move(m_key), std::move(m_ssl));
}

ScratchSsls::ScratchSsls(SSL_CTX* ctx)
    : m_ctx(ctx, SSL_CTX_free), m_waiting(std::make_unique<std::vector<Waiting>>()) {
  m_waiting->reserve(most_waiting);
}

ScratchSsls::~ScratchSsls() {
  // Only in a child that was forked while another thread changed the list: nobody knows what it is like, so it stays.
  const std::unique_lock lock(m_lock, std::try_to_lock);
  if (!lock) static_cast<void>(m_waiting.release());
}

ScratchSsls::Loan ScratchSsls::with(std::span<const tlsa::UsableRecord> records, DaneEeNameChecks checks) {
  Buffer key = key_of(records, checks);
  Loan::Owned ssl = take(key);
  if (ssl == nullptr) ssl = make(records, checks);
  return {*this, std::move(key), std::move(ssl)};
}

ScratchSsls::Loan::Owned ScratchSsls::take(const Buffer& key) {
  const std::unique_lock lock(m_lock, std::try_to_lock);
  if (!lock) return nullptr;
  const auto found = std::find_if(m_waiting->begin(), m_waiting->end(),
                                  [&key](const Waiting& waiting) { return waiting.key == key; });
  if (found == m_waiting->end()) return nullptr;
  Loan::Owned ssl = std::move(found->ssl);
  m_waiting->erase(found);
  return ssl;
}

void ScratchSsls::give_back(Buffer key, Loan::Owned ssl) {
  if (key.size() > longest_key) return;
  Waiting gone;  // freed when the lock is not held any more
  const std::unique_lock lock(m_lock, std::try_to_lock);
  if (!lock) return;
  if (m_waiting->size() >= most_waiting) {
    gone = std::move(m_waiting->front());
    m_waiting->erase(m_waiting->begin());
  }
  m_waiting->push_back({std::move(key), std::move(ssl)});
}

ScratchSsls::Loan::Owned ScratchSsls::make(std::span<const tlsa::UsableRecord> records,
                                           DaneEeNameChecks checks) const {
  Loan::Owned ssl(SSL_new(m_ctx.get()));
  if (ssl == nullptr || SSL_dane_enable(ssl.get(), nullptr) <= 0) return nullptr;
  bool any = false;
  for (const tlsa::UsableRecord& record : records) {
    const int result = add(ssl.get(), record);
    if (result < 0) return nullptr;
    any = any || result > 0;
  }
  if (!any) return nullptr;
  if (checks == DaneEeNameChecks::Skipped) SSL_dane_set_flags(ssl.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  return ssl;
}

}  // namespace danelaw::verify
