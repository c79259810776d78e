#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>

#include "policyd/files.hpp"
#include "policyd/sts_policy.hpp"
#include "policyd/sts_store.hpp"

using namespace danelaw::policyd;
namespace fs = std::filesystem;

namespace {

constexpr const char* good =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n";

bool is_policy(const std::string& text) {
  return std::holds_alternative<StsPolicy>(sts_policy_from_text(text));
}
StsPolicy policy(const std::string& text) { return std::get<StsPolicy>(sts_policy_from_text(text)); }

std::string without(std::string text, const std::string& part) {
  return text.erase(text.find(part), part.size());
}
std::string with(std::string text, const std::string& part, const std::string& other) {
  return text.replace(text.find(part), part.size(), other);
}

/// A directory that goes with it.
struct Scratch {
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "policyd-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Scratch() { fs::remove_all(path); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path;
};

std::size_t files_in(const std::string& path) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
}

}  // namespace

TEST_SUITE("RFC 8461 section 3.2: policies") {
  TEST_CASE("A policy is read") {
    const StsPolicy read = policy(good);
    CHECK(read.mode == StsMode::Enforce);
    CHECK(read.mx == std::vector<std::string>{"mail.example.com", "*.example.net"});
    CHECK(read.max_age.count() == 604800);
    CHECK(policy(to_text(read)) == read);
  }

  TEST_CASE("Lines end with LF or CRLF; order, blanks at the ends and unknown fields do not matter") {
    CHECK(policy("max_age:1\nmx:a.example\nmode:testing\nversion:STSv1").mode == StsMode::Testing);
    CHECK(is_policy(std::string(good) + "x-more.1: \xc3\xbc and so on\n\n \n"));
    CHECK(policy(with(good, "mail.example.com", "MAIL.Example.com  ")).mx.front() == "mail.example.com");
    CHECK(policy("version: STSv1\nmode: none\nmax_age: 5\n").mx.empty());
  }

  TEST_CASE("Of a field that is there twice the first counts, but for mx") {
    CHECK(policy(std::string(good) + "mode: none\nmax_age: 1\nversion: STSv2\n") == policy(good));
    CHECK(policy(std::string(good) + "mx: mail.example.com\n").mx.size() == 2);
  }

  TEST_CASE("What breaks the form is no policy") {
    const std::string text = good;
    for (const std::string& broken :
         {std::string(),
          without(text, "version: STSv1\r\n"),
          without(text, "mode: enforce\r\n"),
          without(text, "max_age: 604800\r\n"),
          without(without(text, "mx: mail.example.com\r\n"), "mx: *.example.net\r\n"),
          with(text, "STSv1", "STSv2"),
          with(text, "STSv1", "stsv1"),
          with(text, "enforce", "Enforce"),
          with(text, "enforce", "report"),
          with(text, "604800", "-1"),
          with(text, "604800", "1e3"),
          with(text, "604800", "12345678901"),
          with(text, "604800", ""),
          with(text, "mail.example.com", "mail_1.example.com"),
          with(text, "mail.example.com", "mail.example.com."),
          with(text, "mail.example.com", ".example.com"),
          with(text, "mail.example.com", "*"),
          with(text, "mail.example.com", "*."),
          with(text, "mail.example.com", "*.*.example.com"),
          with(text, "mail.example.com", "mail.*.example.com"),
          with(text, "mail.example.com", "a..b"),
          with(text, "mail.example.com", "-a.b"),
          with(text, "mail.example.com", "a b"),
          with(text, "mail.example.com", "a:b"),
          with(text, "mail.example.com", std::string(64, 'a') + ".b"),
          with(text, "mode:", "mode"),
          with(text, "mode: enforce", " mode: enforce"),
          with(text, "mode: enforce", "mode : enforce"),
          with(text, "mail.example.com", "mail.example.com\x01"),
          text + "no colon\n",
          text + ": no name\n",
          text + "empty:\n",
          text + std::string(max_policy_octets, '\n')}) {
      INFO(broken.substr(0, 200));
      CHECK_FALSE(is_policy(broken));
    }
  }

  TEST_CASE("A time longer than a year is a year") {
    CHECK(policy(with(good, "604800", "9999999999")).max_age == longest_max_age);
  }

  TEST_CASE("More patterns than fit into a reply are no policy") {
    std::string text = "version: STSv1\nmode: enforce\nmax_age: 1\n";
    for (int i = 0; i < 300; ++i)
      text += "mx: host-" + std::to_string(i) + ".a-rather-long-name.example.com\n";
    CHECK_FALSE(is_policy(text));
  }
}

