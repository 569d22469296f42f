"""The whole export: export.xml and the files beside it, to frames. Runs in the worker.

Frames are those of `parse.Parser` plus ("item", count as, type, id, raw, codes, stamp, origin), ("skip", item,
template, arguments), ("me", attributes) and ("zones", how often each). Files beside the XML: workout routes (GPX),
electrocardiograms (CSV), clinical records (FHIR JSON); export_cda.xml repeats the records and is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from salus.errors import Unreadable
from salus.records.text import T, Text
from salus.sources.apple_health import ecg, elements, route
from salus.sources.apple_health.halves import LARGE, FirstHalf, indented, second_half
from salus.sources.apple_health.parse import CHUNK, ROOT, Frame, NotAnExport, Parser
from salus.sources.containers import Container, Member
from salus.sources.fhir.receive import NotAResource, receive
from salus.sources.given import Given
from salus.sources.second_core import plain_args
from salus.vault.interning import Interning

Emit = Callable[[Frame], None]


def find_exports(container: Container) -> list[Member]:
    """The members that hold <HealthData>, whatever their name in the phone's language, export.xml first.

    They lie at the top or in one folder (apple_health_export/): deeper ones belong to other exports.
    """
    xml = [m for m in container.members() if m.suffix == ".xml" and m.base != "export_cda.xml" and not m.why_not]
    near = [m for m in xml if m.name.count("/") == 0 or m.name.startswith("apple_health_export/")]
    if container.is_zip:
        near = near or [m for m in xml if m.name.count("/") == 1]
    return [m for m in sorted(near, key=lambda m: (m.base != "export.xml", m.name)) if _holds_export(container, m)]


def _holds_export(container: Container, member: Member) -> bool:
    try:
        with container.open(member) as stream:
            return ROOT.search(_head(stream)) is not None
    except Unreadable:
        return False


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(CHUNK)
    return head if head.lstrip()[:1] == b"<" or head[:3] == b"\xef\xbb\xbf" else b""


def is_large(given: Given) -> bool:
    """True when an export.xml in it is worth two processes."""
    with Container(given) as container:
        return any(member.size >= LARGE for member in find_exports(container))


def read(given: Given, interning: Interning, emit: Emit, part: int | None = None) -> None:
    """All of it; or, of an export that is large, only its first half and the rest (`part` 0), or its second (1).

    Raises Unreadable when there is no export in it.
    """
    with Container(given) as container:
        exports = find_exports(container)
        if not exports:
            raise Unreadable(
                T(
                    "{name} holds no Apple Health export.xml that can be read. Export again from the Health app.",
                    name=given.name,
                )
            )
        zones: dict[str, int] = {}
        for member in exports:
            parser = Parser(interning, lambda frame: _forward(frame, emit))
            with container.open(member) as stream:
                try:
                    _parse(parser, stream, member.size, part)
                except NotAnExport:
                    why = T("It cannot be read as an Apple Health export. Export again from the Health app.")
                    _reject(emit, member.name, why)
            for zone, count in parser.rows.zones.items():
                zones[zone] = zones.get(zone, 0) + count
        emit(("zones", zones))
        if part != 1 and (container.is_zip or given.is_folder()):
            for member in container.members():
                if member not in exports:
                    _beside(container, member, emit)


def _parse(parser: Parser, stream: BinaryIO, size: int, part: int | None) -> None:
    """The whole, or the half that is this process's; a file that cannot be cut is the first process's."""
    if part is None or size < LARGE:
        if part != 1:
            parser.read(stream, size)
        return
    head = stream.read(CHUNK)
    if not indented(head):
        if part == 0:
            parser.read(FirstHalf(stream, head, size * 2), size)  # type: ignore[arg-type]
        return
    middle = size // 2
    if part == 0:
        first = FirstHalf(stream, head, middle)
        parser.read(first, middle, goes_on=lambda: first.cut)  # type: ignore[arg-type]
        return
    rest = second_half(stream, middle - len(head))
    if rest is not None:
        held, line = rest
        parser.read_rest(stream, size - middle, held, line + head.count(b"\n"))


def _forward(frame: Frame, emit: Emit) -> None:
    if frame[0] != "element":
        emit(frame)
        return
    element = frame[1]
    if element["name"] == "ExportDate":
        return
    if element["name"] == "Me":
        emit(("me", element["attributes"]))
    made = elements.item(element)
    if isinstance(made, Text):
        _reject(emit, f"{element['name']} {element['attributes'].get('startDate', '')}".strip(), made)
    else:
        emit(("item", element["name"], *made))


def _beside(container: Container, member: Member, emit: Emit) -> None:
    if member.why_not is not None:
        _reject(emit, member.name, member.why_not)
        return
    folder = member.name.rsplit("/", 2)[-2] if "/" in member.name else ""
    try:
        if member.suffix == ".gpx":
            with container.open(member) as stream:
                emit(("item", "WorkoutRoute", *route.item(member.base, stream)))
        elif member.suffix == ".csv" and (folder == "electrocardiograms" or member.base.startswith("ecg_")):
            with container.open(member) as stream:
                emit(("item", "Electrocardiogram", *ecg.item(member.base, stream.read(ecg.MOST + 1))))
        elif member.suffix == ".json" and folder == "clinical-records":
            with container.open(member) as stream:
                got = receive(stream.read(elements.MOST_JSON + 1))
            emit(("item", got.type, got.type, got.id, got.raw, [tuple(c) for c in got.codes], got.stamp, got.origin))
        else:
            why = (
                T("It repeats the export in another form.")
                if member.base == "export_cda.xml"
                else T("It is not part of an Apple Health export that Salus reads.")
            )
            emit(("skip", member.name, why.template, why.args))
    except (route.NotARoute, ecg.NotAnEcg, NotAResource, Unreadable) as error:
        _reject(emit, member.name, error.text)


def _reject(emit: Emit, item: str, why: Text) -> None:
    emit(("reject", item, why.template, plain_args(why)))
