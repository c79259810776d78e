#include "hook/attachment.hpp"

#include <utility>

#include "hook/home.hpp"

namespace danelaw::hook {
namespace {

void free_attachment(void*, void* stored, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<SharedAttachment*>(stored);
}

/// Negative where OpenSSL has no memory for it.
int ex_data_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_attachment);
  return index;
}

}  // namespace

SharedAttachment attachment_of(const SSL_CTX* ctx) {
  if (ctx == nullptr || !is_home_library_context() || ex_data_index() < 0) return nullptr;
  const auto* stored = static_cast<const SharedAttachment*>(SSL_CTX_get_ex_data(ctx, ex_data_index()));
  return stored == nullptr ? nullptr : *stored;
}

SharedAttachment attachment_of(const SSL* ssl) { return attachment_of(SSL_get_SSL_CTX(ssl)); }

bool keep_attachment(SSL_CTX* ctx, SharedAttachment attachment) {
  if (ex_data_index() < 0) return false;
  auto stored = std::make_unique<SharedAttachment>(std::move(attachment));
  if (SSL_CTX_set_ex_data(ctx, ex_data_index(), stored.get()) != 1) return false;
  stored.release();
  return true;
}

void forget_attachment(SSL_CTX* ctx) {
  auto* stored = static_cast<SharedAttachment*>(SSL_CTX_get_ex_data(ctx, ex_data_index()));
  if (SSL_CTX_set_ex_data(ctx, ex_data_index(), nullptr) == 1) delete stored;
}

}  // namespace danelaw::hook
