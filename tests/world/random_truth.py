# SPDX-License-Identifier: Apache-2.0
"""What a validator has to make of a question about the zones of random_zones.py. It follows from how the zones were made, and never
from what any validator says. Where validators may differ (docs/DIFFERENCES.md) a policy says which way. None stands for what
depends on the questions that came before."""

import dataclasses

_ITERATIONS = {"nsec3-many": 150}  # more than ten
_MOST_ALIASES = 10  # none of these trees has a chain as long without an end


@dataclasses.dataclass(frozen=True)
class Policy:
    most_iterations: int = 100  # of NSEC3; above, a denial proves nothing (RFC 9276 section 3.2)
    takes_weaker_digest: bool = False  # a SHA-1 DS beside a SHA-256 one (RFC 4509 section 3)
    follows_unsigned_aliases: bool = False  # what they lead to counts
    says_anything_below_dname: bool = False  # where CNAME or DNAME is asked for
    says_anything_of_kept_aliases: bool = False  # see Truth.depends_on_kept_alias()
    fails_at_ends_of_aliases: bool = False  # see Truth.excuse()


STUB = Policy()
RECURSING = Policy(150, True, True, True, True, True)  # libunbound's
"""Names of the differences, as docs/DIFFERENCES.md has them, and the field of each."""
DIFFERENCES = {"iterations": "most_iterations", "weaker-digest": "takes_weaker_digest",
               "behind-unsigned-alias": "follows_unsigned_aliases", "below-dname": "says_anything_below_dname",
               "kept-alias": "says_anything_of_kept_aliases"}


@dataclasses.dataclass(frozen=True)
class _Step:
    """What a zone says of a name."""

    found: bool
    alias: str | None = None
    takes_denial: bool = False  # it takes NSEC or NSEC3 records to prove it
    takes_cover: bool = False  # one of them covers the next closer name


