#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "dns/cache_directory.hpp"
#include "dns/proof_entry.hpp"
#include "dns/proof_files.hpp"
#include "dns/resolver.hpp"
#include "dns/stub_engine.hpp"
#include "dnssec/proof.hpp"
#include "kept_proofs.hpp"
#include "scripted_server.hpp"
#include "support.hpp"
#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using namespace std::chrono_literals;
namespace files = std::filesystem;

namespace {

const Question tlsa_question = question("_443._tcp.www.n1.example", RrType::Tlsa);
const Question denied_question = question("no.n3.example", RrType::A);
const Question insecure_question = question("www.unsigned.example", RrType::A);
constexpr EpochSeconds lifetime = 300;

/// An empty folder of its own, and the cache in it, which is not there yet.
class Folder final {
 public:
  Folder() {
    std::string pattern = (files::temp_directory_path() / "danelaw-cache-XXXXXX").string();
    m_path = mkdtemp(pattern.data());
  }
  ~Folder() {
    chmod(cache().c_str(), 0700);
    files::remove_all(m_path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string cache() const { return (m_path / "cache").string(); }
  [[nodiscard]] std::string entry(const KeptProofs& proofs, const Question& asked = tlsa_question) const {
    return cache() + "/" + proofs.file_name(asked);
  }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(files::directory_iterator(cache()), files::directory_iterator()));
  }

 private:
  files::path m_path;
};

/// To its own files, root is then like any user. Who is one already stays as it is.
bool become_unprivileged() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  return syscall(SYS_capset, &header, none.data()) == 0;
}

const TrustAnchors& anchors() {
  static const TrustAnchors made = lab::common_world().anchors();
  return made;
}

ProofEntry entry_for(const Question& asked) {
  const auto proof = dnssec::proof_in(lab::common_world().collect(asked), asked, anchors(), lab::now);
  REQUIRE(proof.has_value());
  return {asked, lab::now, lab::now + lifetime, proof->records};
}

Buffer octets_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return Buffer(std::istreambuf_iterator<char>(in), {});
}
void write_file(const std::string& path, Bytes octets) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
}

std::string kind(const std::optional<Answer>& answer) {
  if (!answer) return "nothing";
  constexpr std::array words = {"failed", "secure", "denied", "insecure"};
  return words.at(answer->index());
}

/// A cache with one entry in it.
struct Filled {
  Folder folder;
  KeptProofs proofs{folder.cache(), anchors()};
  std::string path = folder.entry(proofs);
  Filled() {
    proofs.keep(entry_for(tlsa_question), lab::now);
    REQUIRE(files::is_regular_file(path));
  }
  std::string found(EpochSeconds now = lab::now + 1) { return kind(proofs.find(tlsa_question, now)); }
  [[nodiscard]] bool is_there() const { return files::exists(files::symlink_status(path)); }
};

}  // namespace

