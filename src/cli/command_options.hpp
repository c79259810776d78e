// What each command may be told: its options, where their values go, and a line of help for each.
#pragma once

#include "options.hpp"

namespace CLI {
class App;
}

namespace danelaw::cli {

void describe_check(CLI::App& command, CheckOptions& options);
void describe_lookup(CLI::App& command, LookupOptions& options);
void describe_proof(CLI::App& command, ProofOptions& options);
void describe_smtp(CLI::App& command, SmtpOptions& options);
void describe_tlsa(CLI::App& command, TlsaOptions& options);
void describe_validate_proof(CLI::App& command, ValidateProofOptions& options);
void describe_verify_chain(CLI::App& command, VerifyChainOptions& options);
void describe_watch(CLI::App& command, WatchOptions& options);
void describe_run(CLI::App& command, RunOptions& options);
void describe_doctor(CLI::App& command, DoctorOptions& options);

}  // namespace danelaw::cli
