#include "other_opinion.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>

#include "base/hex.hpp"
#include "signing_key.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;

namespace differential {

namespace {

/// struct ub_result of unbound.h, whose layout has stood since libunbound.so.8 began.
struct Result {
  char* name;
  int type;
  int dns_class;
  char** data;
  int* lengths;
  char* canonical_name;
  int rcode;
  void* packet;
  int packet_length;
  int has_data;
  int nxdomain;
  int secure;
  int bogus;
  char* why_bogus;
  int was_ratelimited;
  int ttl;
};

std::string ds_text(const Buffer& rdata) {
  return ". IN DS " + std::to_string(rdata[0] << 8 | rdata[1]) + " " + std::to_string(rdata[2]) + " " +
         std::to_string(rdata[3]) + " " + to_hex(Bytes(rdata).subspan(4));
}

Opinion opinion_of(const Result& result) {
  Opinion opinion;
  opinion.why = result.why_bogus != nullptr ? result.why_bogus : "rcode " + std::to_string(result.rcode);
  constexpr int noerror = 0;
  constexpr int nxdomain = 3;
  if (result.bogus != 0 || (result.rcode != noerror && result.rcode != nxdomain)) return opinion;
  if (result.secure == 0) {
    opinion.word = Word::Insecure;
    return opinion;
  }
  opinion.word = result.has_data != 0 ? Word::Secure : Word::Denied;
  for (std::size_t at = 0; result.data != nullptr && result.data[at] != nullptr; ++at) {
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(result.data[at]);
    opinion.rdatas.emplace_back(octets, octets + result.lengths[at]);
  }
  std::ranges::sort(opinion.rdatas);
  return opinion;
}

constexpr int patience = 4 * 1000;     // milliseconds
constexpr suseconds_t work = 300'000;  // microseconds of processor time; an answer takes a few thousand

/// Ends this process once it has done that much: what goes round in circles is noticed soon, on a busy machine too.
void limit_work() {
  const itimerval limit{{0, 0}, {0, work}};
  signal(SIGPROF, SIG_DFL);
  setitimer(ITIMER_PROF, &limit, nullptr);
}

/// An octet for the word, then RDATA, each behind two octets of length; then the reason behind 0xFFFF.
void say(int to, const Opinion& opinion) {
  Buffer octets{static_cast<std::uint8_t>(opinion.word)};
  for (const Buffer& rdata : opinion.rdatas) {
    lab::put_u16(octets, rdata.size());
    lab::put(octets, rdata);
  }
  lab::put_u16(octets, 0xFFFF);
  lab::put(octets, as_bytes(opinion.why));
  for (Bytes rest = octets; !rest.empty();) {
    const ssize_t written = write(to, rest.data(), rest.size());
    if (written <= 0) return;
    rest = rest.subspan(static_cast<std::size_t>(written));
  }
}

Buffer read_all(int from) {
  Buffer octets;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
  pollfd ready{from, POLLIN, 0};
  while (std::chrono::steady_clock::now() < end && poll(&ready, 1, patience) > 0) {
    std::array<std::uint8_t, 4096> more{};
    const ssize_t count = read(from, more.data(), more.size());
    if (count <= 0) return octets;
    octets.insert(octets.end(), more.begin(), more.begin() + count);
  }
  return {};
}

Opinion heard(int from) {
  const Buffer octets = read_all(from);
  ByteReader reader(octets);
  const auto word = reader.take_u8();
  if (!word) return {Word::Failed, {}, no_end};
  Opinion opinion{static_cast<Word>(*word), {}, ""};
  for (auto length = reader.take_u16(); length && *length != 0xFFFF; length = reader.take_u16()) {
    const auto rdata = reader.take(*length);
    if (rdata) opinion.rdatas.push_back(to_buffer(*rdata));
  }
  const Bytes why = reader.take_rest();
  opinion.why.assign(why.begin(), why.end());
  return opinion;
}

}  // namespace

struct OtherOpinion::Library {
  void* handle = nullptr;
  void* (*create)() = nullptr;
  void (*destroy)(void*) = nullptr;
  int (*set_option)(void*, const char*, const char*) = nullptr;
  int (*set_forwarder)(void*, const char*) = nullptr;
  int (*add_anchor)(void*, const char*) = nullptr;
  int (*set_output)(void*, void*) = nullptr;
  int (*resolve)(void*, const char*, int, int, Result**) = nullptr;
  void (*free_result)(Result*) = nullptr;

  template <class Function>
  void find(Function& function, const char* symbol) const {
    function = reinterpret_cast<Function>(dlsym(handle, symbol));
    if (function == nullptr) throw std::runtime_error(std::string("libunbound has no ") + symbol);
  }
};

OtherOpinion::OtherOpinion() : m_library(std::make_unique<Library>()) {
  Library& library = *m_library;
  library.handle = dlopen("libunbound.so.8", RTLD_NOW);
  if (library.handle == nullptr) throw std::runtime_error("no libunbound.so.8");
  library.find(library.create, "ub_ctx_create");
  library.find(library.destroy, "ub_ctx_delete");
  library.find(library.set_option, "ub_ctx_set_option");
  library.find(library.set_forwarder, "ub_ctx_set_fwd");
  library.find(library.add_anchor, "ub_ctx_add_ta");
  library.find(library.set_output, "ub_ctx_debugout");
  library.find(library.resolve, "ub_resolve");
  library.find(library.free_result, "ub_resolve_free");
}

OtherOpinion::~OtherOpinion() = default;  // the library stays loaded

Opinion OtherOpinion::about(const Question& asked, const Buffer& root_ds, std::uint16_t port) const {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    limit_work();
    say(ends[1], in_this_process(asked, root_ds, port));
    _exit(0);
  }
  close(ends[1]);
  Opinion opinion = heard(ends[0]);
  close(ends[0]);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return opinion;
}

Opinion OtherOpinion::in_this_process(const Question& asked, const Buffer& root_ds,
                                      std::uint16_t port) const {
  const Library& library = *m_library;
  const std::unique_ptr<void, void (*)(void*)> context(library.create(), library.destroy);
  if (!context) throw std::runtime_error("no context");
  library.set_output(context.get(), nullptr);
  const auto set = [&](const char* option, const char* value) {
    if (library.set_option(context.get(), option, value) != 0) throw std::runtime_error(option);
  };
  set("do-not-query-localhost:", "no");
  set("val-override-date:", "20270115080000");  // lab::now
  set("qname-minimisation:", "no");
  set("aggressive-nsec:", "no");
  set("edns-buffer-size:", "65000");
  set("use-caps-for-id:", "no");
  const std::string resolver = "127.0.0.1@" + std::to_string(port);
  if (library.set_forwarder(context.get(), resolver.c_str()) != 0) throw std::runtime_error("forwarder");
  if (library.add_anchor(context.get(), ds_text(root_ds).c_str()) != 0) throw std::runtime_error("anchor");
  Result* result = nullptr;
  const std::string name = asked.name.is_root() ? "." : asked.name.to_text() + ".";
  if (library.resolve(context.get(), name.c_str(), static_cast<int>(asked.type), class_in, &result) != 0 ||
      result == nullptr)
    return {Word::Failed, {}, "no result"};
  Opinion opinion = opinion_of(*result);
  library.free_result(result);
  return opinion;
}

}  // namespace differential