class Truth:
    def __init__(self, made):
        self._zones = {one.apex: one for one in made}

    def outcome(self, name, kind, policy):
        """The word of `danelaw lookup`; None where there is nothing to hold it against."""
        if policy.says_anything_below_dname and kind in ("CNAME", "DNAME") and self._moved(name, kind):
            return None
        if policy.says_anything_of_kept_aliases and self.depends_on_kept_alias(name, kind):
            return None
        hops = self._hops(name, kind)
        if hops[-1][2].alias is not None:
            return "error"  # no end
        is_secure = True
        for _name, zone, step in hops:
            state = self._state(zone, policy)
            if state == "bogus":
                return "error"
            is_secure = is_secure and state == "secure" and not _proves_nothing(zone, step, policy)
            if not is_secure and not policy.follows_unsigned_aliases:
                return "insecure"
        return "insecure" if not is_secure else "secure" if hops[-1][2].found else "secure-absent"

    def allows(self, name, kind, policy, word):
        wanted = self.outcome(name, kind, policy)
        return wanted in (None, word) or (word == "error" and self.excuse(name, kind, policy) != "")

    def depends_on_kept_alias(self, name, kind):
        """A resolver that has followed an alias keeps its end, and may answer by that what is asked of a name below the alias, or
        of the wildcard that it came from."""
        for hop, zone, step in self._hops(name, kind):
            if kind == "CNAME" and step.found and step.takes_cover:
                return True
            above = hop.partition(".")[2]
            while zone is not None and _is_within(above, zone.apex):
                if self._step(zone, above, "A").alias is not None:
                    return True
                above = above.partition(".")[2]
        return False

    def excuse(self, name, kind, policy):
        """The name of the difference for which a lookup may fail, and nothing worse, where there is an answer; "" for none."""
        if self.depends_on_kept_alias(name, kind):
            return "kept-alias"  # for both: the resolver is unbound too, and what it hands on then is no proof
        if not policy.fails_at_ends_of_aliases:
            return ""
        if kind == "CNAME" and self._hops(name, kind)[-1][2].found and not self._hops(name, "A")[-1][2].found:
            return "alias-of-nothing"
        hops = self._hops(name, kind)
        ends_unsigned = self._state(hops[-1][1], policy) == "insecure" and not hops[-1][2].found
        if ends_unsigned and any(step.takes_cover and self._state(zone, policy) == "secure" for _name, zone, step in hops):
            return "absent-behind-wildcard"
        return ""

    def _hops(self, name, kind):
        """(name, zone, step) of each; the last one has no alias, if there is an end."""
        hops = []
        while len(hops) < _MOST_ALIASES and name is not None:
            zone = self._zone_of(name, kind)
            hops.append((name, zone, self._step(zone, name, kind)))
            name = hops[-1][2].alias
        return hops

    def difference(self, name, kind):
        """The names of the differences without which both policies would say the same."""
        ours = self.outcome(name, kind, STUB)
        if ours == self.outcome(name, kind, RECURSING):
            return ""
        alone = [what for what, field in DIFFERENCES.items()
                 if self.outcome(name, kind, dataclasses.replace(STUB, **{field: getattr(RECURSING, field)})) != ours]
        return " and ".join(alone) or "several together"

    def _zone_of(self, name, kind):
        """None: the root. DS records are the parent's."""
        labels = name.split(".")
        for at in range(1 if kind == "DS" and name in self._zones else 0, len(labels)):
            if (zone := self._zones.get(".".join(labels[at:]))) is not None:
                return zone
        return None

    def _state(self, zone, policy):
        if zone is None:
            return "secure"
        above = self._state(self._zone_of(zone.apex, "DS"), policy)
        if above != "secure":
            return above
        if zone.has_fraudulent_ds:
            return "bogus"
        if zone.zone.algorithm is None or zone.zone.delegation in ("insecure", "unknown"):
            return "insecure"
        is_named = zone.zone.delegation != "wrong" and (zone.zone.delegation != "weak" or policy.takes_weaker_digest)
        return "secure" if is_named and zone.zone.fault != "expired" else "bogus"

    def _types(self, zone, name):
        """Of what stands at the name, the apex and the cuts included; None where there is no such name."""
        types = set(zone.records.get(name, ())) if zone else set()
        if zone is not None and name == zone.apex:
            types |= {"SOA", "NS"}
        child = self._zones.get(name)
        if child is not None and child is not zone:
            has_ds = child.has_fraudulent_ds or (child.zone.algorithm is not None and child.zone.delegation != "insecure")
            return {"NS", "DS"} if has_ds else {"NS"}
        return types if types or self._exists(zone, name) else None

    def _exists(self, zone, name):
        owners = {*zone.records, zone.apex, f"ns.{zone.apex}", *(other for other in self._zones if other.endswith(f".{zone.apex}"))}
        return any(owner == name or owner.endswith(f".{name}") for owner in owners)

    def _moved(self, name, kind):
        """The DNAME above the name, in its zone."""
        zone = self._zone_of(name, kind)
        above = name
        while zone is not None and above != zone.apex:
            above = above.partition(".")[2]
            target = zone.records.get(above, {}).get("DNAME")
            if target:
                return above, target[0].rstrip(".")
        return None

    def _step(self, zone, name, kind):
        moved = self._moved(name, kind)
        if moved is not None:
            return _Step(True, name[: -len(moved[0])] + moved[1])
        types, takes_cover = self._types(zone, name), False
        if types is None:
            takes_cover, encloser = True, name
            while self._types(zone, encloser) is None:
                encloser = encloser.partition(".")[2]
            name = f"*.{encloser}"
            types = self._types(zone, name) or set()
        if kind in types:
            return _Step(True, takes_denial=takes_cover, takes_cover=takes_cover)
        if "CNAME" in types:
            target = zone.records[name]["CNAME"][0].rstrip(".")
            return _Step(True, target, takes_cover, takes_cover)
        is_skipped = kind == "DS" and types == {"NS"}  # opt-out has no record for an unsigned cut
        return _Step(False, takes_denial=True, takes_cover=takes_cover or is_skipped)


def _is_within(name, apex):
    return f".{name}".endswith(f".{apex}")


def _proves_nothing(zone, step, policy):
    """Denials that do not make their zone's word secure."""
    if zone is None or not step.takes_denial:
        return False
    denial = zone.zone.denial
    return _ITERATIONS.get(denial, 0) > policy.most_iterations or (denial == "opt-out" and step.takes_cover)
