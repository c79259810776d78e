// The tool's commands. Each prints its report and gives the exit code; a Failure is thrown before anything is
// printed.
#pragma once

#include "exit.hpp"
#include "options.hpp"

namespace danelaw::cli {

[[nodiscard]] Exit run_check(const CheckOptions& options);
[[nodiscard]] Exit run_doctor(const DoctorOptions& options);
[[nodiscard]] Exit run_lookup(const LookupOptions& options);
[[nodiscard]] Exit run_proof(const ProofOptions& options);
/// Becomes the command: returns never, unless by a Failure.
[[nodiscard]] Exit run_run(const RunOptions& options);
[[nodiscard]] Exit run_smtp(const SmtpOptions& options);
/// `tlsa --rollover`
[[nodiscard]] Exit run_rollover(const TlsaOptions& options);
[[nodiscard]] Exit run_tlsa(const TlsaOptions& options);
[[nodiscard]] Exit run_validate_proof(const ValidateProofOptions& options);
[[nodiscard]] Exit run_verify_chain(const VerifyChainOptions& options);
[[nodiscard]] Exit run_watch(const WatchOptions& options);

}  // namespace danelaw::cli
