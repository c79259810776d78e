# SPDX-License-Identifier: Apache-2.0
"""A row: an unmodified program, one way to use it and to load the plugin, and what is wanted of it."""

import dataclasses

import program_cells

PRELOAD = "preload"
MODULE = "openssl.cnf"
BOTH = "both"


@dataclasses.dataclass(frozen=True)
class Program:
    """A command, in which {host}, {directory}, {ca}, {proxy}, {here} … are filled in, and what is wanted of it."""

    name: str
    load: str  # by LD_PRELOAD, with the settings in the environment; by openssl.cnf, with the settings there; or both
    command: tuple
    cells: dict
    service: str = "https"
    beside: tuple = ()  # services that are in the log, too, as it writes them; all others would be wrong
    shows: str = r"^{host}$"  # pattern for what it prints where it accepts, and only there
    exits: tuple = (0, 1)  # where it accepts; then where it refuses, each that the moment of the refusal can make it
    input: str = ""
    settings: tuple = ()  # beside those of every row
    rule: tuple = ()  # lines of a rule; the settings are then in the file that DANELAW_CONF names
    files: tuple = ()  # (name, text) of what has to be in {directory}
    optional: bool = False  # skipped where there is no such program: scripts/deps does not install it

    def hosts(self):
        hosts = program_cells.HOSTS[self.service]
        return {case: hosts[case] for case, _mode in self.cells if case in hosts}