TEST_SUITE("The file cache: entries") {
  TEST_CASE("What is secure, denied and insecure is found as such, by another process, until it ends") {
    const Folder folder;
    for (const auto& row : {std::pair{tlsa_question, "secure"}, std::pair{denied_question, "denied"},
                            std::pair{insecure_question, "insecure"}}) {
      const auto& asked = row.first;
      const std::string want = row.second;
      INFO(want);
      KeptProofs(folder.cache(), anchors()).keep(entry_for(asked), lab::now);
      KeptProofs other(folder.cache(), anchors());
      CHECK(kind(other.find(asked, lab::now)) == want);
      const auto later = other.find(asked, lab::now + lifetime - 1);
      CHECK(kind(later) == want);
      CHECK(expiry_of(*later) == lab::now + lifetime);
      CHECK(kind(other.find(asked, lab::now + lifetime)) == "nothing");
    }
    CHECK(folder.entries() == 0);
  }

  TEST_CASE("The TTL counts from when the records came, whatever the entry says of itself") {
    ProofEntry entry = entry_for(tlsa_question);
    entry.expires = lab::now + 3 * lab::default_ttl;
    const EpochSeconds later = lab::now + lab::default_ttl - 10;
    const auto answer = answer_in(entry, tlsa_question, anchors(), later);
    REQUIRE(kind(answer) == "secure");
    CHECK(expiry_of(*answer) == lab::now + lab::default_ttl);
    CHECK(std::get<SecureRrset>(*answer).ttl == 10);
    CHECK(kind(answer_in(entry, tlsa_question, anchors(), lab::now + lab::default_ttl)) == "nothing");
  }

  TEST_CASE("Entries of another question, other anchors, from the future, or past their end prove nothing") {
    const ProofEntry entry = entry_for(tlsa_question);
    CHECK(kind(answer_in(entry, denied_question, anchors(), lab::now)) == "nothing");
    CHECK(kind(answer_in(entry, tlsa_question, anchors(), lab::now - 1)) == "nothing");
    CHECK(kind(answer_in(entry, tlsa_question, anchors(), entry.expires)) == "nothing");
    const TrustAnchors others = {{name("."), RrType::Ds, lab::SigningKey::seeded(77).ds(name("."))}};
    CHECK(kind(answer_in(entry, tlsa_question, others, lab::now)) == "nothing");
    ProofEntry swapped = entry;
    swapped.question = denied_question;
    CHECK(kind(answer_in(swapped, denied_question, anchors(), lab::now)) == "nothing");
    CHECK(kind(answer_in(swapped, tlsa_question, anchors(), lab::now)) == "nothing");
  }

  TEST_CASE("What lasts longer than any answer, or ends before it begins, is no entry") {
    for (const EpochSeconds end : {EpochSeconds{0}, EpochSeconds{-5}, EpochSeconds{24 * 3600 + 1}}) {
      ProofEntry entry = entry_for(tlsa_question);
      entry.expires = entry.fetched + end;
      CHECK_FALSE(read_entry(write_entry(entry).value()).ok());
    }
  }

  TEST_CASE("Cut short anywhere, or with any octet changed, an entry proves what it did or nothing") {
    const ProofEntry entry = entry_for(tlsa_question);
    const Buffer whole = write_entry(entry).value();
    const Answer truth = *answer_in(entry, tlsa_question, anchors(), lab::now);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      const auto cut = read_entry(Bytes(whole).first(at));
      CHECK(kind(cut ? answer_in(*cut, tlsa_question, anchors(), lab::now) : std::nullopt) == "nothing");
      Buffer changed = whole;
      changed[at] ^= 0x20;
      const auto read = read_entry(changed);
      const auto answer = read ? answer_in(*read, tlsa_question, anchors(), lab::now) : std::nullopt;
      if (!answer) continue;
      REQUIRE(kind(answer) == "secure");
      CHECK(std::get<SecureRrset>(*answer).rdatas == std::get<SecureRrset>(truth).rdatas);
    }
  }
}

TEST_SUITE("The file cache: files") {
  TEST_CASE("Another trust anchor has other files") {
    Filled cache;
    const TrustAnchors others = {{name("."), RrType::Ds, lab::SigningKey::seeded(77).ds(name("."))}};
    KeptProofs stranger(cache.folder.cache(), others);
    CHECK(kind(stranger.find(tlsa_question, lab::now)) == "nothing");
    CHECK(cache.found() == "secure");
    // And under the name of its own it finds no proof in it.
    files::copy_file(cache.path, cache.folder.entry(stranger));
    CHECK(kind(stranger.find(tlsa_question, lab::now)) == "nothing");
    CHECK_FALSE(files::exists(cache.folder.entry(stranger)));
  }

  TEST_CASE("An entry that is no file of ours, empty, cut short, tampered with or huge is removed") {
    struct Row {
      const char* what;
      std::function<void(const std::string&)> spoil;
    };
    const std::vector<Row> rows = {
        {"empty", [](const std::string& path) { files::resize_file(path, 0); }},
        {"truncated", [](const std::string& path) { files::resize_file(path, files::file_size(path) / 2); }},
        {"huge", [](const std::string& path) { files::resize_file(path, 1ULL << 40); }},
        {"tampered",
         [](const std::string& path) {
           Buffer octets = octets_of(path);
           const Buffer digest(8, 0x11);  // in the TLSA record's data
           const auto at = std::search(octets.begin(), octets.end(), digest.begin(), digest.end());
           REQUIRE(at != octets.end());
           *at = 0x12;
           write_file(path, octets);
         }},
        {"garbage", [](const std::string& path) { write_file(path, Buffer(4000, 0xAA)); }},
        {"world-writable", [](const std::string& path) { chmod(path.c_str(), 0666); }},
        {"group-writable", [](const std::string& path) { chmod(path.c_str(), 0660); }},
        {"symbolic link",
         [](const std::string& path) {
           files::rename(path, path + ".elsewhere");
           files::create_symlink(path + ".elsewhere", path);
         }},
        {"FIFO",
         [](const std::string& path) {
           files::remove(path);
           REQUIRE(mkfifo(path.c_str(), 0600) == 0);
         }},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      Filled cache;
      CHECK(cache.found() == "secure");
      row.spoil(cache.path);
      CHECK(cache.found() == "nothing");
      CHECK_FALSE(cache.is_there());
      cache.proofs.keep(entry_for(tlsa_question), lab::now);
      CHECK(cache.found() == "secure");
    }
  }

  TEST_CASE("From the future, or past its end, an entry is removed") {
    for (const EpochSeconds now : {lab::now - 1, lab::now + lifetime, lab::now + 10 * 365 * 86400}) {
      Filled cache;
      CHECK(cache.found(now) == "nothing");
      CHECK_FALSE(cache.is_there());
    }
  }

  TEST_CASE("Another user's entry is not read" * doctest::skip(geteuid() != 0)) {
    Filled cache;
    REQUIRE(chown(cache.path.c_str(), 65534, 65534) == 0);
    CHECK(cache.found() == "nothing");
    CHECK_FALSE(cache.is_there());
  }

  TEST_CASE("A folder in the place of an entry stays, and is no entry") {
    Filled cache;
    files::remove(cache.path);
    files::create_directory(cache.path);
    CHECK(cache.found() == "nothing");
    cache.proofs.keep(entry_for(tlsa_question), lab::now);
    CHECK(cache.found() == "nothing");
    CHECK(cache.folder.entries() == 1);  // and nothing unfinished beside it
  }
}

