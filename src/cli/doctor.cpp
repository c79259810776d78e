#include "commands.hpp"
namespace danelaw::cli {
Exit run_doctor(const DoctorOptions&) { return Exit::Undecided; }
}  // namespace danelaw::cli
