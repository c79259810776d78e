# SPDX-License-Identifier: Apache-2.0
"""use.py FOLDER LAYER: on a throw-away machine in the world: installs the packages of FOLDER, uses each as its documentation says,
purges them. A row for each; the exit code is 1 where one fails. LAYER is an empty folder. As root, in a mount namespace of its own.
"""

import os
import pathlib
import subprocess
import sys

import install

_HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parent / "world"))
import plugin  # noqa: E402

_LIMIT = 60  # seconds for one command
_GOOD = "https://self-signed.good.example/"  # no public CA knows it
_BAD = "https://mismatch.bad.example/"  # a public CA has signed it
_OPENSSL_CNF = pathlib.Path("/etc/ssl/openssl.cnf")
_PRIVATE = pathlib.Path("/var/lib/private")
_WORK = pathlib.Path("/run/danelaw-package-work")


def run(*command, environment=None):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT, stdin=subprocess.DEVNULL,
                          cwd=_WORK, env=(environment or plugin.environment_without()))
    return done.returncode, done.stdout + done.stderr


def is_installed(name):
    return run("dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", name)[1].startswith("ii")


def rows(packages, layer):
    """(what, whether it is so, what is said if not)"""
    before, had_private = _OPENSSL_CNF.read_bytes(), _PRIVATE.exists()
    code, output = install.dpkg("--install", *(str(one) for one in packages.values()))
    yield "dpkg installs the packages", code == 0, output
    if code != 0:
        return
    yield "openssl.cnf is as it was", _OPENSSL_CNF.read_bytes() == before, ""
    yield from uses_of_tool()
    yield from uses_of_plugin()
    yield from uses_of_library()
    yield from uses_of_readme()
    if "danelaw-policyd" in packages:
        yield from uses_of_policyd()
    code, output = install.dpkg("--purge", *packages)
    yield "dpkg purges them", code == 0 and not any(is_installed(name) for name in packages), output
    if not had_private and _PRIVATE.exists():
        _PRIVATE.rmdir()  # systemd's own, made below in its place
    left = install.changed(layer)
    yield "nothing of ours is left", not left, " ".join(left)


def uses_of_tool():
    code, output = run("danelaw", "check", "www.good.example")
    yield "danelaw check", code == 0 and "authenticated" in output, output
    code, output = run("danelaw", "check", "mismatch.bad.example")
    yield "danelaw check refuses", code == 1 and "rejected" in output, output
    pages = [f"/usr/share/man/man{page[-1]}/{page}.gz" for page in ("danelaw.1", "danelaw-tlsa.1", "danelaw-watch.1", "libdanelaw.3", "danelaw.conf.5", "danelaw-plugin.7")]
    missing = [page for page in pages if not os.path.exists(page)]
    yield "the manual pages are there", not missing, " ".join(missing)
    script = "source /usr/share/bash-completion/completions/danelaw; COMP_WORDS=(danelaw che); COMP_CWORD=1; _danelaw; echo $COMPREPLY"
    code, output = run("bash", "--norc", "-c", script)
    yield "completion in bash", output == "check\n", output


def uses_of_plugin():
    curl = ("curl", "--silent", "--show-error", "--output", "/dev/null")
    code, output = run("danelaw", "run", "--", *curl, _GOOD)
    yield "danelaw run accepts whom a record vouches for", code == 0, output
    code, output = run("danelaw", "run", "--", *curl, _BAD)
    yield "danelaw run refuses whom no record vouches for", code == 60, output
    code, output = run(*curl, _BAD)
    yield "without it nothing has changed", code == 0, output
    user = plugin.environment_without() | {"OPENSSL_CONF": "/usr/share/danelaw/openssl.cnf"}
    code, output = run(*curl, _BAD, environment=user)
    yield "one user's OPENSSL_CONF refuses", code == 60, output
    # The doctor takes other keys than the Internet's for normal where there are other root servers.
    root = ("--root-servers", os.environ["DANELAW_WORLD_ROOT_SERVERS"], "--trust-anchors", os.environ["DANELAW_WORLD_ANCHORS"])
    code, output = run("danelaw", "doctor", *root, "--", "curl")
    yield "danelaw doctor finds the plugin active", code == 0, output


def uses_of_readme():
    code, output = run(_HERE.parent / "world/run_tour")
    yield "what README.md shows comes word by word", code == 0, output


def uses_of_library():
    example = "/usr/share/doc/libdanelaw-dev/examples/blocking_client.c"
    source = ["zcat", "-f", example if os.path.exists(example) else example + ".gz"]
    (_WORK / "client.c").write_bytes(subprocess.run(source, check=True, capture_output=True).stdout)
    code, output = run("sh", "-c", "cc -Wall -Werror client.c -o client $(pkg-config --cflags --libs danelaw libssl libcrypto)")
    yield "an example is compiled by pkg-config", code == 0, output
    code, output = run("./client", "www.good.example", "443")
    yield "and accepts", code == 0, output
    code, output = run("./client", "mismatch.bad.example", "443")
    yield "and refuses", code == 1, output


def uses_of_policyd():
    anchors = ("--set", f"trust_anchors={os.environ['DANELAW_WORLD_ANCHORS']}")
    code, output = run("/usr/sbin/danelaw-policyd", *anchors, "--once", "good.post.dane")
    yield "danelaw-policyd answers", code == 0 and "dane-only" in output, output
    code, output = run("/usr/sbin/danelaw-policyd", "--set", "policyd.mta_sts=off", "--check")
    yield "danelaw-policyd takes its configuration", code == 0, output
    unit = pathlib.Path("/lib/systemd/system/danelaw-policyd.service").read_text(encoding="utf-8")
    yield "its unit names the program", "ExecStart=/usr/sbin/danelaw-policyd" in unit, unit
    (_PRIVATE / "danelaw-policyd/mta-sts").mkdir(parents=True)  # as systemd would: it is to be gone after the purge


def main():
    folder, layer = (pathlib.Path(one).resolve() for one in sys.argv[1:3])
    if "DANELAW_WORLD_DIR" not in os.environ:
        install.layer(layer)
        world = str(_HERE.parent / "world" / "world")
        os.execv(world, [world, "--", sys.executable, __file__, str(folder), str(layer)])
    packages = {one.name.partition("_")[0]: one for one in folder.glob("*.deb") if "-dbgsym" not in one.name}
    _WORK.mkdir()
    present = [name for name in packages if is_installed(name)]
    if present:
        install.dpkg("--purge", *present)
    failed = 0
    for what, good, output in rows(packages, layer):
        failed += 0 if good else 1
        print(f"{'ok  ' if good else 'FAIL'}  {what}" + ("" if good else f": {output.strip()}"), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
