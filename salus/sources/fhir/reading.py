"""From files to received resources: whose is each is settled over all files first, then everything is handed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from salus.errors import Unreadable
from salus.records.text import T
from salus.sources.containers import Container, Member
from salus.sources.contract import Context, Item, Rejected, Skipped
from salus.sources.fhir import worker
from salus.sources.fhir.files import LINES, SUFFIXES, are_lines, looks_like, pieces
from salus.sources.fhir.receive import NotAResource, body_of, indexed
from salus.sources.fhir.subjects import Subjects, Whose, pointed_at, whose
from salus.sources.given import Given
from salus.vault import servers
from salus.vault.resources import Received

FAR, PACKED = 3 << 20, 10
"""From this many bytes on a second process pays; a gzip is taken to hold ten times its size."""

KEPT = 48 << 20
"""Bytes of resources that are held decoded between the look at whose they are and their turn."""


class Prepared(NamedTuple):
    """One resource ready for the vault, or why it is none; and whose it says it is."""

    where: str
    item: Received | Rejected
    whose: Whose | None = None


def fhir_members(container: Container, members: list[Member]) -> list[Member]:
    """The files that may hold FHIR JSON: by name and first bytes; a bulk export's manifest among them."""
    found = []
    for member in members:
        name = member.base.lower().removesuffix(".gz")
        if not name.endswith(SUFFIXES):
            continue
        if member.why_not is not None:
            found.append(member)
            continue
        try:
            with container.open(member) as stream:
                head = stream.read(65536)
        except Unreadable:
            found.append(member)
            continue
        if looks_like(head) or (_is_manifest(head) and _is_bulk(members)) or name.endswith(LINES):
            found.append(member)
    return found if any(m.why_not is None for m in found) else []


def _is_manifest(head: bytes) -> bool:
    return b'"transactionTime"' in head and b'"output"' in head


def _is_bulk(members: list[Member]) -> bool:
    return any(are_lines(m.base) for m in members)


def read(given: Given, context: Context) -> Iterator[Item]:
    """Items of every file, in the order of their names; much of it is read on the other core."""
    with Container(given) as container:
        size = sum(m.size * (PACKED if m.suffix == ".gz" else 1) for m in container.members())
    return worker.items(given, context) if size >= FAR else near(given, context)


def near(given: Given, context: Context) -> Iterator[Item]:
    """The same, in this process."""
    with Container(given) as container:
        everything = container.members()
        many = container.is_zip or given.is_folder()
        members = fhir_members(container, everything) if many else everything
        manifest = {m for m in members if many and _manifest(container, m)}
        taken = [m for m in members if m.why_not is None and m not in manifest]
        subjects = Subjects(context.person, context.same_person)
        whole = sum(m.size for m in taken) or 1
        numbers = Numbers()
        kept = _survey(container, taken, many, subjects, numbers)
        listed, done = set(members), 0
        for member in everything:
            if member not in listed:
                yield Skipped(member.name, T("It is not a FHIR file."))
            elif member in manifest:
                yield Skipped(member.name, T("It is the list of files of a bulk export."))
            elif member.why_not is not None:
                yield Rejected(member.name, member.why_not)
            else:
                held = kept.pop(member, None)
                items = held if held is not None else _prepared(container, member, many)
                yield from _judged(items, subjects, numbers.of(member), _telling(context, done, whole))
                done += member.size


def _telling(context: Context, before: int, whole: int) -> Callable[[int], None]:
    return lambda done: context.progress(min(1.0, (before + done) / whole), "FHIR")


class Numbers:
    """By which numbers each file's server knows the patient; a file without a Patient has those of all (a bulk export
    is one server's).
    """

    def __init__(self) -> None:
        self._of: dict[Member, set[str]] = {}

    def see(self, member: Member, owner: Whose) -> None:
        self._of.setdefault(member, set()).update(owner.numbers)

    def of(self, member: Member) -> frozenset[str]:
        return frozenset(self._of.get(member) or set[str]().union(*self._of.values()))


def _judged(
    items: Iterable[Prepared], subjects: Subjects, numbers: frozenset[str], tell: Callable[[int], None]
) -> Iterator[Item]:
    size = 0
    for number, (where, item, owner) in enumerate(items):
        if isinstance(item, Received):
            verdict = subjects.verdict(owner) if owner is not None else None
            if verdict is not None:
                item = Rejected(f"{where} ({item.type}/{item.id[:60]})", verdict)
            else:
                size += len(item.raw)
                item = item._replace(server=servers.joined([item.server, *numbers]))
        yield item
        if number % 200 == 0:
            tell(size)


def _manifest(container: Container, member: Member) -> bool:
    if member.why_not is not None or not member.base.lower().endswith(".json"):
        return False
    try:
        with container.open(member) as stream:
            return _is_manifest(stream.read(65536))
    except Unreadable:
        return False


def _survey(
    container: Container, members: list[Member], many: bool, subjects: Subjects, numbers: Numbers
) -> dict[Member, list[Prepared]]:
    """Tells `subjects` of every patient and of whom everything points to; what is small is kept for its turn."""
    kept: dict[Member, list[Prepared]] = {}
    left = KEPT
    for member in members:
        if member.size > left or member.suffix == ".gz":
            _look(container, member, subjects, numbers)
            continue
        held = kept[member] = list(_prepared(container, member, many))
        left -= member.size
        for prepared in held:
            if prepared.whose is not None:
                subjects.see(prepared.whose)
                numbers.see(member, prepared.whose)
    subjects.settle()
    return kept


def _look(container: Container, member: Member, subjects: Subjects, numbers: Numbers) -> None:
    """The same for a large file: only its patients are decoded, the rest is searched for whom it points to."""
    try:
        with container.open(member) as stream:
            for piece in pieces(member.base, stream, lines=are_lines(member.base)):
                if b'"Patient"' in piece.raw:
                    try:
                        subjects.see(owner := whose(body_of(piece.raw), piece.full_url))
                        numbers.see(member, owner)
                    except NotAResource:
                        continue
                elif (reference := pointed_at(piece.raw)) is not None:
                    subjects.see(Whose(reference=reference))
    except Unreadable:
        return  # said once, when the file itself is read


def _prepared(container: Container, member: Member, many: bool) -> Iterator[Prepared]:
    try:
        with container.open(member) as stream:
            for piece in pieces(member.name if many else "", stream, lines=are_lines(member.base)):
                where = piece.where or "the file"
                if piece.why_not is not None:
                    yield Prepared(where, Rejected(where, piece.why_not))
                    continue
                try:
                    body = body_of(piece.raw)
                    item = indexed(piece.raw, body, piece.full_url)
                    yield Prepared(where, item, whose(body, piece.full_url))
                except NotAResource as error:
                    yield Prepared(where, Rejected(where, error.text))
    except Unreadable as error:
        yield Prepared(member.name, Rejected(member.name, error.text))