TEST_SUITE("RFC 8461 section 3.3: policies are kept for their max_age") {
  TEST_CASE("A file is written as it is read") {
    const KeptPolicy kept{"20261121", 1'700'000'000, policy(good)};
    CHECK(kept_policy_from(to_file_text(kept)) == kept);
    const std::string text = to_file_text(kept);
    for (std::size_t octets = 0; octets < text.size() - 1; ++octets) {
      const auto cut = kept_policy_from(std::string_view(text).substr(0, octets));
      INFO(octets);
      CHECK((!cut || cut->policy.max_age < kept.policy.max_age));  // a shorter number is a shorter time
    }
    for (const auto& [part, other] :
         {std::pair{"sts 1", "sts 2"}, std::pair{"fetched: 1", "fetched: -1"},
          std::pair{"fetched: 1", "fetched: 99999999999999999999"}, std::pair{"id: 2", "id: ../2"}})
      CHECK_FALSE(kept_policy_from(with(text, part, other)));
  }

  TEST_CASE("A policy is in force for its time, in memory and in files") {
    const Scratch scratch;
    const std::int64_t now = std::time(nullptr);
    const KeptPolicy kept{"1", now, policy(good)};
    {
      StsStore store(scratch.path + "/sts", 10);
      CHECK_FALSE(store.find("example.com", now));
      store.keep("example.com", kept);
      CHECK(store.find("example.com", now) == kept);
      CHECK(store.problem().empty());
    }
    StsStore again(scratch.path + "/sts", 10);
    CHECK(again.count() == 0);
    CHECK(again.find("example.com", now) == kept);
    CHECK(again.count() == 1);
    CHECK(again.find("example.com", now + 604799) == kept);
    CHECK_FALSE(again.find("example.com", now + 604800));
    CHECK_FALSE(again.find("example.com", now + 604800));
  }

  TEST_CASE("What is over, broken or unfinished goes; what cannot be written is told") {
    const Scratch scratch;
    const std::int64_t now = std::time(nullptr);
    replace_file(scratch.path, "old.example", to_file_text({"1", now - 700'000, policy(good)}), 0644);
    replace_file(scratch.path, "broken.example", "garbage", 0644);
    replace_file(scratch.path, ".new-1", to_file_text({"1", now, policy(good)}), 0644);
    replace_file(scratch.path, "good.example", to_file_text({"1", now, policy(good)}), 0644);
    StsStore store(scratch.path, 10);
    CHECK(files_in(scratch.path) == 1);
    CHECK(store.find("good.example", now));
    CHECK_FALSE(StsStore("/dev/null/sts", 10).problem().empty());
  }

  TEST_CASE("There are never more than the limits, in memory or in files") {
    const Scratch scratch;
    const std::int64_t now = std::time(nullptr);
    StsStore store(scratch.path, 3);
    for (int i = 0; i < 50; ++i) store.keep("d" + std::to_string(i) + ".example", {"1", now, policy(good)});
    CHECK(store.count() == 3);
    CHECK(files_in(scratch.path) == 12);
    CHECK(store.find("d49.example", now));
    CHECK_FALSE(store.find("d30.example", now));
  }

  TEST_CASE("Policies that one store learned are in force in the next") {
    const std::int64_t now = std::time(nullptr);
    StsStore first("", 10);
    first.keep("example.com", {"1", now, policy(good)});
    StsStore second("", 10);
    second.adopt(first);
    CHECK(second.find("example.com", now));
  }
}
