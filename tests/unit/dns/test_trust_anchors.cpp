#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/hex.hpp"
#include "dns/trust_anchors.hpp"

using namespace danelaw;
using namespace danelaw::dns;
namespace files = std::filesystem;

namespace {

/// A directory of one's own that goes with it.
class Directory final {
 public:
  Directory() {
    std::string pattern = files::temp_directory_path() / "danelaw-anchors-XXXXXX";
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    m_path = pattern;
  }
  ~Directory() { files::remove_all(m_path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  [[nodiscard]] std::string path(const std::string& file = "") const {
    return file.empty() ? m_path : m_path / file;
  }
  [[nodiscard]] std::string write(const std::string& file, const std::string& text) const {
    std::ofstream(path(file), std::ios::binary) << text;
    return path(file);
  }

 private:
  files::path m_path;
};

const std::string ds_2017 = "20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";
const std::string ds_2024 = "38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16";
const std::string key =
    "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==";

std::string summary(const TrustAnchors& anchors) {
  std::string text;
  for (const TrustAnchor& anchor : anchors)
    text += anchor.owner.to_text() + (anchor.type == RrType::Ds ? " DS " : " DNSKEY ") +
            std::to_string(anchor.rdata.size()) + ";";
  return text;
}

}  // namespace

TEST_SUITE("Trust anchors") {
  TEST_CASE("Built in are the root's two keys of 2017 and 2024") {
    const TrustAnchors& anchors = built_in_trust_anchors();
    REQUIRE(anchors.size() == 2);
    CHECK(anchors[0].owner.is_root());
    CHECK(to_hex(anchors[0].rdata) ==
          "4f660802e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d");
    CHECK(to_hex(anchors[1].rdata) ==
          "97280802683d2d0acb8c9b712a1948b27f741219298d0a450d612c483af444a4c0fb2b16");
  }

  TEST_CASE("The defaults are the system's or the built-in ones, never none") {
    const auto anchors = default_trust_anchors();
    REQUIRE(anchors);
    CHECK_FALSE(anchors->empty());
  }

  TEST_CASE("DS and DNSKEY records are read in every way in which master files write them") {
    const Directory directory;
    struct Row {
      std::string what;
      std::string text;
      std::string want;
    };
    const std::vector<Row> rows{
        {"DS", ". IN DS " + ds_2017 + "\n", ". DS 36;"},
        {"without class", ". DS " + ds_2017 + "\n", ". DS 36;"},
        {"with TTL, tabs and lower case", ".\t172800\tin\tds\t" + ds_2017 + "\n", ". DS 36;"},
        {"without a last line feed", ". IN DS " + ds_2017, ". DS 36;"},
        {"with carriage returns", ". IN DS " + ds_2017 + "\r\n", ". DS 36;"},
        {"DNSKEY", "example. IN DNSKEY " + key + "\n", "example DNSKEY 68;"},
        {"comments and empty lines", "; a comment\n\n. IN DS " + ds_2017 + " ; tag 20326\n\n", ". DS 36;"},
        {"several lines in parentheses",
         ". IN DS 20326 8 2 (\n  E06D44B80B8F1D39A95C0B0D7C65D084 ; half\n  58E880409BBC683457104237C7F8EC8D "
         ")\n",
         ". DS 36;"},
        {"two", ". IN DS " + ds_2017 + "\nexample. IN DNSKEY " + key + "\n", ". DS 36;example DNSKEY 68;"},
        {"keys that a resolver keeps, of which one is not trusted yet and one no more",
         "; autotrust trust anchor file\n"
         "example. 60 IN DNSKEY " +
             key +
             " ;{id = 1 (ksk)} ;;state=1 [ ADDPEND ] ;;count=0\n"
             "example. 60 IN DNSKEY " +
             key +
             " ;{id = 1 (ksk)} ;;state=2 [  VALID  ] ;;count=0\n"
             "example. 60 IN DNSKEY " +
             key + " ;{id = 1 (ksk)} ;;state=5 [ REMOVED ] ;;count=0\n",
         "example DNSKEY 68;"},
        {"a revoked key beside a good one",
         "example. IN DNSKEY 385" + key.substr(3) + "\nexample. IN DNSKEY " + key + "\n",
         "example DNSKEY 68;"},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      const auto anchors = load_trust_anchors(directory.write("root.key", row.text));
      if (!anchors) FAIL_CHECK(anchors.problem().text);
      if (anchors) CHECK(summary(*anchors) == row.want);
    }
  }

  TEST_CASE("R6698-4.1a: a file that gives no anchor is a problem that names it, never no anchors") {
    const Directory directory;
    struct Row {
      std::string what;
      std::string text;
      std::string where;
    };
    const std::vector<Row> rows{
        {"empty", "", ""},
        {"only comments", "; nothing\n\n   \n", ""},
        {"garbage", "this is not an anchor\n", ":1"},
        {"garbage after a good record", ". IN DS " + ds_2017 + "\n\x01\x02\xff\n", ":2"},
        {"another type", ". IN NS a.root-servers.net.\n", ":1"},
        {"an unknown type", ". IN TYPE65280 \\# 1 00\n", ":1"},
        {"another class", ". CH DS " + ds_2017 + "\n", ":1"},
        {"odd hex", ". IN DS 20326 8 2 E06\n", ":1"},
        {"no digest", ". IN DS 20326 8 2\n", ":1"},
        {"a DNSKEY of another protocol", "example. IN DNSKEY 257 4" + key.substr(5) + "\n", ":1"},
        {"no base64", "example. IN DNSKEY 257 3 13 *****\n", ":1"},
        {"an open parenthesis", ". IN DS 20326 8 2 ( E06D44\n", ""},
        {"a parenthesis that nothing opened", ". IN DS " + ds_2017 + " )\n", ""},
        {"only a key that is not trusted yet", "example. IN DNSKEY " + key + " ;;state=1 [ ADDPEND ]\n", ""},
        {"only revoked keys", "example. IN DNSKEY 385" + key.substr(3) + "\n", ""},
        {"only keys without the zone bit", "example. IN DNSKEY 1" + key.substr(3) + "\n", ""},
        {"binary", std::string("\0\0\0\0", 4), ":1"},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      const std::string path = directory.write("root.key", row.text);
      const auto anchors = load_trust_anchors(path);
      REQUIRE_FALSE(anchors);
      CHECK(anchors.problem().fault == Fault::Anchor);
      CHECK(anchors.problem().text.rfind(path + row.where, 0) == 0);
      CHECK(anchors.problem().text.find('\n') == std::string::npos);
    }
  }

  TEST_CASE("R6698-4.1a: what cannot be read is a problem") {
    const Directory directory;
    CHECK_FALSE(load_trust_anchors(directory.path("missing")));
    CHECK_FALSE(load_trust_anchors(""));
    CHECK_FALSE(load_trust_anchors("/dev/null"));
    REQUIRE(mkfifo(directory.path("pipe.key").c_str(), 0600) == 0);
    CHECK_FALSE(load_trust_anchors(directory.path("pipe.key")));  // and it is not waited for
    files::remove(directory.path("pipe.key"));
    CHECK_FALSE(load_trust_anchors(directory.write("huge.key", std::string(2 * 1024 * 1024, ';'))));
    const std::string locked = directory.write("locked.key", ". IN DS " + ds_2017 + "\n");
    chmod(locked.c_str(), 0);
    if (access(locked.c_str(), R_OK) != 0) CHECK_FALSE(load_trust_anchors(locked));
  }

  TEST_CASE("A directory gives the anchors of all its anchor files, and of no others") {
    const Directory directory;
    CHECK_FALSE(load_trust_anchors(directory.path()));
    static_cast<void>(directory.write("notes.txt", "nothing\n"));
    CHECK_FALSE(load_trust_anchors(directory.path()));
    static_cast<void>(directory.write("b.ds", ". IN DS " + ds_2024 + "\n"));
    static_cast<void>(directory.write("a.key", ". IN DS " + ds_2017 + "\n"));
    static_cast<void>(directory.write("c.anchor", "example. IN DNSKEY " + key + "\n"));
    const auto anchors = load_trust_anchors(directory.path());
    REQUIRE(anchors);
    CHECK(summary(*anchors) == ". DS 36;. DS 36;example DNSKEY 68;");
    const std::string broken = directory.write("d.key", "nonsense\n");
    const auto spoilt = load_trust_anchors(directory.path());
    REQUIRE_FALSE(spoilt);
    CHECK(spoilt.problem().text.rfind(broken, 0) == 0);
  }
}
