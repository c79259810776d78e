#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <malloc.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "dns/event_loop.hpp"
#include "dns/recursing_engine.hpp"
#include "support.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using namespace std::chrono_literals;
using tlsa::LookupFault;

namespace {

constexpr const char* root_server = "10.53.0.1";
constexpr std::uint16_t dns_port = 53;

RecursingSettings settings() {
  RecursingSettings made;
  made.anchors = built_in_trust_anchors();
  made.root_servers = {root_server};
  return made;
}

sockaddr_in address(std::uint16_t port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(port);
  inet_pton(AF_INET, root_server, &made.sin_addr);
  return made;
}

/// A network of one's own with nothing in it but `root_server`. False where the system allows none.
bool enter_empty_network() {
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  const sockaddr_in own = address(0);
  std::memcpy(&request.ifr_addr, &own, sizeof own);
  if (ioctl(control, SIOCSIFADDR, &request) != 0) return false;
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const bool up = ioctl(control, SIOCSIFFLAGS, &request) == 0;
  close(control);
  return up;
}

/// Answers every question with itself, as a response without records: what a signed root never says.
void answer_with_nothing(int server) {
  for (;;) {
    std::array<unsigned char, 512> message{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    auto* const sender = reinterpret_cast<sockaddr*>(&from);
    const ssize_t octets = recvfrom(server, message.data(), message.size(), 0, sender, &size);
    if (octets < 12) continue;
    message[2] = 0x81;  // a response, recursion desired
    message[3] = 0x80;  // recursion available, NOERROR
    sendto(server, message.data(), static_cast<std::size_t>(octets), 0, sender, size);
  }
}

bool serve_nothing() {
  const int server = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const sockaddr_in own = address(dns_port);
  if (bind(server, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) return false;
  std::thread(answer_with_nothing, server).detach();
  return true;
}

std::optional<Answer> ask(const Question& question) {
  std::string problem;
  const auto loop = EventLoop::create(problem);
  FailedAnswer failure;
  const auto engine = loop ? recursing_engine(settings())(*loop, failure) : nullptr;
  if (!engine) return std::nullopt;
  std::optional<Answer> got;
  engine->ask(question, [&got](const Answer& answer) { got = answer; });
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (!got && std::chrono::steady_clock::now() < end) loop->run_once(100ms);
  return got;
}

enum class Ended { Failed, Insecure, Otherwise, NoNetwork };

/// Asks in a child with a network of its own: nothing of it ever leaves the machine.
Ended asked_in_an_empty_network(const Question& question) {
  const pid_t child = fork();
  if (child == 0) {
    Ended ended = Ended::NoNetwork;
    if (enter_empty_network() && serve_nothing()) {
      const auto answer = ask(question);
      ended = Ended::Otherwise;
      if (answer && std::holds_alternative<FailedAnswer>(*answer)) ended = Ended::Failed;
      if (answer && std::holds_alternative<InsecureAnswer>(*answer)) ended = Ended::Insecure;
    }
    _exit(static_cast<int>(ended));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<Ended>(WEXITSTATUS(status)) : Ended::Otherwise;
}

/// How many files with root servers there are right now, of those that name `server`.
int files_naming(const std::string& server) {
  int count = 0;
  std::error_code gone;  // others come and go meanwhile
  for (const auto& entry : std::filesystem::directory_iterator("/tmp", gone)) {
    if (entry.path().filename().string().rfind("getdns-root-dns-servers-", 0) != 0) continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (text.find(server + "\n") != std::string::npos) ++count;
  }
  return count;
}

/// While it lives, new memory is never zero by chance.
class SoiledMemory final {
 public:
  SoiledMemory() { mallopt(M_PERTURB, 0x5A); }
  ~SoiledMemory() { mallopt(M_PERTURB, 0); }
  SoiledMemory(const SoiledMemory&) = delete;
  SoiledMemory& operator=(const SoiledMemory&) = delete;
};

/// An address for documentation (RFC 3849) that no other process writes at this time.
std::string server_of_this_process() {
  std::ostringstream text;
  text << std::hex << "2001:db8::5a00:" << (getpid() >> 16 & 0xFF) + 1 << ":" << (getpid() & 0xFFFF);
  return text.str();
}

}  // namespace

TEST_SUITE("RFC 4035 section 4.3: the engine that recurses") {
  TEST_CASE(
      "R6698-4.1f: what a failed lookup leaves in the resolver's buffer is not taken for an insecure "
      "answer") {
    for (const Question& asked :
         {question(".", RrType::Ns), question("_443._tcp.www.example", RrType::Tlsa)}) {
      const Ended ended = asked_in_an_empty_network(asked);
      if (ended == Ended::NoNetwork) {
        MESSAGE("no network namespaces here: not tested");
        return;
      }
      CHECK(ended == Ended::Failed);
    }
  }

  TEST_CASE("R6698-4.1a: without an anchor that it can use there is no engine") {
    std::string problem;
    const auto loop = EventLoop::create(problem);
    REQUIRE(loop);
    struct Row {
      std::string what;
      TrustAnchors anchors;
    };
    const DnsName root;
    const TrustAnchor unknown_algorithm{root, RrType::Ds, Buffer{0, 1, 99, 2, 1, 2, 3, 4}};
    const TrustAnchor unknown_digest{root, RrType::Ds, Buffer{0, 1, 8, 99, 1, 2, 3, 4}};
    TrustAnchor elsewhere = unknown_algorithm;
    elsewhere.owner = name("example");
    const std::vector<Row> rows{
        {"none", {}},
        {"unknown algorithm", {unknown_algorithm}},
        {"unknown digest", {unknown_digest}},
        {"one owner of two without one", {built_in_trust_anchors()[0], elsewhere}},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      FailedAnswer failure;
      RecursingSettings wanting;
      wanting.anchors = row.anchors;
      CHECK_FALSE(recursing_engine(wanting)(*loop, failure));
      CHECK(failure.fault == LookupFault::NoTrustAnchor);
    }
    FailedAnswer failure;
    RecursingSettings bad_server = settings();
    bad_server.root_servers = {"ns.example"};
    CHECK_FALSE(recursing_engine(bad_server)(*loop, failure));
    CHECK(failure.reason.find("ns.example") != std::string::npos);
  }

  TEST_CASE("An engine that ends takes the file with its root servers along") {
    std::string problem;
    const auto loop = EventLoop::create(problem);
    REQUIRE(loop);
    const SoiledMemory soiled;
    RecursingSettings own = settings();
    own.root_servers = {server_of_this_process()};
    const int before = files_naming(own.root_servers[0]);
    for (int round = 0; round < 3; ++round) {
      FailedAnswer failure;
      auto engine = recursing_engine(own)(*loop, failure);
      REQUIRE(engine);
      CHECK(files_naming(own.root_servers[0]) == before + 1);
      engine.reset();
      CHECK(files_naming(own.root_servers[0]) == before);
    }
  }

  TEST_CASE("Types that are no RRsets are refused, from the loop and without a question") {
    std::string problem;
    const auto loop = EventLoop::create(problem);
    FailedAnswer failure;
    const auto engine = recursing_engine(settings())(*loop, failure);
    REQUIRE(engine);
    for (const int type : {0, 41, 128, 250, 251, 252, 255}) {
      INFO(type);
      std::optional<Answer> got;
      engine->ask(question("example", static_cast<RrType>(type)),
                  [&got](const Answer& answer) { got = answer; });
      CHECK_FALSE(got);
      loop->run_once(0ms);
      REQUIRE(got);
      CHECK(std::holds_alternative<FailedAnswer>(*got));
    }
  }

  TEST_CASE("A question that was cancelled, and one of an engine that is gone, get no answer") {
    std::string problem;
    const auto loop = EventLoop::create(problem);
    FailedAnswer failure;
    auto engine = recursing_engine(settings())(*loop, failure);
    REQUIRE(engine);
    int answers = 0;
    const auto count = [&answers](const Answer&) { ++answers; };
    const auto refused = question("example", static_cast<RrType>(255));  // which the engine answers itself
    engine->cancel(engine->ask(refused, count));
    engine->cancel(4711);
    engine->ask(refused, count);
    engine.reset();
    loop->run_once(0ms);
    CHECK(answers == 0);
  }
}
