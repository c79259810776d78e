# SPDX-License-Identifier: Apache-2.0
"""completion.py TOOL FOLDER: the completion files of FOLDER know exactly the commands and options of the tool's own help, and
the words that may follow the options that take one of few.

The files are run by the shells that they are for: bash completes; of zsh what _arguments and _describe are called with is taken.
"""

import pathlib
import re
import subprocess
import sys

_LIMIT = 20  # seconds for one shell
# option, in which command, its words
_VALUES = [
    ("--starttls", "check", "smtp imap pop3 ftp xmpp ldap postgres"),
    ("--mode", "smtp", "off opportunistic mandatory"),
    ("--profile", "run", "generic smtp srv"),
    ("--engine", "lookup", "stub recursing none"),
    ("--insecure-mx", "smtp", "may encrypt dane"),
    ("--verify-none", "doctor", "respect enforce"),
]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LIMIT,
                          stdin=subprocess.DEVNULL).stdout


def help_of(tool, command=None):
    return output(tool, *([command] if command else []), "--help")


def commands_in(text):
    return set(re.findall(r"^  ([a-z][a-z-]*) ", text.partition("Subcommands:")[2], re.M))


def options_in(text):
    """A line of an option begins with it; its other name follows a comma."""
    found = set()
    for names in re.findall(r"^  (-\S+)", text, re.M):
        found |= set(names.split(","))
    return found


class Bash:
    def __init__(self, folder):
        self.file = folder / "danelaw.bash"

    def complete(self, *words):
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _danelaw; printf "%s\\n" "${COMPREPLY[@]}"'
        lines = output("bash", "--norc", "-c", script, "bash", str(self.file), "danelaw", *words).split("\n")
        return {line for line in lines if line}

    def commands(self):
        return self.complete("")

    def options(self, command):
        return self.complete(*([command] if command else []), "-")

    def values(self, command, option):
        return self.complete(command, option, "")


class Zsh:
    def __init__(self, folder):
        self.file = folder / "_danelaw"

    def _specs(self, command):
        script = '_arguments() { print -rl -- "$@"; state=command }; _describe() { print -rl -- "${(P@)2}" }; ' \
                 'curcontext=; source "$1"; "_danelaw$2"'
        suffix = f"_{command}" if command else ""
        return output("zsh", "-f", "-c", script, "zsh", str(self.file), suffix).splitlines()

    def commands(self):
        return {line.partition(":")[0] for line in self._specs(None) if re.match(r"[a-z][a-z-]*:", line)}

    def options(self, command):
        found = (re.match(r"(?:\([^)]*\))?\*?(-[\w-]+)", line) for line in self._specs(command))
        return {match[1] for match in found if match} - {"-C"}

    def values(self, command, option):
        for line in self._specs(command):
            match = re.match(rf"(?:\([^)]*\))?\*?{option}\[.*\]:[^:]*:\(([^)]*)\)$", line)
            if match:
                return set(match[1].split())
        return set()


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def same(self, what, got, want):
        if got == want:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAIL  {what}: missing {sorted(want - got)}, extra {sorted(got - want)}")


def main():
    tool, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    commands = commands_in(help_of(tool))
    tally = Tally()
    for name, shell in [("bash", Bash(folder)), ("zsh", Zsh(folder))]:
        tally.same(f"{name}: commands", shell.commands(), commands)
        for command in [None, *sorted(commands)]:
            tally.same(f"{name}: options of {command or 'the tool'}", shell.options(command), options_in(help_of(tool, command)))
        for option, command, words in _VALUES:
            tally.same(f"{name}: words after {command} {option}", shell.values(command, option), set(words.split()))
    bash = Bash(folder)
    tally.same("bash: a value is no option", bash.complete("check", "--mode", "m"), {"mandatory"})
    tally.same("bash: types of records", bash.complete("lookup", "www.example.org", "TLS"), {"TLSA"})
    tally.same("bash: a value is not the name", bash.complete("lookup", "--timeout", "5", "www.example.org", "TLS"), {"TLSA"})
    tally.same("bash: after -- stands a command", bash.complete("run", "--", "base6"), {"base64"})
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 0 if tally.failed == 0 and tally.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
