"""Vectors in the format of OpenSSL's DANE test, run through `danelaw verify-chain`.

A vector is a line `records certificates no-name-checks verify-result depth`, then that many records
(`usage selector matching-type hex`), then that many certificates in PEM, leaf first. Lines that begin with `#` and
blank lines may stand between vectors and records. The depth counts only where the result is 0.

    python3 danetest.py TOOL VECTORS CA-FILE NAME [NAME ...]
"""

import os
import sys
import tempfile

from harness import Checks, Run


class Vector:
    def __init__(self, line, records, chain, no_name_checks, result, depth):
        self.line, self.records, self.chain = line, records, chain
        self.no_name_checks, self.result, self.depth = no_name_checks, result, depth


def read_vectors(lines):
    """Yields vectors; raises ValueError with the line's number where the text is none."""
    numbered = iter(enumerate(lines, 1))

    def next_line():
        for number, line in numbered:
            if line.strip() and not line.startswith('#'):
                return number, line.strip()
        return None

    def next_certificate():
        text = []
        for number, line in numbered:
            if text or line.startswith('-----BEGIN'):
                text.append(line.rstrip('\n'))
            if line.startswith('-----END'):
                return '\n'.join(text) + '\n'
        raise ValueError('the file ends where a certificate is due')

    while (found := next_line()) is not None:
        number, line = found
        fields = line.split()
        if len(fields) != 5:
            raise ValueError(f'line {number}: five numbers are needed, not: {line}')
        records, certificates, no_name_checks, result, depth = (int(field) for field in fields)
        given = [next_line() for _ in range(records)]
        if None in given:
            raise ValueError(f'line {number}: the file ends where a record is due')
        yield Vector(number, [record for _, record in given], ''.join(next_certificate() for _ in range(certificates)),
                     no_name_checks != 0, result, depth)


def run_vector(tool, vector, ca_file, names, directory):
    chain, records = os.path.join(directory, 'chain.pem'), os.path.join(directory, 'records')
    with open(chain, 'w') as file:
        file.write(vector.chain)
    with open(records, 'w') as file:
        file.write(''.join(record + '\n' for record in vector.records))
    words = [tool, 'verify-chain', '--json', '--chain', chain, '--ca-file', ca_file, '--tlsa', records]
    words += [word for name in names for word in ('--name', name)]
    return Run(words + (['--dane-ee-no-namecheck'] if vector.no_name_checks else []))


def check_vectors(tool, vectors, ca_file, names, checks):
    with tempfile.TemporaryDirectory() as directory:
        for vector in vectors:
            run = run_vector(tool, vector, ca_file, names, directory)
            got = run.object() if run.out else {}
            result, depth = got.get('verify_result'), got.get('match_depth')
            checks.that(f'vector at line {vector.line}',
                        result == vector.result and (result != 0 or depth == vector.depth)
                        and run.code == (0 if vector.result == 0 else 1),
                        f'want {vector.result} at depth {vector.depth}; {run}')


def main():
    if len(sys.argv) < 5:
        sys.exit('usage: danetest.py TOOL VECTORS CA-FILE NAME [NAME ...]')
    tool, path, ca_file, *names = sys.argv[1:]
    checks = Checks()
    with open(path) as file:
        check_vectors(tool, read_vectors(file), ca_file, names, checks)
    return checks.report()


if __name__ == '__main__':
    sys.exit(main())
