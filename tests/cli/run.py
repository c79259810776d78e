"""Black-box tests of the danelaw tool that need no network: python3 run.py TOOL [PART ...]

Where the system allows it they run in a network namespace of their own that has nothing but a loopback, so that a fault in
the tool cannot ask the Internet anything.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

import arguments
import check
import doctor
import own_vectors
import programs
import proofs
import starttls
import tlsa
import verify_chain
from harness import Checks
from pki import World

PARTS = {'verify-chain': verify_chain, 'vectors': own_vectors, 'arguments': arguments, 'check': check,
         'starttls': starttls, 'run': programs, 'doctor': doctor, 'proofs': proofs,
         'tlsa': tlsa}
_INSIDE = 'DANELAW_TEST_ALONE'
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def go_alone():
    """Runs this program again in a new network namespace."""
    unshare = [shutil.which('unshare') or 'unshare', '--user', '--map-root-user', '--net']
    try:
        subprocess.run([*unshare, 'true'], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print('no namespace to be had: running without one')
        return
    os.environ[_INSIDE] = '1'
    os.execv(unshare[0], [*unshare, sys.executable, *sys.argv])


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack('16sh14x', b'lo', 0)
        flags = struct.unpack('16sh14x', fcntl.ioctl(sock, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(sock, _SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', flags | _IFF_UP))


def main():
    if len(sys.argv) < 2 or any(part not in PARTS for part in sys.argv[2:]):
        sys.exit(f'usage: run.py TOOL [{"|".join(PARTS)} ...]')
    if _INSIDE in os.environ:
        raise_loopback()
    else:
        go_alone()
    checks = Checks()
    with tempfile.TemporaryDirectory() as directory:
        world = World(directory)
        for part in sys.argv[2:] or PARTS:
            PARTS[part].run_all(sys.argv[1], world, checks)
    return checks.report()


if __name__ == '__main__':
    sys.exit(main())
