// Owners of the C interface's objects. Nothing but lifetime.
#pragma once

#include <memory>

#include "danelaw/openssl.h"

namespace danelaw::cli {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using Settings = std::unique_ptr<danelaw_settings, Free<danelaw_settings_free>>;
using Resolver = std::unique_ptr<danelaw_resolver, Free<danelaw_resolver_free>>;
using Answer = std::unique_ptr<danelaw_answer, Free<danelaw_answer_free>>;
using Records = std::unique_ptr<danelaw_records, Free<danelaw_records_free>>;
using Plan = std::unique_ptr<danelaw_plan, Free<danelaw_plan_free>>;
using Verdict = std::unique_ptr<danelaw_verdict, Free<danelaw_verdict_free>>;

using SslContext = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Free<SSL_free>>;

}  // namespace danelaw::cli
