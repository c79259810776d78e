#include "doctor_program.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "child.hpp"
#include "exit.hpp"
#include "os/system_errors.hpp"
#include "plugin_settings.hpp"
#include "test_server.hpp"

namespace danelaw::cli {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds patience = 20s;
constexpr std::chrono::milliseconds between_looks = 20ms;
constexpr std::size_t max_log_octets = 65536;

/// A name that is never looked up, so that this check needs no DNS.
constexpr const char* host = "localhost";

/// A folder that nobody else can look into, gone with all that is in it when this is.
class PrivateFolder final {
 public:
  PrivateFolder() {
    std::error_code error;
    const fs::path parent = fs::temp_directory_path(error);
    m_path = ((error ? fs::path("/tmp") : parent) / "danelaw-doctor-XXXXXX").string();
    if (mkdtemp(m_path.data()) == nullptr)
      throw Failure(Exit::Undecided, fmt::format("{}: {}", m_path, text_of_error(errno)));
  }
  ~PrivateFolder() {
    std::error_code error;
    fs::remove_all(m_path, error);
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  [[nodiscard]] std::string file(const char* name) const { return m_path + "/" + name; }

 private:
  std::string m_path;
};

volatile std::sig_atomic_t interrupted = 0;

/// Whoever interrupts us shall leave neither the program nor the folder behind.
class Interruptible final {
 public:
  Interruptible() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &m_before[i]);
  }
  ~Interruptible() {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &m_before[i], nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  static constexpr std::array signals = {SIGHUP, SIGINT, SIGTERM};
  std::array<struct sigaction, signals.size()> m_before{};
};

/// What makes a program connect, verify nothing, and end.
struct Known {
  std::string_view program;  ///< the beginning of its file name: python3.11
  std::vector<std::string> arguments;
};

const std::vector<Known>& known_programs() {
  static const std::vector<Known> known = {
      {"curl", {"-q", "-sS", "-k", "--noproxy", "*", "-o", "/dev/null", "{url}"}},
      {"openssl", {"s_client", "-brief", "-connect", "{host}:{port}", "-servername", "{host}"}},
      {"psql",
       {"-X", "-w", "-c", "",
        "host={host} port={port} sslmode=require connect_timeout=5 user=nobody dbname=nobody"}},
      {"python",
       {"-c",
        "import ssl, sys, urllib.request as r; "
        "c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE; "
        "r.build_opener(r.ProxyHandler({}), r.HTTPSHandler(context=c)).open(sys.argv[1], timeout=10)",
        "{url}"}}};
  return known;
}

std::string replaced(std::string text, unsigned port) {
  const std::array<std::pair<std::string_view, std::string>, 3> words = {
      {{"{url}", fmt::format("https://{}:{}/", host, port)},
       {"{host}", host},
       {"{port}", std::to_string(port)}}};
  for (const auto& [word, value] : words) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + value.size()))
      text.replace(at, word.size(), value);
  }
  return text;
}

bool has_a_place_for_the_port(const std::vector<std::string>& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
    return argument.find("{url}") != std::string::npos || argument.find("{port}") != std::string::npos;
  });
}

std::string beginning_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(max_log_octets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

struct Seen {
  std::optional<int> status;  ///< nothing: it had to be ended
  std::string said;
  std::string log;
  bool knew_service = false;
  int connections = 0;
  int completed_handshakes = 0;
};

Seen watch(const std::vector<std::string>& command, Environment environment) {
  const std::string program = find_command(command.front());
  refuse_raised_rights(program);
  std::vector<std::string> arguments = program_arguments(command);
  TestServer server;
  for (std::string& argument : arguments) argument = replaced(argument, server.port());
  const PrivateFolder folder;
  const std::string log = folder.file("log");
  hand_over({{"mode", "mandatory"}, {"verify_none", "enforce"}, {"log", log}, {"log_level", "info"}},
            environment);
  const Interruptible interruptible;
  Seen seen;
  Child child(program, arguments, std::move(environment));
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!(seen.status = child.status()) && std::chrono::steady_clock::now() < deadline) {
    server.serve(between_looks);
    if (interrupted != 0) throw Failure(Exit::Undecided, "interrupted");
  }
  seen.said = first_line(child.said());
  seen.log = beginning_of(log);
  seen.knew_service = seen.log.find(fmt::format(" {}:{}/", host, server.port())) != std::string::npos;
  seen.connections = server.connections();
  seen.completed_handshakes = server.completed_handshakes();
  return seen;
}

std::string end_of(const Seen& seen) {
  if (!seen.status) return fmt::format("it had to be ended after {} s", patience / 1s);
  return seen.said.empty() ? status_text(*seen.status)
                           : fmt::format("{}, {}", status_text(*seen.status), seen.said);
}

CheckLine ill(const std::string& text, const std::string& cure) { return {"", CheckState::Ill, text, cure}; }

CheckLine judge(const Seen& seen) {
  if (seen.connections == 0 && seen.log.empty())
    return ill(fmt::format("it did not connect ({})", end_of(seen)),
               "give it arguments that make it connect: {url}, or {host} and {port}, are replaced");
  const std::string certificate = seen.completed_handshakes != 0 ? ", and it took a wrong certificate" : "";
  if (seen.log.empty())
    return ill(
        "the plugin has not seen its connection" + certificate,
        "it may use another TLS library, carry an OpenSSL of its own, clean its environment, or have a rule "
        "that says mode = off: see danelaw-plugin(7)");
  if (seen.completed_handshakes != 0)
    return ill("the plugin is active, but it took a wrong certificate (" + first_line(seen.log) + ")",
               "see danelaw-plugin(7)");
  if (!seen.knew_service)
    return ill(
        "the plugin is active and refuses, but does not see host and port (" + first_line(seen.log) + ")",
        "a rule with `host` and `port` can name them, see danelaw.conf(5); without one DANE does not apply");
  if (!seen.status || (WIFEXITED(*seen.status) && WEXITSTATUS(*seen.status) == 0))
    return ill(fmt::format("the plugin refused, but its end does not tell ({})", end_of(seen)), "");
  return {
      "", CheckState::Well,
      fmt::format("the plugin is active: a wrong certificate was refused ({})", status_text(*seen.status)),
      ""};
}

}  // namespace

std::vector<std::string> program_arguments(const std::vector<std::string>& command) {
  std::vector<std::string> arguments(command.begin() + 1, command.end());
  if (has_a_place_for_the_port(arguments)) return arguments;
  const std::string name = fs::path(command.front()).filename().string();
  for (const Known& known : known_programs()) {
    const bool is_it = name.starts_with(known.program);
    if (is_it && (arguments.empty() || arguments == std::vector{known.arguments.front()}))
      return known.arguments;
  }
  throw usage(fmt::format("{}: say how it connects: arguments with {{url}}, or with {{host}} and {{port}}",
                          command.front()));
}

CheckLine try_program(const std::vector<std::string>& command, Environment environment) {
  CheckLine line = judge(watch(command, std::move(environment)));
  line.check = fs::path(command.front()).filename().string();
  return line;
}

}  // namespace danelaw::cli
