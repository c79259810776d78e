// Is the OpenSSL that we call the one that calls us? A program may carry a copy of its own, read openssl.cnf and load
// us: its structures are not those that our imports know, so we keep out of it.
#pragma once

namespace danelaw::plugin {

enum class OpensslIs {
  Whole,    ///< all that we import of libssl and libcrypto comes from one object for each, of OpenSSL 3
  Another,  ///< not ours: of another version, or no OpenSSL
  Mixed,    ///< OpenSSL 3, and its functions come from several objects
};
[[nodiscard]] OpensslIs openssl_is() noexcept;

/// True where `caller`, an address inside a function, belongs to the libcrypto that we import.
[[nodiscard]] bool is_our_openssl(const void* caller) noexcept;

}  // namespace danelaw::plugin