TEST_SUITE("The file cache: its directory") {
  TEST_CASE("It is made for this user alone, and only for the first entry") {
    const Folder folder;
    KeptProofs proofs(folder.cache(), anchors());
    CHECK(kind(proofs.find(tlsa_question, lab::now)) == "nothing");
    CHECK_FALSE(files::exists(folder.cache()));
    CHECK(problem_with_directory(folder.cache()).empty());
    proofs.keep(entry_for(tlsa_question), lab::now);
    struct stat status {};
    REQUIRE(stat(folder.cache().c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0700);
    REQUIRE(stat(folder.entry(proofs).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
  }

  TEST_CASE("One that others may enter is refused with a reason, neither read nor written") {
    for (const mode_t mode : {0777U, 0770U, 0755U, 0701U, 01777U}) {
      INFO(mode);
      Filled cache;
      REQUIRE(chmod(cache.folder.cache().c_str(), mode) == 0);
      CHECK(problem_with_directory(cache.folder.cache()).find("0700") != std::string::npos);
      CHECK(cache.found() == "nothing");
      cache.proofs.keep(entry_for(denied_question), lab::now);
      CHECK(cache.folder.entries() == 1);
    }
  }

  TEST_CASE("A file, a symbolic link and another user's directory are refused") {
    Filled cache;
    const std::string link = cache.folder.cache() + "-link";
    files::create_symlink(cache.folder.cache(), link);
    CHECK_FALSE(problem_with_directory(link).empty());
    CHECK(kind(KeptProofs(link, anchors()).find(tlsa_question, lab::now)) == "nothing");
    CHECK_FALSE(problem_with_directory(cache.path).empty());
    if (geteuid() != 0) {
      CHECK_FALSE(problem_with_directory("/").empty());
    } else {
      REQUIRE(chown(cache.folder.cache().c_str(), 65534, 65534) == 0);
      CHECK(problem_with_directory(cache.folder.cache()).find("another user") != std::string::npos);
      CHECK(cache.found() == "nothing");
    }
  }

  TEST_CASE("Read-only it is read, and what cannot be written is not") {
    Filled cache;
    REQUIRE(chmod(cache.folder.cache().c_str(), 0500) == 0);
    const pid_t child = fork();
    if (child == 0) {
      if (!become_unprivileged()) _exit(2);
      cache.proofs.keep(entry_for(denied_question), lab::now);
      _exit(cache.found() == "secure" && cache.folder.entries() == 1 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }

  TEST_CASE("Where no more can be written, nothing half is left, and what was there stays") {
    Filled cache;
    const pid_t child = fork();
    if (child == 0) {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit little{100, 100};
      setrlimit(RLIMIT_FSIZE, &little);
      cache.proofs.keep(entry_for(denied_question), lab::now);
      cache.proofs.keep(entry_for(tlsa_question), lab::now);
      _exit(cache.found() == "secure" && cache.folder.entries() == 1 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }

  TEST_CASE("Two processes that write the same entry at once leave a whole one at any time") {
    Filled cache;
    std::vector<pid_t> children;
    for (int i = 0; i < 2; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        const ProofEntry entry = entry_for(tlsa_question);
        for (int times = 0; times < 300; ++times) cache.proofs.keep(entry, lab::now);
        _exit(0);
      }
      children.push_back(child);
    }
    for (int times = 0; times < 300; ++times) CHECK(cache.found() == "secure");
    for (const pid_t child : children) {
      int status = 0;
      REQUIRE(waitpid(child, &status, 0) == child);
      CHECK(status == 0);
    }
    CHECK(cache.folder.entries() == 1);
  }

  TEST_CASE("What has ended goes, then what ends first; strangers' files stay") {
    Filled cache;
    std::string problem;
    const CacheDirectory directory = CacheDirectory::open(cache.folder.cache(), problem);
    REQUIRE(static_cast<bool>(directory));
    const auto named = [](char digit) { return std::string(64, digit); };
    for (const char digit : {'1', '2', '3', '4', '5'})
      REQUIRE(directory.write(named(digit), Buffer{1}, lab::now + (digit - '0') * 1000));
    REQUIRE(directory.write(named('9'), Buffer{1}, lab::now - 1));
    write_file(cache.folder.cache() + "/README", Buffer{1});
    write_file(cache.folder.cache() + "/.new-left", Buffer{1});
    const std::array<timespec, 2> long_ago{};
    REQUIRE(utimensat(AT_FDCWD, (cache.folder.cache() + "/.new-left").c_str(), long_ago.data(), 0) == 0);
    directory.prune(100, lab::now);  // there is room
    CHECK(cache.folder.entries() == 7);
    CHECK_FALSE(files::exists(cache.folder.cache() + "/" + named('9')));
    directory.prune(4, lab::now);  // six are left of ours: three too many, and one for room
    CHECK(cache.folder.entries() == 4);
    for (const char digit : {'3', '4', '5'}) CHECK(files::exists(cache.folder.cache() + "/" + named(digit)));
    CHECK(files::exists(cache.folder.cache() + "/README"));
  }
}

TEST_SUITE("The file cache: in the stub engine") {
  struct Asker {
    explicit Asker(const ScriptedServer& server, const std::string& cache) {
      StubSettings stub;
      stub.anchors = anchors();
      stub.resolvers = {server.address()};
      stub.clock = [] { return lab::now; };
      if (!cache.empty()) stub.stores = {std::make_shared<ProofFiles>(cache)};
      ResolverSettings settings;
      settings.engine = stub_engine(std::move(stub));
      settings.clock = [] { return lab::now; };
      resolver = Resolver::create(std::move(settings));
    }
    std::string ask(const Question& asked) const {
      const auto answer = resolver->ask(asked)->wait(std::chrono::steady_clock::now() + 20s);
      return answer ? kind(*answer) : "late";
    }
    std::shared_ptr<Resolver> resolver;
  };
  std::vector<Buffer> honest(const dnssec::Question& asked, const Buffer& query) {
    return {reply_to(query, {lab::common_world().reply(asked)})};
  }

  TEST_CASE("A second resolver asks nothing, whatever the first one knew when it asked") {
    const Folder folder;
    ScriptedServer server(honest);
    // In this order most of them come into zones that are known already.
    const std::vector<std::pair<Question, std::string>> rows = {
        {tlsa_question, "secure"},
        {question("www.n1.example", RrType::A), "secure"},
        {question("www.n1.example", RrType::Aaaa), "denied"},
        {question("no.n1.example", RrType::Tlsa), "denied"},
        {question("x.wild.n1.example", RrType::Tlsa), "secure"},
        {question("alias.n1.example", RrType::Cname), "secure"},
        {denied_question, "denied"},
        {question("www.n3.example", RrType::A), "secure"},
        {insecure_question, "insecure"},
        {question("_443._tcp.www.unsigned.example", RrType::Tlsa), "insecure"},
        {question("www.insecure.oo.example", RrType::A), "insecure"},
    };
    {
      const Asker first(server, folder.cache());
      for (const auto& [asked, want] : rows) CHECK(first.ask(asked) == want);
    }
    const int before = server.questions();
    const Asker second(server, folder.cache());
    for (const auto& row : rows) {
      INFO(row.first.name.to_text());
      CHECK(second.ask(row.first) == row.second);
    }
    CHECK(server.questions() == before);
  }

  TEST_CASE("Failures are not kept, and a directory that is refused changes no answer") {
    const Folder folder;
    ScriptedServer silent([](const dnssec::Question& asked, const Buffer& query) {
      auto records = lab::common_world().reply(asked);
      for (auto& record : records)
        if (record.type == RrType::Tlsa) record.rdata.back() ^= 1;
      return std::vector<Buffer>{reply_to(query, {records})};
    });
    CHECK(Asker(silent, folder.cache()).ask(tlsa_question) == "failed");
    CHECK_FALSE(files::exists(folder.cache()));
    ScriptedServer server(honest);
    files::create_directory(folder.cache());
    chmod(folder.cache().c_str(), 0777);
    CHECK(Asker(server, folder.cache()).ask(tlsa_question) == "secure");
    CHECK(folder.entries() == 0);
  }

  TEST_CASE("A file size limit of the host's ends nothing but the writing") {
    const Folder folder;
    ScriptedServer server(honest);
    files::create_directory(folder.cache());
    chmod(folder.cache().c_str(), 0700);
    const rlimit little{100, RLIM_INFINITY};
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit for_now{little.rlim_cur, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &for_now);  // SIGXFSZ would end this process
    CHECK(Asker(server, folder.cache()).ask(tlsa_question) == "secure");
    setrlimit(RLIMIT_FSIZE, &before);
    CHECK(folder.entries() == 0);
  }
}
