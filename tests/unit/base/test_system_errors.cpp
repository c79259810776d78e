#include <doctest/doctest.h>
#include <libintl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/system_errors.hpp"

using namespace danelaw;

namespace {

/// Translations of the C library's messages into a language of the test's own, in force while this lives.
class Translated final {
 public:
  Translated(const std::string& original, const std::string& translation) {
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

  std::filesystem::path m_directory;
};

}  // namespace

TEST_SUITE("What the system says of an error") {
  TEST_CASE("It is a line for every number, also for one that there is not") {
    CHECK(text_of_error(ECONNREFUSED) == "Connection refused");
    CHECK(text_of_error(EMFILE) == "Too many open files");
    CHECK(text_of_error(99999).find("99999") != std::string::npos);
    CHECK_FALSE(text_of_error(-1).empty());
  }

  TEST_CASE("It is the same whatever language the host speaks") {
    const Translated translated("Connection refused", "anslutningen nekades");
    if (std::strerror(ECONNREFUSED) != std::string("anslutningen nekades")) {
      MESSAGE("the C library does not translate in this locale: nothing to see");
      return;
    }
    CHECK(text_of_error(ECONNREFUSED) == "Connection refused");
  }
}
