"""Vectors of our own in the format that danetest.py reads, written around certificates made for this run."""

import danetest

OK, HOSTNAME, NO_LOCAL_ISSUER, NO_MATCH = 0, 62, 20, 65
NAME = 'www.example.com'


def vector(records, chain, no_name_checks, result, depth):
    return '\n'.join([f'{len(records)} {len(chain)} {no_name_checks} {result} {depth}', *records,
                      *(c.pem for c in chain), ''])


def text(w):
    full, sent = (w.leaf, w.intermediate, w.root), (w.leaf, w.intermediate)
    wrong = '3 1 1 ' + '00' * 32
    return '\n'.join([
        '# the end entity',
        vector([w.leaf.record(3, 1, 1)], sent, 0, OK, 0),
        vector([w.leaf.record(3, 0, 2)], sent, 0, OK, 0),
        vector([w.leaf.record(1, 0, 0)], sent, 0, OK, 0),
        vector([w.self_signed.record(3, 1, 1)], (w.self_signed,), 0, OK, 0),
        '# anchors, sent and not sent',
        vector([w.root.record(2, 0, 1)], full, 0, OK, 2),
        vector([w.root.record(2, 0, 1)], sent, 0, NO_MATCH, -1),
        vector([w.root.record(2, 0, 0)], sent, 0, OK, 2),
        vector([w.root.record(0, 0, 1)], sent, 0, OK, 2),
        vector([w.intermediate.record(0, 1, 1)], sent, 0, OK, 1),
        '# several records',
        vector([wrong, w.intermediate.record(2, 1, 1)], sent, 0, OK, 1),
        vector([wrong], sent, 0, NO_MATCH, -1),
        '# names: the certificate is not for this one',
        vector([w.other_leaf.record(3, 1, 1)], (w.other_leaf,), 0, OK, 0),
        vector([w.nameless.record(3, 1, 1)], (w.nameless, w.intermediate), 0, HOSTNAME, -1),
        vector([w.nameless.record(3, 1, 1)], (w.nameless, w.intermediate), 1, OK, 0),
        vector([w.intermediate.record(2, 1, 1)], (w.nameless, w.intermediate), 1, HOSTNAME, -1),
        '# no record, and none that can be used: PKIX alone',
        vector([], sent, 0, OK, -1),
        vector([], (w.other_leaf,), 0, NO_LOCAL_ISSUER, -1),
        vector(['3 1 1 00', '7 1 1 ' + '00' * 32], sent, 0, OK, -1),
        ''])


def run_all(tool, w, checks):
    lines = text(w).splitlines(keepends=True)
    vectors = list(danetest.read_vectors(lines))
    checks.equal('the reader finds every vector', len(vectors), sum(1 for line in lines if len(line.split()) == 5
                                                                    and not line.startswith('#')))
    danetest.check_vectors(tool, vectors, w.root.file, [NAME], checks)
    for what, bad in (('four numbers', '1 1 0 0\n'), ('no certificate', '0 1 0 0 0\n'), ('no record', '1 0 0 0 0\n')):
        try:
            list(danetest.read_vectors(bad.splitlines(keepends=True)))
            checks.that(f'the reader refuses: {what}', False)
        except ValueError:
            checks.that(f'the reader refuses: {what}', True)
