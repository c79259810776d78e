#include "plugin_files.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <system_error>

#include "child.hpp"
#include "exit.hpp"

namespace danelaw::cli {
namespace {

namespace fs = std::filesystem;

bool is_there(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

/// BUILD/plugin where this is BUILD/src/cli/danelaw.
std::optional<std::string> folder_of_build_tree() {
  const fs::path tool_folder = fs::path(own_executable()).parent_path();
  if (tool_folder.filename() != "cli" || tool_folder.parent_path().filename() != "src") return std::nullopt;
  const fs::path folder = tool_folder.parent_path().parent_path() / "plugin";
  if (!is_there(folder / "danelaw-plugin.so")) return std::nullopt;
  return folder.string();
}

std::string find_folder(const std::optional<std::string>& folder, const Environment& environment) {
  if (folder) return fs::absolute(*folder).lexically_normal().string();
  if (const auto named = environment.get(folder_variable); named && !named->empty())
    return fs::absolute(*named).lexically_normal().string();
  return folder_of_build_tree().value_or(DANELAW_INSTALLED_PLUGIN_FOLDER);
}

/// LD_PRELOAD's list knows no escapes, and the dynamic linker expands `$`.
void refuse_folder_that_cannot_be_preloaded(const std::string& folder) {
  if (folder.find_first_of(" :;$\t\n") == std::string::npos) return;
  throw Failure(Exit::CannotRun,
                fmt::format("\"{}\": LD_PRELOAD takes no path with a blank, \":\", \";\" or \"$\"; put the "
                            "plugin's files into another folder and name it by --plugin-dir",
                            folder));
}

}  // namespace

PluginFiles find_plugin(const std::optional<std::string>& folder, const Environment& environment) {
  PluginFiles files;
  files.folder = find_folder(folder, environment);
  refuse_folder_that_cannot_be_preloaded(files.folder);
  files.plugin = files.folder + "/danelaw-plugin.so";
  files.preload = files.folder + "/danelaw-preload.so";
  files.run_cnf = files.folder + "/run.cnf";
  if (!is_there(files.run_cnf)) files.run_cnf = DANELAW_INSTALLED_DATA_FOLDER "/run.cnf";
  for (const std::string& file : std::array{files.plugin, files.preload, files.run_cnf}) {
    if (is_there(file)) continue;
    throw Failure(
        Exit::CannotRun,
        fmt::format("{} is missing: install Danelaw's plugin, or name its folder by --plugin-dir or {}", file,
                    folder_variable));
  }
  return files;
}

}  // namespace danelaw::cli
