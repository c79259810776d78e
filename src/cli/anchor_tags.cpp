#include "anchor_tags.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

namespace danelaw::cli {
namespace {

constexpr std::size_t max_octets = 1 << 20;

std::optional<unsigned> number(const std::string& text, unsigned most) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

std::optional<std::vector<std::uint8_t>> from_base64(const std::string& text) {
  std::vector<std::uint8_t> octets(text.size() / 4 * 3 + 3);
  const int length = EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  octets.resize(static_cast<std::size_t>(length) - std::min(padding, static_cast<std::size_t>(length)));
  return octets;
}

/// RFC 4034 section 2.2: flags protocol algorithm key, of which the last may be split.
std::optional<unsigned> tag_of_dnskey(const std::vector<std::string>& words) {
  if (words.size() < 4) return std::nullopt;
  const auto flags = number(words[0], 0xFFFF);
  const auto protocol = number(words[1], 0xFF);
  const auto algorithm = number(words[2], 0xFF);
  std::string base64;
  for (std::size_t i = 3; i < words.size(); ++i) base64 += words[i];
  const auto key = from_base64(base64);
  if (!flags || !protocol || !algorithm || !key) return std::nullopt;
  std::vector<std::uint8_t> rdata{
      static_cast<std::uint8_t>(*flags >> 8U), static_cast<std::uint8_t>(*flags & 0xFFU),
      static_cast<std::uint8_t>(*protocol), static_cast<std::uint8_t>(*algorithm)};
  rdata.insert(rdata.end(), key->begin(), key->end());
  return key_tag(rdata);
}

/// One record: ". [TTL] [IN] DS tag …" or ". [TTL] [IN] DNSKEY …".
std::optional<unsigned> tag_of_record(const std::vector<std::string>& words) {
  if (words.empty() || words[0] != ".") return std::nullopt;
  const auto type = std::find_if(words.begin() + 1, words.end(),
                                 [](const std::string& word) { return word == "DS" || word == "DNSKEY"; });
  if (type == words.end() || type + 1 == words.end()) return std::nullopt;
  if (*type == "DS") return number(*(type + 1), 0xFFFF);
  return tag_of_dnskey({type + 1, words.end()});
}

/// Words up to the end of a record: the line's, or that of the closing parenthesis (RFC 1035 section 5.1).
bool read_record(std::istream& text, std::vector<std::string>& words) {
  words.clear();
  std::string line;
  bool within_parentheses = false;
  while (std::getline(text, line)) {
    line = line.substr(0, line.find(';'));
    if (line.find('(') != std::string::npos) within_parentheses = true;
    if (line.find(')') != std::string::npos) within_parentheses = false;
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '(' || c == ')'; }, ' ');
    std::istringstream stream(line);
    for (std::string word; stream >> word;) words.push_back(word);
    if (!within_parentheses) return true;
  }
  return !words.empty();
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(max_octets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

unsigned key_tag(const std::vector<std::uint8_t>& rdata) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < rdata.size(); ++i) sum += i % 2 == 0 ? rdata[i] * 256U : rdata[i];
  return (sum + (sum >> 16U)) & 0xFFFFU;
}

std::set<unsigned> root_key_tags_of_text(const std::string& text) {
  std::set<unsigned> tags;
  std::istringstream stream(text);
  for (std::vector<std::string> words; read_record(stream, words);) {
    if (const auto tag = tag_of_record(words)) tags.insert(*tag);
  }
  return tags;
}

std::set<unsigned> root_key_tags(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return root_key_tags_of_text(text_of(path));
  std::set<unsigned> tags;
  for (const auto& entry : std::filesystem::directory_iterator(path, error))
    tags.merge(root_key_tags_of_text(text_of(entry.path())));
  return tags;
}

}  // namespace danelaw::cli
