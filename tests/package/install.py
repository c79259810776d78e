# SPDX-License-Identifier: Apache-2.0
"""A machine that packages may be installed on and that is gone afterwards: /usr, /etc and /var of this one under a layer of
memory, in a mount namespace of its own. What was written there, and is not dpkg's own book-keeping, can be listed.

The layer is made before the world's sandbox is entered: within its user namespace an overlay could not rename folders.
"""

import filecmp
import os
import pathlib
import subprocess

_FOLDERS = ("usr", "etc", "var")
_LIMIT = 120  # seconds
# What dpkg and ldconfig write for themselves, whatever is installed.
_BOOKS = ("/etc/ld.so.cache", "/var/cache/ldconfig/", "/var/cache/debconf/", "/var/cache/man/", "/var/lib/dpkg/", "/var/log/")


def layer(keep):
    """Puts the layer over the folders of this mount namespace. `keep`: an empty folder, where it is kept."""
    mount("-t", "tmpfs", "danelaw-package", str(keep))
    for folder in _FOLDERS:
        lower, upper, work = (keep / folder / part for part in ("lower", "upper", "work"))
        for part in (lower, upper, work):
            part.mkdir(parents=True)
        mount("--bind", f"/{folder}", str(lower))
        mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", "overlay", f"/{folder}")


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, stdin=subprocess.DEVNULL, timeout=_LIMIT)


def dpkg(*arguments):
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
    done = subprocess.run(["dpkg", *arguments], capture_output=True, text=True, check=False, timeout=_LIMIT, env=environment,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def changed(keep):
    """Paths that differ from the machine's own, those of dpkg's books left out. Folders count where they are new."""
    found = []
    for folder in _FOLDERS:
        upper, lower = keep / folder / "upper", keep / folder / "lower"
        for place, folders, files in os.walk(upper):
            for name in [*folders, *files]:
                inner = (pathlib.Path(place) / name).relative_to(upper)
                if _differs(upper / inner, lower / inner):
                    found.append(f"/{folder}/{inner}")
    return sorted(path for path in found if not f"{path}/".startswith(_BOOKS) and not path.startswith(_BOOKS))


def _differs(ours, before):
    if not os.path.lexists(before):
        return not _is_whiteout(ours)
    if ours.is_symlink() or before.is_symlink():
        return not (ours.is_symlink() and before.is_symlink()) or os.readlink(ours) != os.readlink(before)
    if ours.is_dir() and before.is_dir():
        return False
    return not (ours.is_file() and before.is_file() and filecmp.cmp(ours, before, shallow=False))


def _is_whiteout(path):
    """How an overlay remembers that a file was removed."""
    return path.is_char_device() and os.stat(path).st_rdev == 0
