// A host in another language: what the C library says of an errno is then no longer what people search for.
#pragma once

#include <doctest/doctest.h>
#include <libintl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

namespace danelaw {

/// Translations of the C library's messages into a language of the test's own, in force while this lives.
class Translated final {
 public:
  Translated(const std::string& original, const std::string& translation) : m_translation(translation) {
    std::array<char, 40> path{"/tmp/danelaw-test-language-XXXXXX"};
    REQUIRE(mkdtemp(path.data()) != nullptr);
    m_directory = path.data();
    const std::filesystem::path messages = m_directory / "xx" / "LC_MESSAGES";
    std::filesystem::create_directories(messages);
    write(messages / "libc.mo", original, translation);
    bindtextdomain("libc", m_directory.c_str());
    setenv("LANGUAGE", "xx", 1);
    std::setlocale(LC_ALL, "C.UTF-8");
  }
  ~Translated() {
    std::setlocale(LC_ALL, "C");
    unsetenv("LANGUAGE");
    std::filesystem::remove_all(m_directory);
  }
  /// False where the C library does not translate in this locale: nothing to see then.
  [[nodiscard]] bool is_heard(int error) const {
    if (std::strerror(error) == m_translation) return true;
    MESSAGE("the C library does not translate in this locale: nothing to see");
    return false;
  }
  Translated(const Translated&) = delete;
  Translated& operator=(const Translated&) = delete;

 private:
  /// The format that msgfmt(1) writes, with one message.
  static void write(const std::filesystem::path& file, const std::string& original,
                    const std::string& translation) {
    constexpr std::uint32_t magic = 0x950412de;
    constexpr std::uint32_t header = 28;
    constexpr std::uint32_t entry = 8;
    constexpr std::uint32_t text = header + 2 * entry;
    const auto original_octets = static_cast<std::uint32_t>(original.size());
    const auto octets = static_cast<std::uint32_t>(translation.size());
    std::ofstream out(file, std::ios::binary);
    for (const std::uint32_t number :
         {magic, std::uint32_t{0}, std::uint32_t{1}, header, header + entry, std::uint32_t{0}, text,
          original_octets, text, octets, text + original_octets + 1})
      out.write(reinterpret_cast<const char*>(&number), sizeof number);
    out << original << '\0' << translation << '\0';
  }

  std::string m_translation;
  std::filesystem::path m_directory;
};

}  // namespace danelaw
