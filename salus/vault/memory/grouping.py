"""From pairs that are the same to groups, whatever the order: surest rules first, never across what is different.

Records share a block key (cheap), then a rule compares each pair of a block. Groups are merged level by level; a
group that would hold two different records is not made. Where a vague date fits several, it stays alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from salus.records.text import T
from salus.vault.memory.facts import Fact
from salus.vault.memory.rule import CERTAIN, FIRM, Rule

F = TypeVar("F", bound=Fact)
Compare = Callable[[F, F], Rule | None]
Apart = frozenset[frozenset[str]]
KEPT_APART = Rule("kept_apart", "different", T("you said that these are different things"), CERTAIN)


@dataclass
class Group(Generic[F]):
    """Records of one thing, by ref, and the pairs by which they were joined."""

    facts: list[F]
    joins: list[tuple[F, F, Rule]] = field(default_factory=list)


def group(facts: Iterable[F], compare: Compare[F], apart: Apart) -> list[Group[F]]:
    """Every fact is in exactly one group. `compare` is symmetric."""
    ordered = sorted(facts, key=lambda f: f.ref)
    kept_apart = {ref for pair in apart for ref in pair}
    starts = [Group([f]) for f in ordered]
    starts = _alike(starts, compare, kept_apart)
    return _Grouping(starts, compare, apart).run()


def _alike(groups: list[Group[F]], compare: Compare[F], kept_apart: set[str]) -> list[Group[F]]:
    """Records that say the very same are one before anything else is compared."""
    by_sign: dict[object, list[Group[F]]] = defaultdict(list)
    done: list[Group[F]] = []
    for one in groups:
        fact = one.facts[0]
        if fact.ref in kept_apart:
            done.append(one)
        else:
            by_sign[fact.sign].append(one)
    for same in by_sign.values():
        rule = compare(same[0].facts[0], same[1].facts[0]) if len(same) > 1 else None
        if rule is None or rule.says != "same" or rule.level < FIRM:
            done += same
            continue
        head = same[0].facts[0]
        more = [g.facts[0] for g in same[1:]]
        done.append(Group([head, *more], [(head, other, rule) for other in more]))
    return sorted(done, key=lambda g: g.facts[0].ref)


class _Grouping(Generic[F]):
    def __init__(self, groups: list[Group[F]], compare: Compare[F], apart: Apart) -> None:
        self.groups, self._compare, self._apart = groups, compare, apart
        self._said: dict[tuple[int, int], Rule | None] = {}
        self._in: list[int] = list(range(len(groups)))
        self._members: dict[int, list[int]] = {i: [i] for i in range(len(groups))}
        self._used: dict[int, list[tuple[int, int, Rule]]] = defaultdict(list)

    def run(self) -> list[Group[F]]:
        levels: dict[int, list[tuple[int, int, Rule]]] = defaultdict(list)
        for i, j in self._pairs():
            rule = self._verdict(i, j)
            if rule is not None and rule.says == "same":
                levels[rule.level].append((i, j, rule))
        for level in sorted(levels, reverse=True):
            self._merge(levels[level], greedy=level >= FIRM)
        return [self._whole(members) for members in self._members.values()]

    def _pairs(self) -> list[tuple[int, int]]:
        blocks: dict[str, list[int]] = defaultdict(list)
        for i, one in enumerate(self.groups):
            for block in {block for fact in one.facts[:1] for block in fact.blocks}:
                blocks[block].append(i)
        pairs = {(i, j) for ids in blocks.values() for at, i in enumerate(ids) for j in ids[at + 1 :]}
        return sorted(pairs)

    def _verdict(self, i: int, j: int) -> Rule | None:
        if i > j:
            i, j = j, i
        if (i, j) not in self._said:
            self._said[i, j] = self._ask(i, j)
        return self._said[i, j]

    def _ask(self, i: int, j: int) -> Rule | None:
        a, b = self.groups[i].facts[0], self.groups[j].facts[0]
        if self._apart and frozenset((a.ref, b.ref)) in self._apart:
            return KEPT_APART
        return self._compare(a, b)

    def _merge(self, edges: list[tuple[int, int, Rule]], *, greedy: bool) -> None:
        parts = _components([(self._in[i], self._in[j]) for i, j, _ in edges])
        inside: dict[int, list[tuple[int, int, Rule]]] = defaultdict(list)
        where = {root: n for n, part in enumerate(parts) for root in part}
        for edge in edges:
            if self._in[edge[0]] != self._in[edge[1]]:
                inside[where[self._in[edge[0]]]].append(edge)
        for n, own in inside.items():
            if greedy or self._agree(parts[n]):
                for i, j, rule in sorted(own, key=lambda e: (e[0], e[1])):
                    self._join(i, j, rule)

    def _join(self, i: int, j: int, rule: Rule) -> None:
        left, right = self._in[i], self._in[j]
        if left == right or self._differ(self._members[left], self._members[right]):
            return
        left, right = min(left, right), max(left, right)
        for member in self._members[right]:
            self._in[member] = left
        self._members[left] += self._members.pop(right)
        self._used[left] += self._used.pop(right, [])
        self._used[left].append((i, j, rule))

    def _agree(self, roots: Sequence[int]) -> bool:
        parts = [self._members[root] for root in roots]
        return not any(self._differ(one, other) for n, one in enumerate(parts) for other in parts[n + 1 :])

    def _differ(self, one: list[int], other: list[int]) -> bool:
        return any((r := self._verdict(i, j)) is not None and r.says == "different" for i in one for j in other)

    def _whole(self, members: list[int]) -> Group[F]:
        root = self._in[members[0]]
        facts = sorted((f for m in members for f in self.groups[m].facts), key=lambda f: f.ref)
        joins = [join for m in members for join in self.groups[m].joins]
        joins += [(self.groups[i].facts[0], self.groups[j].facts[0], rule) for i, j, rule in self._used[root]]
        joins.sort(key=lambda join: (join[0].ref, join[1].ref))
        return Group(facts, joins)


def _components(edges: list[tuple[int, int]]) -> list[list[int]]:
    parent: dict[int, int] = {}

    def root(x: int) -> int:
        parent.setdefault(x, x)
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a, b in edges:
        one, other = root(a), root(b)
        parent[max(one, other)] = min(one, other)
    parts: dict[int, list[int]] = defaultdict(list)
    for x in sorted(parent):
        parts[root(x)].append(x)
    return list(parts.values())
