#include "curl_contexts.hpp"

#include <memory>
#include <mutex>
#include <new>
#include <unordered_set>

namespace danelaw::plugin {
namespace {

struct Alive {
  std::mutex mutex;
  std::unordered_set<const void*> contexts;

  static Alive& here() {
    static auto& alive = *new Alive;  // used until the very end of the process
    return alive;
  }
  bool has(const void* ctx) {
    const std::lock_guard lock(mutex);
    return contexts.count(ctx) != 0;
  }
};

void context_is_made(void* ctx, void*, CRYPTO_EX_DATA*, int, long, void*) noexcept {
  try {
    Alive& alive = Alive::here();
    const std::lock_guard lock(alive.mutex);
    alive.contexts.insert(ctx);
  } catch (...) {
    // Not known to be ours, so it will not be touched.
  }
}

void context_is_gone(void* ctx, void* peers, CRYPTO_EX_DATA*, int, long, void*) noexcept {
  delete static_cast<CurlPeers*>(peers);
  Alive& alive = Alive::here();
  const std::lock_guard lock(alive.mutex);
  alive.contexts.erase(ctx);
}

int peers_index() noexcept {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, context_is_made, nullptr, context_is_gone);
  return index;
}

}  // namespace

bool watch_contexts() noexcept { return peers_index() >= 0; }

void keep_peers(void* ctx, const CurlPeers& peers) {
  if (!Alive::here().has(ctx)) return;
  auto* known = static_cast<SSL_CTX*>(ctx);
  auto kept = std::make_unique<CurlPeers>(peers);
  const auto* before = peers_of(known);
  if (SSL_CTX_set_ex_data(known, peers_index(), kept.get()) != 1) throw std::bad_alloc();
  (void)kept.release();
  delete before;
}

const CurlPeers* peers_of(const SSL_CTX* ctx) noexcept {
  return static_cast<const CurlPeers*>(SSL_CTX_get_ex_data(ctx, peers_index()));
}

void lock_contexts() { Alive::here().mutex.lock(); }
void unlock_contexts() { Alive::here().mutex.unlock(); }

}  // namespace danelaw::plugin
