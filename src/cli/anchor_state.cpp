#include "anchor_state.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/crypto.h>

#include <cstdint>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "anchor_tags.hpp"

namespace danelaw::cli {
namespace {

std::vector<std::uint8_t> from_hex(const std::string& text) {
  long octets = 0;
  unsigned char* const made = OPENSSL_hexstr2buf(text.c_str(), &octets);
  if (made == nullptr) return {};
  std::vector<std::uint8_t> rdata(made, made + octets);
  OPENSSL_free(made);
  return rdata;
}

std::string day_of(std::time_t time) { return fmt::format("{:%Y-%m-%d}", fmt::gmtime(time)); }

}  // namespace

std::string keys_in_anchor_state(const std::string& path) {
  std::map<std::string, std::string> by_state;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string word;
    std::string state;
    std::string hex;
    std::time_t since = 0;
    std::time_t hold = 0;
    if (!(words >> word >> state >> since >> hold >> hex) || word != "key") continue;
    std::string& shown = by_state[state];
    shown += fmt::format("{}{}", shown.empty() ? "" : ", ", key_tag(from_hex(hex)));
    if (hold != 0) shown += " until " + day_of(since + hold);
  }
  std::string all;
  for (const auto& [state, keys] : by_state) all += (all.empty() ? "" : "; ") + state + " " + keys;
  return all.empty() ? "no keys" : all;
}

}  // namespace danelaw::cli
