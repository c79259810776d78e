// `danelaw doctor`: trust anchors, DNS, the plugin's files, openssl.cnf, a program. Each check stands alone, so that one
// that fails hides no other.
#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "anchor_state.hpp"
#include "anchor_tags.hpp"
#include "commands.hpp"
#include "configured_settings.hpp"
#include "doctor_dns.hpp"
#include "doctor_program.hpp"
#include "doctor_report.hpp"
#include "openssl_conf.hpp"
#include "os/system_errors.hpp"
#include "plugin_environment.hpp"
#include "plugin_settings.hpp"
#include "probe.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* system_anchors = "/usr/share/dns/root.key";
/// The root's: of 2017, and of 2024, which is due to sign from October 2026.
constexpr unsigned root_keys[] = {20326, 38696};

class Doctor final {
 public:
  /// Throws a Failure with Exit::Usage where the arguments are wrong.
  explicit Doctor(const DoctorOptions& options)
      : m_options(options), m_settings(settings_of(options.plugin)) {
    if (!options.command.empty()) static_cast<void>(program_arguments(options.command));
  }

  CheckLines examine() {
    look("configuration", [&] { return configuration(); });
    look("trust anchors", [&] { return trust_anchors(); });
    if (!setting("trust_anchor_state").empty()) look("anchor state", [&] { return anchor_state(); });
    if (setting("cache") != "off") look("cache", [&] { return cache(); });
    examine_dns(*m_settings, m_options.offline,
                [this](const std::string& check, const auto& examine) { look(check, examine); });
    if (m_options.as_is) {
      look("plugin", [&] { return plugin_as_is(); });
    } else {
      look("plugin", [&] { return plugin_files(); });
      look("preload",
           [&] { return door(probe_preload(environment()), "programs that are linked with libssl"); });
      look("module",
           [&] { return door(probe_openssl_conf(environment()), "programs that load libssl late"); });
    }
    look("openssl.cnf", [&] { return openssl_cnf(); });
    if (!m_options.command.empty())
      look(fs::path(m_options.command.front()).filename(),
           [&] { return try_program(m_options.command, environment()); });
    return m_lines;
  }

 private:
  static CheckLine well(const std::string& text) { return {"", CheckState::Well, text, ""}; }
  static CheckLine note(const std::string& text, const std::string& cure) {
    return {"", CheckState::Note, text, cure};
  }
  static CheckLine ill(const std::string& text, const std::string& cure) {
    return {"", CheckState::Ill, text, cure};
  }

  template <class Function>
  void look(const std::string& check, Function function) {
    CheckLine line;
    try {
      line = function();
    } catch (const Failure& failure) {
      if (failure.exit() == Exit::Usage) throw;
      line = ill(failure.what(), "");
    }
    line.check = check;
    m_lines.push_back(line);
    if (!m_options.json) print_text(line);
  }

  /// As the program will get it.
  [[nodiscard]] Environment environment() const {
    return m_options.as_is ? Environment::own() : environment_with_plugin(m_options.plugin);
  }

  /// Those of the options alone, in case that the configuration cannot be read.
  static Settings settings_of(const PluginOptions& options) {
    return library_settings(plugin_settings(options));
  }

  /// What programs with the plugin are configured to; the options come last, as they do for `danelaw run`.
  [[nodiscard]] CheckLine configuration() {
    ConfiguredSettings configured = configured_settings(m_options.plugin, Environment::own());
    const PluginSettings given = plugin_settings(m_options.plugin);
    configured.settings.insert(configured.settings.end(), given.begin(), given.end());
    m_settings = library_settings(configured.settings);
    const std::string origin = configured.origin.empty() ? "the defaults" : configured.origin;
    const std::string engine = danelaw_settings_get(m_settings.get(), "engine");
    return well(
        fmt::format("{}{}; the engine is {}", origin, given.empty() ? "" : " and the options", engine));
  }

  [[nodiscard]] Resolver make_resolver() const {
    danelaw_resolver* resolver = nullptr;
    danelaw_problem problem{};
    const int code = danelaw_resolver_new(m_settings.get(), &resolver, &problem);
    Resolver owner(resolver);
    if (!succeeded(code, problem)) throw Failure(Exit::Undecided, problem.text);
    return owner;
  }

