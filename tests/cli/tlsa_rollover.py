"""danelaw tlsa --rollover without DNS: plans of files, word by word, and lived through."""

import random

from harness import Run

_ROLL = ['tlsa', '--rollover', '--time', '1800000000']
_SERVICE = ['--service', 'www.example.com']

GOLDEN = [
    ('rollover_key', [*_ROLL, '--current', 'old.pem', '--next', 'new.pub', *_SERVICE]),
    ('rollover_ca', [*_ROLL, '--current', 'old-chain.pem', '--next', 'new-chain.pem', '--current-record', '2', '1', '1', *_SERVICE,
                     '--ttl', '600']),
    ('rollover_both', [*_ROLL, '--current', 'old-chain.pem', '--next', 'new-chain.pem', '--current-record', '3', '1', '1',
                       '--current-record', '2', '1', '1', *_SERVICE, '--propagation', '900', '--signature-lifetime', '1209600']),
    ('rollover_ee_to_ta', [*_ROLL, '--current', 'old.pem', '--next', 'new-chain.pem', '--record', '2', '1', '1', *_SERVICE]),
    ('rollover_ta_to_ee', [*_ROLL, '--current', 'old-chain.pem', '--next', 'new.pem', '--current-record', '2', '1', '1',
                           '--record', '3', '1', '1', '--mx', 'mx.example.com', '--service', 'www.example.com']),
    ('rollover_certificate_to_key', [*_ROLL, '--current', 'old.pem', '--next', 'old.pem', '--current-record', '3', '0', '1',
                                     '--record', '3', '1', '1']),
    ('rollover_same_key', [*_ROLL, '--current', 'old-chain.pem', '--next', 'renewed-chain.pem']),
    ('rollover_same_ca', [*_ROLL, '--current', 'old-chain.pem', '--next', 'rekeyed-chain.pem', '--current-record', '2', '1', '1']),
    ('rollover_nothing', [*_ROLL, '--current', 'old.pem', '--next', 'old.pem']),
    ('rollover_warns', [*_ROLL, '--current', 'old.pem', '--next', 'new.pem', '--record', '3', '0', '1', '--mx', 'mx.example.com']),
    ('rollover_step_zone', [*_ROLL, '--current', 'old.pem', '--next', 'new.pub', *_SERVICE, '--step', '1']),
    ('rollover_step_nsupdate', [*_ROLL, '--current', 'old.pem', '--next', 'new.pub', *_SERVICE, '--mx', 'mx.example.com', '--step', '3',
                                '--format', 'nsupdate', '--server', '192.0.2.1', '--zone', 'example.com']),
    ('rollover_step_switch', [*_ROLL, '--current', 'old.pem', '--next', 'new.pub', *_SERVICE, '--step', '2']),
    ('rollover_step_beyond', [*_ROLL, '--current', 'old.pem', '--next', 'new.pub', *_SERVICE, '--step', '5']),
    ('rollover_format_alone', [*_ROLL, '--current', 'old.pem', '--next', 'new.pub', *_SERVICE, '--format', 'nsupdate']),
    ('rollover_no_kind', [*_ROLL, '--current', 'old.pem', '--next', 'new.pub', '--record', '3', '0', '1']),
]


def kind(record):
    return record['usage'], record['selector'], record['matching_type']


def unmatched(records, chain):
    """Kinds of records of which none is among what the chain can be named by."""
    named = {record['text'] for record in chain}
    return {kind(r) for r in records} - {kind(r) for r in records if r['text'] in named}


def faults_of(plan, current, next_chain, ttl, dice):
    """Lives through a plan: name servers that lag, caches that keep what they have, a server that switches slowly."""
    for_ever = 10 ** 12
    versions = [[plan['published'], -for_ever, for_ever]]
    shown = {'current': [current, -for_ever, for_ever], 'next': [next_chain, for_ever, for_ever]}
    now = plan['start']
    for step in plan['steps']:
        now += step['wait'] + dice.choice((0, dice.randrange(100000)))
        if step['action'] == 'publish':
            versions[-1][2] = now + plan['propagation'] + ttl + 1
            versions.append([step['records'], now, for_ever])
            if shown['next'][1] != for_ever:
                shown['current'][2] = now
        if step['action'] == 'switch':
            shown['next'][1] = now
            now += dice.randrange(5000)
            shown['current'][2] = now
    return [(records, chain) for records, a, b in versions for chain, c, d in shown.values()
            if a < d and c < b and unmatched(records, chain)]


