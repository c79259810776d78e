// danelaw_verify_chain: files in, verdict out. The store that is named is the only one.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>

#include "capi/errors.hpp"
#include "capi/known_part.hpp"
#include "capi/plan.hpp"
#include "capi/verdict.hpp"
#include "os/system_errors.hpp"
#include "verify/dane_engine.hpp"

using namespace danelaw;

namespace {

using File = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Store = std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)>;

/// More than any server sends; a bound on what a file may make us hold.
constexpr int max_certificates = 1000;

std::string last_openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "unknown error" : reason;
}

bool ended_without_more_pem() { return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE; }

/// A certificate needs no pass phrase, and nobody is asked for one.
int no_pass_phrase(char*, int, int, void*) { return -1; }

Result<verify::OwnedChain> read_certificates(const std::string& path) {
  const File file(BIO_new_file(path.c_str(), "r"), BIO_free);
  struct stat status {};
  if (file && stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) errno = EISDIR;
  if (!file || S_ISDIR(status.st_mode))
    return Problem{Fault::Certificate, path + ": cannot be read: " + text_of_error(errno)};
  verify::OwnedChain chain(sk_X509_new_null());
  while (X509* certificate = PEM_read_bio_X509(file.get(), nullptr, no_pass_phrase, nullptr)) {
    if (sk_X509_num(chain.get()) >= max_certificates || sk_X509_push(chain.get(), certificate) == 0) {
      X509_free(certificate);
      return Problem{Fault::Certificate,
                     path + ": more than " + std::to_string(max_certificates) + " certificates"};
    }
  }
  if (!ended_without_more_pem())
    return Problem{Fault::Certificate, path + ": certificate " +
                                           std::to_string(sk_X509_num(chain.get()) + 1) +
                                           " is not PEM of an X.509 certificate: " + last_openssl_reason()};
  // An empty file is an empty chain; one with other content is a mistake that deserves a word.
  if (sk_X509_num(chain.get()) == 0 && BIO_reset(file.get()) == 0) {
    char first = 0;
    if (BIO_read(file.get(), &first, 1) == 1)
      return Problem{Fault::Certificate, path + ": holds no PEM certificate (-----BEGIN CERTIFICATE-----)"};
  }
  return chain;
}

Result<Store> store_of(const char* ca_file) {
  Store store(nullptr, X509_STORE_free);
  if (ca_file == nullptr) return store;
  auto certificates = read_certificates(ca_file);
  if (!certificates) return certificates.problem();
  store.reset(X509_STORE_new());
  if (!store) return Problem{Fault::Resource, "out of memory"};
  for (int i = 0; i < sk_X509_num(certificates->get()); ++i)
    if (X509_STORE_add_cert(store.get(), sk_X509_value(certificates->get(), i)) != 1)
      return Problem{Fault::Certificate, std::string(ca_file) + ": " + last_openssl_reason()};
  return store;
}

}  // namespace

int danelaw_verify_chain(const char* chain_file, const danelaw_plan* plan, const danelaw_offline* options,
                         danelaw_verdict** verdict, danelaw_problem* problem) {
  ERR_set_mark();
  const int code = capi::guarded(problem, [&] {
    const auto known = capi::known_part(options);
    if (chain_file == nullptr || plan == nullptr || verdict == nullptr || !known)
      return capi::report(
          problem, DANELAW_ERR_ARGUMENT,
          "danelaw_verify_chain: chain, plan, verdict, and options with their size, are needed");
    const auto chain = read_certificates(chain_file);
    if (!chain) return capi::report(problem, chain.problem());
    const auto store = store_of(known->ca_file);
    if (!store) return capi::report(problem, store.problem());
    const auto engine = verify::DaneEngine::create();
    if (!engine) return capi::report(problem, engine.problem());

    verify::OfflineSettings settings;
    settings.store = store->get();
    if (known->has_time != 0) settings.time = known->time;
    if (known->has_verify_depth != 0) settings.verify_depth = known->verify_depth;
    // A copy, which goes with the verdict: what a verification leaves in a plan holds on to the engine's SSL_CTX.
    const auto judged_by = std::make_shared<const verify::Plan>(*plan->plan);
    // No connection was made, so the plan's port and transport say nothing about this chain.
    *verdict = new danelaw_verdict(verify::judge_offline(**engine, chain->get(), judged_by, settings),
                                   verify::Subject::Names);
    return static_cast<int>(DANELAW_OK);
  });
  ERR_pop_to_mark();
  return code;
}
