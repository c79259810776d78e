"""Black-box tests of the danelaw tool that need no network: python3 run.py TOOL"""

import sys
import tempfile

import arguments
import check
import own_vectors
import starttls
import verify_chain
from harness import Checks
from pki import World

PARTS = {'verify-chain': verify_chain, 'vectors': own_vectors, 'arguments': arguments, 'check': check,
         'starttls': starttls}


def main():
    if len(sys.argv) < 2 or any(part not in PARTS for part in sys.argv[2:]):
        sys.exit(f'usage: run.py TOOL [{"|".join(PARTS)} ...]')
    checks = Checks()
    with tempfile.TemporaryDirectory() as directory:
        world = World(directory)
        for part in sys.argv[2:] or PARTS:
            PARTS[part].run_all(sys.argv[1], world, checks)
    return checks.report()


if __name__ == '__main__':
    sys.exit(main())
