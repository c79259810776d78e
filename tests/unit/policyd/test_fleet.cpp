// What the services of a fleet write and read: seals, keys, the files of secrets. The store itself is tests/world/run_fleet's.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "base/hex.hpp"
#include "danelaw/proof_store.h"
#include "policyd/failure.hpp"
#include "policyd/fleet_entry.hpp"
#include "policyd/fleet_settings.hpp"
#include "policyd/secret_file.hpp"
#include "translated.hpp"

using namespace danelaw::policyd;
namespace files = std::filesystem;

namespace {

const std::string key_text(64, 'a');
const std::string other_key_text(64, 'b');
constexpr std::int64_t now = 1'800'000'000;
constexpr std::int64_t end = now + 300;
const std::string name = "danelaw:0123";
const std::string proof = "what proves an answer";

FleetKeys keys(const std::string& text = key_text) { return FleetKeys::from_text(text).value(); }

std::string entry() { return sealed_entry(keys(), name, proof, end); }

std::string opened(const std::string& octets, std::int64_t at = now, const std::string& under = name,
                   const FleetKeys& by = keys()) {
  const auto result = opened_entry(by, under, octets, at);
  if (const auto* const text = std::get_if<std::string>(&result)) return *text;
  switch (std::get<Unopened>(result)) {
    case Unopened::Malformed:
      return "malformed";
    case Unopened::Forged:
      return "forged";
    case Unopened::Ended:
      return "ended";
    case Unopened::TooLong:
      return "too long";
  }
  return "";
}

/// A folder with a file in it.
class Secret final {
 public:
  explicit Secret(const std::string& text, mode_t mode = 0600) {
    std::string pattern = (files::temp_directory_path() / "danelaw-secret-XXXXXX").string();
    m_folder = mkdtemp(pattern.data());
    std::ofstream(path()) << text;
    chmod(path().c_str(), mode);
  }
  ~Secret() { files::remove_all(m_folder); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  [[nodiscard]] std::string path() const { return m_folder / "secret"; }
  [[nodiscard]] std::string refusal() const { return refusal_of(path()); }
  static std::string refusal_of(const std::string& path) {
    try {
      static_cast<void>(read_secret(path));
      return "";
    } catch (const Failure& failure) {
      CHECK(failure.exit() == Exit::Usage);
      CHECK(std::string(failure.what()).find(path) == 0);
      return failure.what();
    }
  }

 private:
  files::path m_folder;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_SUITE("An entry of the fleet's store") {
  TEST_CASE("What was sealed is opened under its name until its end") {
    CHECK(entry().size() == proof.size() + octets_beside_proof);
    CHECK(opened(entry()) == proof);
    CHECK(opened(entry(), end - 1) == proof);
    CHECK(opened(entry(), end) == "ended");
    CHECK(opened(entry(), end + 1'000'000) == "ended");
  }

  TEST_CASE("One that would last longer than any answer is not used, nor one whose end is no time") {
    const auto lasting = [](std::int64_t until) { return opened(sealed_entry(keys(), name, proof, until)); };
    CHECK(lasting(now + longest_entry_seconds) == proof);
    CHECK(lasting(now + longest_entry_seconds + 1) == "too long");
    CHECK(lasting(INT64_MAX) == "too long");
    CHECK(lasting(0) == "ended");
    CHECK(lasting(-1) == "ended");
    CHECK(lasting(INT64_MIN) == "ended");
  }

  TEST_CASE("With any bit changed, cut short anywhere or made longer it is not opened") {
    const std::string whole = entry();
    for (std::size_t at = 0; at < whole.size(); ++at) {
      INFO(at);
      for (int bit = 0; bit < 8; ++bit) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
        CHECK(opened(changed) == (at < 16 ? "malformed" : "forged"));
      }
      CHECK(opened(whole.substr(0, at)) == (at <= octets_beside_proof ? "malformed" : "forged"));
      CHECK(opened(whole.substr(0, at) + 'x' + whole.substr(at)) != proof);
    }
    CHECK(opened(whole + '\0') == "forged");
    CHECK(opened(whole + whole) == "forged");
    CHECK(opened("") == "malformed");
  }

  TEST_CASE("Under another name it is somebody else's, also where one begins as the other does") {
    CHECK(opened(entry(), now, "danelaw:0124") == "forged");
    CHECK(opened(entry(), now, "danelaw:012") == "forged");
    CHECK(opened(entry(), now, "danelaw:01234") == "forged");
    CHECK(opened(entry(), now, "other:0123") == "forged");
    CHECK(opened(entry(), now, "") == "forged");
    // A name that takes in the octets that follow it.
    const std::string longer = sealed_entry(keys(), name + "danelaw-fleet 1\n", proof, end);
    CHECK(opened("danelaw-fleet 1\n" + longer) == "forged");
  }

  TEST_CASE("One that is longer than any proof is not looked at") {
    const std::string most(DANELAW_PROOF_ENTRY_MOST, 'x');
    CHECK(opened(sealed_entry(keys(), name, most, end)) == most);
    CHECK(opened(sealed_entry(keys(), name, most + 'x', end)) == "malformed");
  }

  TEST_CASE("RFC 2104, with SHA-256: the seal is what others compute") {
    // printf 'Hi There' | openssl dgst -sha256 -mac HMAC -macopt hexkey:aa… (32 octets)
    const auto seal = keys().seal("Hi There");
    CHECK(danelaw::to_hex(seal) == "f37d8faa99e964710846f8d2003be96d3ff6a6c316a09bff891fa08bd0b027e5");
    CHECK(keys().seal("a") != keys().seal("b"));
    CHECK(keys().seal("a") != keys(other_key_text).seal("a"));
  }
}

TEST_SUITE("The keys of a fleet") {
  TEST_CASE(
      "Another key opens nothing; where keys are rolled, the old one still opens and the new one seals") {
    const FleetKeys both = keys(other_key_text + "\n" + key_text);
    CHECK(opened(entry(), now, name, keys(other_key_text)) == "forged");
    CHECK(opened(entry(), now, name, both) == proof);
    const std::string by_both = sealed_entry(both, name, proof, end);
    CHECK(opened(by_both) == "forged");
    CHECK(opened(by_both, now, name, both) == proof);
    CHECK(opened(by_both, now, name, keys(other_key_text)) == proof);
  }

  TEST_CASE("Upper and lower case are one") {
    CHECK(keys(std::string(64, 'A')) == keys());
    CHECK(FleetKeys::from_text(key_text + "\n").has_value());
  }

  TEST_CASE("What is too short, too long, too many or not hexadecimal is no key") {
    for (const std::string& text :
         {std::string(), std::string("\n"), std::string(62, 'a'), std::string(63, 'a'), std::string(65, 'a'),
          std::string(130, 'a'), std::string(64, 'g'), key_text + " ", " " + key_text,
          key_text + "\r\n" + key_text, key_text + "\n\n" + key_text,
          key_text + "\n" + key_text + "\n" + key_text + "\n" + key_text + "\n" + key_text}) {
      INFO(text);
      CHECK_FALSE(FleetKeys::from_text(text).has_value());
    }
  }
}

TEST_SUITE("Files of secrets") {
  TEST_CASE("One of ours that nobody else may read is read without its line's end") {
    CHECK(read_secret(Secret("a secret\n").path()) == "a secret");
    CHECK(read_secret(Secret("a secret\r\n\n", 0400).path()) == "a secret");
    CHECK(read_secret(Secret("two\nlines", 0640).path()) == "two\nlines");
    CHECK(read_secret(Secret("").path()).empty());
  }

  TEST_CASE(
      "One that others may read or change, somebody else's, no file, a link and a long one are refused") {
    for (const mode_t mode : {0604U, 0602U, 0620U, 0660U, 0644U, 0601U, 0610U, 0777U}) {
      INFO(mode);
      CHECK(has(Secret("x", mode).refusal(), "open to others"));
    }
    CHECK(has(Secret(std::string(5000, 'x')).refusal(), "too long"));
    CHECK(has(Secret::refusal_of("/nowhere/at/all"), "cannot be read"));
    CHECK(has(Secret::refusal_of("/dev/null"), "no regular file"));
    const Secret secret("x");
    const std::string link = secret.path() + "-link";
    files::create_symlink(secret.path(), link);
    CHECK(has(Secret::refusal_of(link), "cannot be read"));
  }

  TEST_CASE("One that is not there is told in English, whatever the locale") {
    const danelaw::Translated translated("No such file or directory", "filen finns inte");
    if (!translated.is_heard(ENOENT)) return;
    CHECK(Secret::refusal_of("/nowhere/at/all") ==
          "/nowhere/at/all: cannot be read: No such file or directory");
  }

  TEST_CASE("Another user's is refused" * doctest::skip(geteuid() != 0)) {
    const Secret secret("x");
    REQUIRE(chown(secret.path().c_str(), 65534, 65534) == 0);
    CHECK(has(secret.refusal(), "another user"));
  }

  TEST_CASE("A fleet needs its key, and an empty password is none") {
    FleetSettings settings;
    CHECK_NOTHROW(read_secrets(settings));
    settings.enabled = true;
    CHECK_THROWS_AS(read_secrets(settings), Failure);
    const Secret key(key_text + "\n");
    const Secret bad("no key\n");
    const Secret password("word\n");
    const Secret nothing("\n");
    settings.key_file = bad.path();
    CHECK_THROWS_AS(read_secrets(settings), Failure);
    settings.key_file = key.path();
    read_secrets(settings);
    CHECK(settings.keys == keys());
    CHECK(settings.redis.password.empty());
    settings.password_file = nothing.path();
    CHECK_THROWS_AS(read_secrets(settings), Failure);
    settings.password_file = password.path();
    read_secrets(settings);
    CHECK(settings.redis.password == "word");
  }
}
