// Is the OpenSSL that we call the one that calls us? A program may carry a copy of its own, read openssl.cnf and load
// us: its structures are not those that our imports know, so we keep out of it.
#pragma once

namespace danelaw::plugin {

/// True where all that we import of libssl and libcrypto comes from where it should: one object for each, of OpenSSL 3.
[[nodiscard]] bool openssl_is_whole() noexcept;

/// True where `caller`, an address inside a function, belongs to the libcrypto that we import.
[[nodiscard]] bool is_our_openssl(const void* caller) noexcept;

}  // namespace danelaw::plugin
