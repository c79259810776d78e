# SPDX-License-Identifier: Apache-2.0
"""A machine of its own under a systemd of its own, as the first process of namespaces of its own. Its root is this machine's under a
layer of memory; nothing else of this machine is mounted in it but one shared folder, so that nothing outside can be changed. It
starts the units that it is told to, and nothing else.
"""

import os
import pathlib
import shutil
import subprocess
import time

SHARED = pathlib.Path("/mnt")
_SYSTEMD = "/lib/systemd/systemd"
_KINDS = ["--mount", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "--cgroup"]
_DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
_UNIT_FOLDERS = ("/lib/systemd/system", "/etc/systemd/system")
_KEPT_CAPABILITIES = "-sys_module,-sys_time,-sys_boot,-sys_rawio,-syslog,-mknod"


def hierarchy():
    """Where cgroup v2 is mounted, alone or beside v1; none where it is not, or is not ours to change."""
    for line in pathlib.Path("/proc/mounts").read_text(encoding="ascii").splitlines():
        _, place, kind, options = line.split()[:4]
        if kind == "cgroup2" and "rw" in options.split(","):
            return pathlib.Path(place)
    return None


def what_is_missing():
    if os.geteuid() != 0:
        return "root"
    if not os.path.exists(_SYSTEMD):
        return "systemd"
    return "" if hierarchy() else "cgroup v2"


def run(command, network, limit):
    """`command` in new namespaces, which becomes the machine by become(), in the network namespace `network`. All of its processes
    are in one cgroup, which goes with them. False where it comes to no end within `limit` seconds."""
    group = hierarchy() / f"danelaw-machine-{os.getpid()}"
    group.mkdir()
    join = f'echo $$ > "{group}/cgroup.procs" && exec "$@"'
    try:
        subprocess.run(["sh", "-c", join, "sh", "nsenter", f"--net={network}", "unshare", *_KINDS, *command], check=False, timeout=limit,
                       stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _remove(group)
    return True


def _remove(group):
    until = time.monotonic() + 10
    while group.exists() and time.monotonic() < until:
        for place, _folders, _files in os.walk(group, topdown=False):
            try:
                os.rmdir(place)
            except OSError:
                time.sleep(0.1)  # its processes are still ending


def become(shared, prepare):
    """Makes this process the first one of the machine, where the folder `shared` is SHARED. prepare() may write what it likes: it
    goes into the layer."""
    _enter(_layered_root(shared))
    _mount("-t", "tmpfs", "-o", "mode=755", "run", "/run")
    _mount("-t", "tmpfs", "-o", "mode=1777", "tmp", "/tmp")
    _start_nothing()
    prepare()
    os.execvpe("setpriv", ["setpriv", f"--bounding-set={_KEPT_CAPABILITIES}", f"--inh-caps={_KEPT_CAPABILITIES}", _SYSTEMD, "--system", "--unit=machine.target",
                           "--log-target=journal", "--show-status=no"],
               {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "container": "danelaw"})


def _enter(root):
    """Nothing of what is outside can be reached any more."""
    subprocess.run(["pivot_root", root, root / "media"], check=True)
    os.chdir("/")
    subprocess.run(["umount", "--lazy", "/media"], check=True)
    _mount("--make-rshared", "/")  # within the machine, as systemd expects of a container: credentials are mounts


def _layered_root(shared):
    _mount("--make-rprivate", "/")
    memory = shared / "memory"
    memory.mkdir()
    _mount("-t", "tmpfs", "memory", str(memory))
    lower, upper, work, root = (memory / part for part in ("lower", "upper", "work", "root"))
    for part in (lower, upper, work, root):
        part.mkdir()
    _mount("--bind", "/", str(lower))  # without what is mounted in it
    _mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", "overlay", str(root))
    _mount("-t", "proc", "proc", f"{root}/proc")
    _mount("--bind", f"{root}/proc/sys", f"{root}/proc/sys")
    _mount("-o", "remount,bind,ro", f"{root}/proc/sys")
    _mount("-t", "sysfs", "-o", "ro", "sysfs", f"{root}/sys")
    _mount("-t", "cgroup2", "cgroup2", f"{root}/sys/fs/cgroup")
    _make_devices(root / "dev")
    _mount("--bind", str(shared), f"{root}{SHARED}")
    return root


def _make_devices(folder):
    _mount("-t", "tmpfs", "-o", "mode=755", "dev", str(folder))
    for name, (major, minor) in _DEVICES.items():
        os.mknod(folder / name, 0o020666, os.makedev(major, minor))
        os.chmod(folder / name, 0o666)
    (folder / "shm").mkdir(mode=0o1777)
    (folder / "pts").mkdir()
    _mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=620", "devpts", str(folder / "pts"))
    (folder / "ptmx").symlink_to("pts/ptmx")


def _start_nothing():
    """No unit but those that machine.target is made to require, and what they need."""
    for folder in _UNIT_FOLDERS:
        for wants in pathlib.Path(folder).glob("*.wants"):
            shutil.rmtree(wants)
    pathlib.Path("/etc/fstab").write_text("", encoding="ascii")


def _mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, stdin=subprocess.DEVNULL)
