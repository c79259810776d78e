# SPDX-License-Identifier: Apache-2.0
"""The sandbox: user, network, mount and process namespaces, and the two processes that hold it together.

The launcher is the process that the caller started; it only passes signals on and waits. The init is the first process
of the new process namespace: when it ends, for whatever reason, the kernel ends every process in there, and with the
last of them go the mounts and the network. It dies with the launcher, even if that is killed outright. All files of the
world lie on a memory file system over /run that exists in the sandbox only, so nothing is left to be removed. Hiding
/run also keeps name service daemons of the machine from answering in the sandbox.
"""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys

from tools import Failed, find, run

WORLD_DIR = pathlib.Path("/run/danelaw-world")
EXIT_NO_WORLD = 125
EXIT_CANNOT_RUN = 126
EXIT_NOT_FOUND = 127

# What a machine may have set for itself and would lead out of the world, or past its CA.
_NOT_FOR_COMMAND = {"SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
_PASSED_ON = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
_SI_KERNEL = 128  # si_code of signals that the terminal sends, to the whole process group
_PR_SET_PDEATHSIG = 1


def enter(arguments):
    """Replaces this process by a Python that runs `arguments` in new namespaces."""
    unshare = find("unshare")
    kinds = [["-Urnm", "--pid"]] + ([["-nm", "--pid"]] if os.geteuid() == 0 else [])
    complaints = []
    for kind in kinds:
        trial = subprocess.run(
            [unshare, *kind, "--fork", "--mount-proc", "mount", "-t", "tmpfs", "none", "/run"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if trial.returncode == 0:
            os.execv(unshare, [unshare, *kind, "--", sys.executable, *arguments])
        complaints.append(f"'unshare {' '.join(kind)}': {trial.stderr.strip()}")
    raise Failed("cannot make a sandbox; it needs user namespaces, or root. " + "; ".join(complaints))


def run_as_init(main):
    """Runs main() in a child that is the init of the new process namespace; returns its exit code."""
    readable, writable = os.pipe()
    init = os.fork()
    if init == 0:
        os.close(writable)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # The launcher may have died before the line above: then the pipe ends without an octet.
        os._exit(_guarded(main) if os.read(readable, 1) else EXIT_NO_WORLD)
    signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON | {signal.SIGCHLD})
    os.write(writable, b"!")
    return _wait_for(init)


def _guarded(main):
    try:
        mount_private_directories()
        bring_up_network()
        code = main()
    except Failed as failed:
        print(f"world: {failed}", file=sys.stderr)
        code = EXIT_NO_WORLD
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def mount_private_directories():
    mount("-t", "proc", "proc", "/proc")
    mount("-t", "tmpfs", "-o", "mode=755", "danelaw-world", "/run")
    WORLD_DIR.mkdir()


def mount(*arguments):
    run("mount", *arguments)


def mount_over(source, target):
    """Binds `source` over `target`. Where `target` is a link into the hidden /run, the file is made there anew."""
    target = pathlib.Path(os.path.realpath(target))
    if target.exists():
        mount("--bind", str(source), str(target))
    elif target.is_relative_to("/run"):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def bring_up_network():
    """10.53.0.0/24 needs one address only: all of a network on lo is local. IPv6 addresses are added one by one."""
    commands = ["link set lo up", "addr add 10.53.0.1/24 dev lo"]
    commands += [f"addr add fd53::{host:x}/64 dev lo nodad" for host in (0x80, 0x81, 0x82, 0x83)]
    run("ip", "-batch", "-", text_in="\n".join(commands))


def end_on_signals():
    """From now until COMMAND runs, a signal to the launcher ends it all."""
    for number in _PASSED_ON:
        signal.signal(number, lambda which, _frame: os._exit(128 + which))


def run_command(command, environment, on_other_end):
    """Runs `command` and gives its exit code. Reaps whatever ends meanwhile, and calls on_other_end(process id)."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON | {signal.SIGCHLD})
    try:
        running = subprocess.Popen(command, env=_inherited() | environment, preexec_fn=_ordinary_signals)
    except FileNotFoundError:
        print(f"world: {command[0]}: not found", file=sys.stderr)
        return EXIT_NOT_FOUND
    except OSError as error:
        print(f"world: {command[0]}: {error.strerror}", file=sys.stderr)
        return EXIT_CANNOT_RUN
    return _wait_for(running.pid, on_other_end)


def _inherited():
    return {name: value for name, value in os.environ.items() if name.upper() not in _NOT_FOR_COMMAND}


def _ordinary_signals():
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _wait_for(child, on_other_end=lambda ended: None):
    """Waits for `child`, passing signals on; gives the exit code as a shell would."""
    while True:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        if ended != 0:
            on_other_end(ended)
        else:
            caught = signal.sigwaitinfo(_PASSED_ON | {signal.SIGCHLD})
            # What the terminal sends has reached the command already.
            if caught.si_signo in _PASSED_ON and caught.si_code != _SI_KERNEL:
                os.kill(child, caught.si_signo)
