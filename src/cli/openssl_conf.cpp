#include "openssl_conf.hpp"

#include <fmt/format.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <new>
#include <system_error>

#include "handles.hpp"

namespace danelaw::cli {
namespace {

using Conf = std::unique_ptr<CONF, Free<NCONF_free>>;

std::string default_file() {
  const char* const folder = OPENSSL_info(OPENSSL_INFO_CONFIG_DIR);
  return folder == nullptr ? "" : fmt::format("{}/openssl.cnf", folder);
}

std::string value_of(const CONF* conf, const char* section, const char* key) {
  // NCONF_get_string() would look in the default section too.
  const STACK_OF(CONF_VALUE)* const values = NCONF_get_section(conf, section);
  for (int i = 0; values != nullptr && i < sk_CONF_VALUE_num(values); ++i) {
    const CONF_VALUE* const value = sk_CONF_VALUE_value(values, i);
    if (std::string_view(value->name) == key && value->value != nullptr) return value->value;
  }
  return "";
}

void look_for_module(const CONF* conf, OpensslConf& found) {
  if (found.openssl_conf.empty()) return;
  const std::string section = value_of(conf, found.openssl_conf.c_str(), "danelaw");
  found.loads_danelaw = !section.empty();
  found.danelaw_section = section;
  if (found.loads_danelaw) found.module_path = value_of(conf, section.c_str(), "path");
}

void read(OpensslConf& found) {
  std::error_code error;
  found.exists = std::filesystem::exists(found.file, error);
  if (!found.exists && !error) return;
  const Conf conf(NCONF_new(nullptr));
  if (conf == nullptr) throw std::bad_alloc();
  long line = 0;
  ERR_clear_error();
  if (NCONF_load(conf.get(), found.file.c_str(), &line) <= 0) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    found.problem = fmt::format("{}{}", line > 0 ? fmt::format("line {}: ", line) : "",
                                reason == nullptr ? "cannot be read" : reason);
    ERR_clear_error();
    return;
  }
  ERR_clear_error();
  found.openssl_conf = value_of(conf.get(), "default", "openssl_conf");
  found.nodejs_conf = value_of(conf.get(), "default", "nodejs_conf");
  look_for_module(conf.get(), found);
}

}  // namespace

OpensslConf openssl_conf_in_force(const Environment& environment) {
  OpensslConf found;
  const auto named = environment.get("OPENSSL_CONF");
  found.is_users = named.has_value();
  // Programs may change their folder before they read it, but then the user has named another file to each.
  found.file = !named ? default_file() : named->empty() ? "" : std::filesystem::absolute(*named).string();
  if (!found.file.empty()) read(found);
  return found;
}

}  // namespace danelaw::cli
