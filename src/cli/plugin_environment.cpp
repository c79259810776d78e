#include "plugin_environment.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "exit.hpp"
#include "openssl_conf.hpp"
#include "plugin_settings.hpp"

namespace danelaw::cli {
namespace {

namespace fs = std::filesystem;

/// For run.cnf: what it includes.
constexpr const char* included_variable = "DANELAW_OPENSSL_CONF";

Failure cannot_run(const OpensslConf& conf, const std::string& why) {
  return {Exit::CannotRun, fmt::format("{}: {}", conf.file, why)};
}

void refuse_other_section(const OpensslConf& conf, const char* key, const std::string& section) {
  if (section.empty() || section == init_section) return;
  throw cannot_run(conf,
                   fmt::format("{} is [{}], and the plugin is loaded from [{}]: name that section so, or "
                               "load the plugin from it, see danelaw-plugin(7)",
                               key, section, init_section));
}

/// Two plugins in one process would answer each other's handshakes.
void refuse_other_plugin(const OpensslConf& conf, const PluginFiles& files) {
  std::error_code error;
  if (fs::equivalent(conf.module_path, files.plugin, error)) return;
  throw cannot_run(conf,
                   fmt::format("loads \"{}\", which is not {}: let it load that one, or name the other's "
                               "folder by --plugin-dir",
                               conf.module_path, files.plugin));
}

void set_openssl_conf(const PluginFiles& files, Environment& environment) {
  const OpensslConf conf = openssl_conf_in_force(environment);
  if (!conf.problem.empty()) throw cannot_run(conf, conf.problem);
  if (conf.loads_danelaw) return refuse_other_plugin(conf, files);
  refuse_other_section(conf, "openssl_conf", conf.openssl_conf);
  refuse_other_section(conf, "nodejs_conf", conf.nodejs_conf);
  environment.set(included_variable, conf.exists ? conf.file : "/dev/null");
  environment.set("OPENSSL_CONF", files.run_cnf);
}

void set_preload(const PluginFiles& files, Environment& environment) {
  const std::string before = environment.get("LD_PRELOAD").value_or("");
  environment.set("LD_PRELOAD", before.empty() ? files.preload : files.preload + ":" + before);
}

}  // namespace

Environment environment_with_plugin(const PluginOptions& options) {
  Environment environment = Environment::own();
  const PluginSettings settings = plugin_settings(options);
  hand_over_configuration(options, environment);
  hand_over(settings, environment);
  const PluginFiles files = find_plugin(options.plugin_folder, environment);
  // run.cnf finds the plugin by it, and so does a tool that the program starts.
  environment.set(folder_variable, files.folder);
  set_openssl_conf(files, environment);
  set_preload(files, environment);
  return environment;
}

}  // namespace danelaw::cli
