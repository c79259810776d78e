#include "probe.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <sys/wait.h>

#include <chrono>
#include <string_view>

#include "child.hpp"
#include "exit.hpp"
#include "handles.hpp"
#include "plugin_settings.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 10s;

enum ProbeExit { active = 0, inactive = 5, broken = 6 };

/// The first flight goes nowhere; before it is written the plugin reads its settings, and says on stderr what is wrong
/// with them.
void begin_handshake(SSL* ssl) {
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  if (in == nullptr || out == nullptr) return;
  SSL_set_bio(ssl, in, out);
  SSL_set_connect_state(ssl);
  SSL_do_handshake(ssl);
}

/// An SSL takes settings only where somebody has attached its SSL_CTX: not we.
bool is_attached(SSL_CTX* context) {
  const Ssl ssl(SSL_new(context));
  const Settings settings = make_settings();
  return ssl != nullptr && danelaw_ssl_set_settings(ssl.get(), settings.get(), nullptr) == DANELAW_OK;
}

/// What the plugin said, without the program's name and number; empty where it said nothing.
std::string complaint_of(const std::string& said) {
  constexpr std::string_view ours = "danelaw: ";
  const std::size_t begin = said.starts_with(ours) ? 0 : said.find("\ndanelaw: ");
  if (begin == std::string::npos) return "";
  std::string line = first_line(said.substr(begin));
  const std::size_t prefix_end = line.find("]: ");
  line.erase(0, prefix_end == std::string::npos ? ours.size() : prefix_end + 3);
  return line;
}

}  // namespace

int run_probe() {
  const SslContext context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return broken;
  if (!is_attached(context.get())) return inactive;
  const Ssl ssl(SSL_new(context.get()));
  if (ssl == nullptr) return broken;
  begin_handshake(ssl.get());
  return active;
}

std::string probe(Environment environment) {
  // Nothing is put into the user's log; and a probe whose settings come from a user's file stays one of nobody.
  hand_over({{"log", "off"}}, environment);
  Child child(own_executable(), {probe_word}, std::move(environment));
  const auto status = child.wait(patience);
  if (const std::string complaint = complaint_of(child.said()); !complaint.empty()) return complaint;
  if (!status) return fmt::format("a process that loads the plugin did not end in {} s", patience / 1s);
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == active) return "";
  const std::string inactive_text = "the plugin is not active in a process that should have it";
  const std::string line = first_line(child.said());  // the dynamic linker's, say
  if (!line.empty()) return fmt::format("{}: {}", inactive_text, line);
  const bool is_known_end = WIFEXITED(*status) && WEXITSTATUS(*status) == inactive;
  return is_known_end ? inactive_text : fmt::format("{}: {}", inactive_text, status_text(*status));
}

std::string probe_preload(Environment environment) {
  environment.set("OPENSSL_CONF", "");
  return probe(std::move(environment));
}

std::string probe_openssl_conf(Environment environment) {
  environment.unset("LD_PRELOAD");
  return probe(std::move(environment));
}

}  // namespace danelaw::cli