  [[nodiscard]] CheckLine trust_anchors() const {
    const Resolver resolver = make_resolver();
    const std::string named = danelaw_settings_get(m_settings.get(), "trust_anchors");
    const std::string file = named.empty() ? system_anchors : named;
    std::error_code error;
    if (named.empty() && !fs::exists(file, error))
      return well("those built in, root keys 20326 and 38696, because there is no " + file);
    const std::set<unsigned> tags = root_key_tags(file);
    const std::string found = fmt::format("{} has root keys {}", file, fmt::join(tags, ", "));
    for (const unsigned key : root_keys) {
      if (tags.contains(key)) continue;
      // Other root servers have other keys.
      if (danelaw_settings_get(m_settings.get(), "root_servers") != std::string())
        return note(found, "not those of the Internet's root");
      return ill(
          fmt::format("{}, but not {}", found, key),
          fmt::format("install the present dns-root-data, or give --trust-anchors a file with both {} and {}",
                      root_keys[0], root_keys[1]));
    }
    return well(found);
  }

  [[nodiscard]] std::string setting(const char* key) const {
    return danelaw_settings_get(m_settings.get(), key);
  }

  /// A file that is broken is what `trust anchors` has said.
  [[nodiscard]] CheckLine anchor_state() const {
    const std::string file = setting("trust_anchor_state");
    std::error_code error;
    const std::string folder = fs::path(file).parent_path();
    if (access(folder.c_str(), W_OK) != 0)
      return ill(fmt::format("{} cannot be replaced: {}: {}", file, folder, text_of_error(errno)),
                 "let this user write in that folder, or the anchors stay as they are");
    if (!fs::exists(file, error)) return note(file + " is not there yet", "the next lookup makes it");
    const Resolver resolver = make_resolver();
    return well(fmt::format("{} has {}", file, keys_in_anchor_state(file)));
  }

  [[nodiscard]] CheckLine cache() const {
    danelaw_problem problem{};
    if (danelaw_check_cache(m_settings.get(), &problem) == DANELAW_OK) return well(setting("cache"));
    return ill(problem.text, "make it a folder of this user's with mode 0700");
  }

  [[nodiscard]] CheckLine plugin_files() const {
    const PluginFiles files = find_plugin(m_options.plugin.plugin_folder, Environment::own());
    return well(fmt::format("in {}, openssl.cnf for programs {}", files.folder, files.run_cnf));
  }

  static CheckLine door(const std::string& problem, const char* whom) {
    if (problem.empty()) return well(fmt::format("reaches {}", whom));
    return ill(problem, "");
  }

  [[nodiscard]] static CheckLine plugin_as_is() {
    const std::string problem = probe(Environment::own());
    if (problem.empty()) return well("active in this environment");
    return ill(problem, "use `danelaw run`, or let openssl.cnf load it: see danelaw-plugin(7)");
  }

  [[nodiscard]] CheckLine openssl_cnf() const {
    const OpensslConf conf = openssl_conf_in_force(Environment::own());
    const std::string who = conf.is_users ? "OPENSSL_CONF names" : "the system's is";
    if (conf.file.empty()) return without_plugin("OPENSSL_CONF is empty, so that none is read");
    if (!conf.problem.empty())
      return ill(fmt::format("{} {}: {}", who, conf.file, conf.problem),
                 "mend it: programs go on without it");
    if (!conf.exists) return without_plugin(fmt::format("{} {}, which is not there", who, conf.file));
    if (!conf.loads_danelaw) return without_plugin(fmt::format("{} {}, without the plugin", who, conf.file));
    std::error_code error;
    if (!fs::exists(conf.module_path, error))
      return ill(fmt::format("{} {}, which loads \"{}\": no such file", who, conf.file, conf.module_path),
                 "install the plugin there, or mend the path: programs go on without it");
    const std::string problem = probe_openssl_conf(Environment::own());
    if (!problem.empty()) return ill(fmt::format("{} {}: {}", who, conf.file, problem), "");
    return well(fmt::format("{} {}, which loads {}", who, conf.file, conf.module_path));
  }

  /// That is how it is where only `danelaw run` is used.
  [[nodiscard]] CheckLine without_plugin(const std::string& text) const {
    if (m_options.as_is) return note(text, "programs that load libssl late do not get it");
    return note(text, "only programs that `danelaw run` starts get it");
  }

  const DoctorOptions& m_options;
  Settings m_settings;
  CheckLines m_lines;
};

}  // namespace

Exit run_doctor(const DoctorOptions& options) {
  const CheckLines lines = Doctor(options).examine();
  if (options.json) print_checks_json(lines);
  return all_well(lines) ? Exit::Good : Exit::Refused;
}

}  // namespace danelaw::cli
