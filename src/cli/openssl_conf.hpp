// Which openssl.cnf(5) programs read, and what it says that concerns the plugin.
#pragma once

#include <string>

#include "environment.hpp"

namespace danelaw::cli {

/// The section that our openssl.cnf adds the plugin to, as Debian's and ours name it.
inline constexpr const char* init_section = "openssl_init";

struct OpensslConf {
  std::string file;       ///< empty: OPENSSL_CONF is set to nothing, so none is read
  bool is_users = false;  ///< named by OPENSSL_CONF
  bool exists = false;
  std::string problem;          ///< why OpenSSL cannot read it; empty where it can
  std::string openssl_conf;     ///< the section that programs start from; empty: none
  std::string nodejs_conf;      ///< the same for node
  bool loads_danelaw = false;   ///< the section names a module `danelaw`
  std::string danelaw_section;  ///< of that module
  std::string module_path;      ///< of that module
};

/// The file that a program with this environment reads.
[[nodiscard]] OpensslConf openssl_conf_in_force(const Environment& environment);

}  // namespace danelaw::cli
