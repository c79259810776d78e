#include "fleet_keys.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <new>

namespace danelaw::policyd {
namespace {

constexpr std::size_t least_digits = 64;
constexpr std::size_t most_digits = 128;
constexpr std::size_t most_keys = 4;

std::optional<int> digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> key_in(std::string_view line) {
  if (line.size() < least_digits || line.size() > most_digits || line.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> key;
  for (std::size_t at = 0; at < line.size(); at += 2) {
    const auto high = digit(line[at]);
    const auto low = digit(line[at + 1]);
    if (!high || !low) return std::nullopt;
    key.push_back(static_cast<std::uint8_t>(*high * 16 + *low));
  }
  return key;
}

Seal seal_by(const std::vector<std::uint8_t>& key, std::string_view octets) {
  Seal seal{};
  unsigned length = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), seal.data(),
           &length) == nullptr ||
      length != seal.size())
    throw std::bad_alloc();
  return seal;
}

}  // namespace

std::optional<FleetKeys> FleetKeys::from_text(std::string_view text) {
  std::vector<Key> keys;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    auto key = key_in(text.substr(0, end));
    if (!key || keys.size() == most_keys) return std::nullopt;
    keys.push_back(*std::move(key));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return keys.empty() ? std::nullopt : std::optional(FleetKeys(std::move(keys)));
}

Seal FleetKeys::seal(std::string_view octets) const { return seal_by(m_keys.front(), octets); }

bool FleetKeys::is_sealed(std::string_view octets, std::string_view seal) const {
  if (seal.size() != seal_octets) return false;
  bool is_right = false;
  for (const Key& key : m_keys)
    is_right |= CRYPTO_memcmp(seal_by(key, octets).data(), seal.data(), seal_octets) == 0;
  return is_right;
}

}  // namespace danelaw::policyd
