# SPDX-License-Identifier: Apache-2.0
"""How the plugin of a build directory gets into programs, and where it finds the world's DNS."""

import os
import pathlib

VARIABLES = ("LD_PRELOAD", "OPENSSL_CONF", "DANELAW_SETTINGS", "DANELAW_CONF")
_OPENSSL_CONF = """\
openssl_conf = openssl_init
.include /etc/ssl/openssl.cnf
[openssl_init]
danelaw = danelaw_section
[danelaw_section]
path = {plugin}
{settings}
"""


def plugin_of(build):
    return build / "plugin" / "danelaw-plugin.so"


def preload_of(build):
    return build / "plugin" / "danelaw-preload.so"


def missing_of(build):
    """The first of both objects that is not there; None where both are."""
    return next((path for path in (plugin_of(build), preload_of(build)) if not path.exists()), None)


def resolver_settings(engine="stub"):
    """The stub engine, which is the default, asks whom /etc/resolv.conf names."""
    whom = [f"root_servers = {os.environ['DANELAW_WORLD_ROOT_SERVERS']}"] if engine == "recursing" else []
    return [*whom, f"trust_anchors = {os.environ['DANELAW_WORLD_ANCHORS']}"]


def environment_without():
    """That of this process, without any door."""
    return {name: value for name, value in os.environ.items() if name not in VARIABLES}


class Doors:
    """Environments with doors into the plugin of `build`; the files that they name are made in `directory`."""

    def __init__(self, build, directory, runtime=None):
        """`runtime` is a sanitizer's, which every program needs where the plugin was built with it."""
        self._build = build
        self._runtime = runtime
        self._directory = pathlib.Path(directory)

    def environment(self, preload, module, settings, rule=()):
        """Settings stand where they would: in a file of their own where there is a rule, in the module's section where
        that is the only door, else in the environment."""
        environment = environment_without()
        in_section = module and not preload and not rule
        if rule:
            environment["DANELAW_CONF"] = str(self._file("danelaw.conf", [*settings, "rules = rule", "[rule]", *rule]))
        elif not in_section:
            environment["DANELAW_SETTINGS"] = "\n".join(settings)
        preloaded = [str(self._runtime)] if self._runtime else []
        if preload:
            preloaded.append(str(preload_of(self._build)))
        if preloaded:
            environment["LD_PRELOAD"] = ":".join(preloaded)
        if module:
            text = _OPENSSL_CONF.format(plugin=plugin_of(self._build),
                                        settings="\n".join(settings if in_section else ()))
            environment["OPENSSL_CONF"] = str(self._file("openssl.cnf", [text]))
        return environment

    def _file(self, name, lines):
        path = self._directory / name
        path.write_text("\n".join(lines) + "\n")
        return path