def all_that_names(tool, path):
    """Every record that the tool can make of a file as a chain: of the leaf, and of the CA where there is one."""
    with open(path) as file:
        has_chain = file.read().count('BEGIN CERTIFICATE') > 1
    kinds = [(u, s, m) for u in ((0, 1, 2, 3) if has_chain else (1, 3)) for s in (0, 1) for m in (0, 1, 2)]
    words = [word for k in kinds for word in ('--record', *k)]
    return Run([tool, 'tlsa', path, *words, '--json']).object()['records']


def random_plans(tool, w, checks):
    """R7671-8.4a: the plans as the tool prints them, of real certificates."""
    dice = random.Random(7671)
    chains = {name: w.write(f'rollover-{name}.pem', ''.join(c.pem for c in parts)) for name, parts in {
        'leaf': [w.leaf], 'chain': [w.leaf, w.intermediate], 'other': [w.other_leaf, w.other_root], 'other-leaf': [w.other_leaf],
        'sibling': [w.nameless, w.intermediate], 'self-signed': [w.self_signed]}.items()}
    named = {name: all_that_names(tool, path) for name, path in chains.items()}
    broken = {'no wait': 0, 'nothing beforehand': 0}
    for number in range(150):
        current, after = dice.sample(sorted(chains), 2)
        ttl, propagation = dice.choice((dice.randrange(100), dice.randrange(200000))), dice.choice((0, dice.randrange(10000)))
        words = ['--ttl', ttl, '--propagation', propagation]
        for option, name in (('--current-record', current), ('--record', after)):
            for k in dice.sample(sorted({kind(r) for r in named[name]}), dice.randrange(1, 4)):
                words += [option, *k]
        run = Run([tool, 'tlsa', '--rollover', '--current', chains[current], '--next', chains[after], *words, '--json'])
        if run.code != 0:
            checks.that(f'plan {number}', False, run)
            continue
        plan = run.object()
        checks.equal(f'R7671-8.4a: plan {number} locks nobody out', faults_of(plan, named[current], named[after], ttl, dice), [], run)
        no_wait = {**plan, 'steps': [{**step, 'wait': 0} for step in plan['steps']], 'propagation': plan['propagation'] + 1}
        broken['no wait'] += bool(faults_of(no_wait, named[current], named[after], ttl, dice))
        late = {**plan, 'steps': plan['steps'][1:] if plan['steps'][0]['action'] == 'publish' else plan['steps']}
        broken['nothing beforehand'] += bool(faults_of(late, named[current], named[after], ttl, dice))
    for what, faults in broken.items():
        checks.that(f'the simulation sees a plan with {what}', faults > 50, faults)


def bad_words(tool, w, checks):
    leaf, other = w.leaf.file, w.other_leaf.file
    good = ['--rollover', '--current', leaf, '--next', other]
    rows = [['--rollover'], ['--rollover', '--next', other], ['--rollover', '--current', leaf], [*good, 'x'], [*good, '--format', 'zone'],
            [*good, '--replace'], [*good, '--server', 'a.example'], [*good, '--zone', 'example'], [*good, '--from', '127.0.0.1:1'],
            [*good, '--record', '2', '1', '1'], [*good, '--current-record', '2', '1', '1'], [*good, '--time', 'soon'],
            [*good, '--propagation', '-1'], [*good, '--propagation', '99999999999'], [*good, '--signature-lifetime', 'x'],
            [*good, '--signature-lifetime', '0'], [*good, '--signature-lifetime', '00'], [*good, '--signature-lifetime', '-1'],
            [*good, '--signature-lifetime', '99999999999'],
            [*good, '--lookup'], [*good, '--lookup', '--service', 'a.example', '--current-record', '3', '1', '1'], [*good, '--lookup', '--service', 'a.example', '--service', 'b.example'], [*good, '--check'],
            ['--rollover', '--check', '--next', other], ['--rollover', '--check', '--next', other, '--service', 'a.example/udp'],
            ['--rollover', '--current', '-', '--next', '-'], ['--rollover', '--current', '/nonexistent', '--next', other],
            ['--rollover', '--current', leaf, '--next', '/nonexistent'], [*good, '--ttl', '-1'], [*good, '--service', '192.0.2.1'],
            [leaf, '--current', leaf], [leaf, '--check'], [leaf, '--lookup'], [leaf, '--published', '0'], [leaf, '--next', other],
            [leaf, '--resolver', '127.0.0.1'], [leaf, '--time', '0']]
    for words in rows:
        checks.one_line_and_exit('tlsa ' + ' '.join(words), Run([tool, 'tlsa', *words]), 2)
    unasked = [*good, '--lookup', '--service', 'a.example', '--resolver', '127.0.0.1@1', '--timeout', '300']
    checks.one_line_and_exit('nobody to ask', Run([tool, 'tlsa', *unasked]), 4)


def run_all(tool, w, checks):
    random_plans(tool, w, checks)
    bad_words(tool, w, checks)
