// The trace of an answer as the C interface gives it out: words and numbers.
#pragma once

#include "capi/answer.hpp"
#include "dnssec/trace.hpp"

namespace danelaw::capi {

/// After the answer is made: where that is a failure, the trace's end says so too.
void put_trace(danelaw_answer& answer, dnssec::Trace trace);

}  // namespace danelaw::capi
