#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "service/pin_store.hpp"
#include "service/served_chains.hpp"

using namespace danelaw;
using namespace danelaw::service;

namespace {

verify::Service www(std::uint16_t port = 443) { return {"www.example", port, tlsa::Transport::Tcp}; }
verify::Service host(int number) {
  return {"h" + std::to_string(number) + ".example", 443, tlsa::Transport::Tcp};
}

/// A folder that goes with it.
struct Folder {
  Folder() {
    char made[] = "/tmp/danelaw-pins-XXXXXX";
    path = mkdtemp(made);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file() const { return path / "pins"; }
  [[nodiscard]] std::string text() const {
    std::ifstream in(file(), std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
  }
  void write(const std::string& text) const { std::ofstream(file(), std::ios::binary) << text; }
  std::filesystem::path path;
};

const std::string first = "danelaw pins 1\n";

}  // namespace

TEST_SUITE("RFC 9102 section 7: pins and their file") {
  TEST_CASE("R9102-7a: pins printed and read are the same pins") {
    Pins pins;
    CHECK(Pins::from_text(pins.to_text()) == pins);
    pins.set(www(), 2000);
    pins.set(www(8443), 1);
    pins.set({"dns.example", 853, tlsa::Transport::Udp}, 99999999999);
    CHECK(pins.to_text() ==
          first + "dns.example 853 udp 99999999999\nwww.example 443 tcp 2000\nwww.example 8443 tcp 1\n");
    CHECK(Pins::from_text(pins.to_text()) == pins);
  }

  TEST_CASE("R9102-7a: what is not exactly a file of pins is none") {
    const char* const bad[] = {
        "",
        "danelaw pins 1",
        "danelaw pins 2\n",
        "danelaw pins 1\nwww.example 443 tcp 2000",
        "danelaw pins 1\nwww.example 443 tcp 2000\n\n",
        "danelaw pins 1\nwww.example 443 tcp 2000 \n",
        "danelaw pins 1\nwww.example  443 tcp 2000\n",
        "danelaw pins 1\nWWW.example 443 tcp 2000\n",
        "danelaw pins 1\nwww.example. 443 tcp 2000\n",
        "danelaw pins 1\nw/w.example 443 tcp 2000\n",
        "danelaw pins 1\n. 443 tcp 2000\n",
        "danelaw pins 1\nwww.example 0 tcp 2000\n",
        "danelaw pins 1\nwww.example 65536 tcp 2000\n",
        "danelaw pins 1\nwww.example 0443 tcp 2000\n",
        "danelaw pins 1\nwww.example 443 quic 2000\n",
        "danelaw pins 1\nwww.example 443 tcp -1\n",
        "danelaw pins 1\nwww.example 443 tcp +1\n",
        "danelaw pins 1\nwww.example 443 tcp 0\n",
        "danelaw pins 1\nwww.example 443 tcp 9223372036854775808\n",
        "danelaw pins 1\nwww.example 443 tcp\n",
        "danelaw pins 1\nwww.example 443 tcp 1\nwww.example 443 tcp 2\n",
    };
    for (const char* const text : bad) {
      INFO(text);
      CHECK_FALSE(Pins::from_text(text).has_value());
    }
    CHECK_FALSE(Pins::from_text(first + std::string(max_pin_file_octets, 'x')).has_value());
  }

  TEST_CASE(
      "R9102-7a: past the limit, and where no domain has more than another, those that end first are "
      "forgotten; a longer file is none") {
    Pins pins;
    for (int i = 0; i < static_cast<int>(max_pins) + 3; ++i) pins.set(host(i), 1000 + i);
    CHECK(pins.size() == max_pins);
    CHECK(pins.end_of(host(2)) == 0);
    CHECK(pins.end_of(host(3)) == 1003);
    CHECK(Pins::from_text(pins.to_text()) == pins);
    CHECK_FALSE(Pins::from_text(pins.to_text() + "zz.example 443 tcp 1\n").has_value());
  }

  TEST_CASE("R9102-7a: who fills the list with hosts of one domain pushes out nobody but himself") {
    const auto named = [](const std::string& name) {
      return verify::Service{name, 443, tlsa::Transport::Tcp};
    };
    constexpr EpochSeconds soon = 1000;
    constexpr EpochSeconds late = 99999999;
    struct Row {
      const char* what;
      std::string honest;  // behind "hN."
      std::string evil;
    };
    const Row rows[] = {
        {"another domain", "good.test", "evil.test"},
        {"hosts of hosts", "good.test", "very.deep.evil.test"},
        {"a domain beside it, under what many share", "good.co.test", "evil.co.test"},
    };
    for (const Row& row : rows) {
      for (const bool at_once : {false, true}) {
        INFO(row.what << ", " << at_once);
        constexpr int kept = 100;
        Pins pins;
        Pins flood;
        for (int i = 0; i < kept / 2; ++i)
          pins.set(named("h" + std::to_string(i) + "." + row.honest), soon + i);
        Pins& flooded = at_once ? flood : pins;
        const int many = static_cast<int>(max_pins) + (at_once ? 0 : 200);
        for (int i = 0; i < many; ++i) flooded.set(named("h" + std::to_string(i) + "." + row.evil), late + i);
        pins.add(flood);
        for (int i = kept / 2; i < kept; ++i)
          pins.set(named("h" + std::to_string(i) + "." + row.honest), soon + i);
        CHECK(pins.size() == max_pins);
        int found = 0;
        for (int i = 0; i < kept; ++i)
          found += pins.end_of(named("h" + std::to_string(i) + "." + row.honest)) == soon + i ? 1 : 0;
        CHECK(found == kept);
      }
    }
  }

  TEST_CASE(
      "R9102-7a: many ports of one host are as many hosts of one domain, and a host is beside those below "
      "it") {
    Pins pins;
    pins.set(www(), 1000);
    pins.set({"a.www.example", 443, tlsa::Transport::Tcp}, 1000);
    for (int port = 1; port <= static_cast<int>(max_pins); ++port)
      pins.set({"evil.test", static_cast<std::uint16_t>(port), tlsa::Transport::Tcp}, 5000 + port);
    CHECK(pins.size() == max_pins);
    CHECK(pins.end_of(www()) == 1000);
    CHECK(pins.end_of({"a.www.example", 443, tlsa::Transport::Tcp}) == 1000);
    CHECK(pins.end_of({"evil.test", 2, tlsa::Transport::Tcp}) == 0);
    CHECK(pins.end_of({"evil.test", 3, tlsa::Transport::Tcp}) == 5003);
  }

  TEST_CASE("R9102-7a: a pin holds until its end, for its own service") {
    for (const bool in_file : {false, true}) {
      const Folder folder;
      PinStore store(in_file ? folder.file() : "");
      CHECK_FALSE(store.holds(www(), 1000));
      store.set(www(), 2000, 1000);
      CHECK(store.holds(www(), 1999));
      CHECK_FALSE(store.holds(www(), 2000));
      CHECK_FALSE(store.holds(www(8443), 1000));
      CHECK_FALSE(store.holds({"www.example", 443, tlsa::Transport::Udp}, 1000));
      store.set(www(), 1500, 1000);  // the server promises less
      CHECK_FALSE(store.holds(www(), 1500));
      store.drop(www(), 1000);
      CHECK_FALSE(store.holds(www(), 1000));
    }
  }

  TEST_CASE("R9102-7a: processes share a file, which is for its owner, and what has ended leaves it") {
    const Folder folder;
    PinStore one(folder.file());
    PinStore other(folder.file());
    one.set(www(), 90000, 1000);
    CHECK(other.holds(www(), 1000));
    other.set(host(1), 50000, 1000);
    CHECK(one.holds(host(1), 1000));
    CHECK(one.holds(www(), 1000));
    struct stat status {};
    REQUIRE(stat(folder.file().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    one.drop(www(), 60000);
    CHECK(folder.text() == first);
    CHECK_FALSE(other.holds(www(), 1000));
  }

  TEST_CASE("R9102-7a: a promise that is made anew moves its end once an hour") {
    const Folder folder;
    PinStore store(folder.file());
    store.set(www(), 10000, 1000);
    const std::string before = folder.text();
    store.set(www(), 13599, 4599);
    CHECK(folder.text() == before);
    store.set(www(), 13600, 4600);
    CHECK(folder.text() == first + "www.example 443 tcp 13600\n");
    store.set(www(), 13599, 4600);  // less than before counts at once
    CHECK(folder.text() == first + "www.example 443 tcp 13599\n");
  }

  TEST_CASE("R9102-7a: a file that is no list of promises stays as it is, and pins are kept in memory") {
    for (const std::string& strange :
         {std::string("rubbish"), first + "www.example 443 tcp\n", std::string("danelaw pins 2\n")}) {
      const Folder folder;
      folder.write(strange);
      PinStore store(folder.file());
      CHECK_FALSE(store.holds(www(), 1000));
      store.set(host(1), 2000, 1000);
      CHECK(folder.text() == strange);
      CHECK(store.holds(host(1), 1000));
      // Once it is a list, both count.
      folder.write(first + "www.example 443 tcp 3000\n");
      CHECK(store.holds(www(), 1000));
      CHECK(store.holds(host(1), 1000));
    }
  }

  TEST_CASE("R9102-7a: a file that cannot be read stays as it is, and counts once it can") {
    const Folder folder;
    const std::string text = first + "www.example 443 tcp 3000\n";
    folder.write(text);
    constexpr uid_t nobody = 65534;
    const bool is_root = geteuid() == 0;
    if (is_root) {
      REQUIRE(chown(folder.path.c_str(), nobody, nobody) == 0);
      REQUIRE(chown(folder.file().c_str(), nobody, nobody) == 0);
    }
    const pid_t id = fork();
    REQUIRE(id >= 0);
    if (id == 0) {
      // Root reads everything.
      if (is_root && (setresgid(nobody, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0))
        _exit(2);
      chmod(folder.file().c_str(), 0);
      PinStore store(folder.file());
      bool good = !store.holds(www(), 1000);
      store.set(host(1), 2000, 1000);
      good = good && store.holds(host(1), 1000);
      chmod(folder.file().c_str(), 0600);
      good = good && folder.text() == text && store.holds(www(), 1000) && store.holds(host(1), 1000);
      _exit(good ? 0 : 1);
    }
    int status = -1;
    waitpid(id, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }

  TEST_CASE("R9102-7a: an empty file is as none") {
    const Folder folder;
    folder.write("");
    PinStore store(folder.file());
    store.set(host(1), 2000, 1000);
    CHECK(folder.text() == first + "h1.example 443 tcp 2000\n");
  }

  TEST_CASE("R9102-7a: a file that cannot be written costs nothing but itself") {
    const Folder folder;
    std::filesystem::create_directory(folder.file());
    for (const std::string& path :
         {folder.file(), std::string("/nowhere/at/all"), std::string("/dev/full/x")}) {
      INFO(path);
      PinStore store(path);
      store.set(www(), 2000, 1000);
      CHECK(store.holds(www(), 1000));
      store.drop(www(), 1000);
      CHECK_FALSE(store.holds(www(), 1000));
    }
    CHECK(std::filesystem::is_directory(folder.file()));
  }

  TEST_CASE("R9102-7a: a link, a FIFO or a lock that is held for ever holds nobody up") {
    const Folder folder;
    REQUIRE(mkfifo(folder.file().c_str(), 0600) == 0);
    PinStore store(folder.file());
    CHECK_FALSE(store.holds(www(), 1000));
    const Folder target;
    target.write(first + "www.example 443 tcp 2000\n");
    std::filesystem::remove(folder.file());
    std::filesystem::create_symlink(target.file(), folder.file());
    PinStore linked(folder.file());
    CHECK_FALSE(linked.holds(www(), 1000));
    linked.set(host(1), 2000, 1000);
    CHECK(target.text() == first + "www.example 443 tcp 2000\n");
  }

  TEST_CASE("R9102-7a: threads and processes lose none of each other's pins") {
    const Folder folder;
    constexpr int each = 8;
    std::vector<pid_t> children;
    for (int child = 0; child < 3; ++child) {
      const pid_t id = fork();
      REQUIRE(id >= 0);
      if (id == 0) {
        PinStore store(folder.file());
        for (int i = 0; i < each; ++i) store.set(host(100 * child + i), 5000 + i, 1000);
        PinStore again(folder.file());
        // What could not be written in time is written with the next one.
        for (int i = 0; i < each; ++i) store.set(host(100 * child + i), 5000 + i, 1000);
        _exit(0);
      }
      children.push_back(id);
    }
    for (const pid_t id : children) waitpid(id, nullptr, 0);
    CHECK(Pins::from_text(folder.text()).has_value());

    PinStore shared(folder.file());
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&shared, thread] {
        for (int i = 0; i < each; ++i) shared.set(host(1000 + 100 * thread + i), 5000, 1000);
      });
    for (std::thread& thread : threads) thread.join();
    for (int thread = 0; thread < 4; ++thread)
      for (int i = 0; i < each; ++i) CHECK(shared.holds(host(1000 + 100 * thread + i), 1000));
  }

  TEST_CASE("R9102-7a: a forked child knows its parent's pins, and goes on by itself") {
    PinStore store("");
    store.set(www(), 2000, 1000);
    const pid_t id = fork();
    REQUIRE(id >= 0);
    if (id == 0) {
      const bool knows = store.holds(www(), 1000);
      store.drop(www(), 1000);
      _exit(knows && !store.holds(www(), 1000) ? 0 : 1);
    }
    int status = 1;
    waitpid(id, &status, 0);
    CHECK(status == 0);
    CHECK(store.holds(www(), 1000));
  }

  TEST_CASE("R9102-7a: promises are kept only where that is wanted, and no longer than the cap") {
    EpochSeconds now = 1000;
    const auto made = [&](KeepPins keep) {
      ServedChainSettings settings;
      settings.clock = [&now] { return now; };
      settings.keep_pins = keep;
      settings.longest_pin = std::chrono::hours(2);
      return served_chain_judge(std::move(settings));
    };
    const auto off = made(KeepPins::No);
    off->pin(www(), std::chrono::hours(1));
    CHECK_FALSE(off->is_pinned(www()));

    const auto judge = made(KeepPins::InMemory);
    judge->pin(www(), std::chrono::hours(65535));
    now = 1000 + 7199;
    CHECK(judge->is_pinned(www()));
    now = 1000 + 7200;
    CHECK_FALSE(judge->is_pinned(www()));
    judge->pin(www(), std::chrono::hours(1));
    CHECK(judge->is_pinned(www()));
    judge->pin(www(), std::chrono::hours(0));
    CHECK_FALSE(judge->is_pinned(www()));
    judge->pin(www(), std::chrono::hours(1));
    judge->unpin(www());
    CHECK_FALSE(judge->is_pinned(www()));
  }
}
