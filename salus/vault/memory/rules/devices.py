"""Devices: one implant or appliance in two records, by its number or by what it is."""

from __future__ import annotations

from dataclasses import dataclass

from salus.records.resource import Resource, first
from salus.records.text import T, Text
from salus.vault.memory import marks as marking
from salus.vault.memory.clashes import disagree
from salus.vault.memory.entry import Kind, Status, Value
from salus.vault.memory.facts import Concept, Context, Fact, concept, identifiers, listed, source_of
from salus.vault.memory.folding import fold, key
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.marks import bare
from salus.vault.memory.rule import CERTAIN, FIRM, MONTH, Rule
from salus.vault.memory.tables import table

KIND: Kind = "devices"
TYPES = ("Device",)
IN_USE = frozenset({"active", ""})

TELLING = 5
"""Characters from which a serial number is hardly another device's by chance."""

SAME_NUMBER = Rule("same_number", "same", T("the same device number (serial number or UDI)"), CERTAIN)
SAME_MODEL = Rule("same_model", "same", T("the same kind of device of the same maker or model"), FIRM)
SAME_KIND = Rule(
    "same_kind_of_device", "same", T("the same kind of device from two sources; nothing tells them apart"), MONTH
)
OTHER = Rule("other_device", "different", T("two different kinds of device"))
OTHER_NUMBER = Rule("other_number", "different", T("two different device numbers"))
OTHER_MODEL = Rule("other_model", "different", T("another maker or model"))
SIDE = Rule("other_side", "different", T("left and right are two different things"))
RULES = (SAME_NUMBER, SAME_MODEL, SAME_KIND, OTHER, OTHER_NUMBER, OTHER_MODEL, SIDE)


@dataclass(slots=True)
class Device(Fact):
    what: Concept
    rows: frozenset[str]
    keys: frozenset[str]
    side: str
    serial: str
    udi: str
    maker: str
    model: str
    status: str
    ids: frozenset[tuple[str, str]]


def read(ctx: Context, resource: Resource) -> Device | None:
    """None for what was entered in error or says nothing of what it is."""
    body = resource.body
    if body.get("status") == "entered-in-error":
        return None
    what = concept(body.get("type"))
    names = [str(n.get("name")) for n in listed(body.get("deviceName")) if isinstance(n, dict) and n.get("name")]
    if not what.names and names:
        what = Concept(what.codes, tuple(names))
    if not what.names and not what.codes:
        return None
    marks = marking.read((*what.names, *names))
    plain = tuple(bare(name, "side") for name in what.names)
    rows = table("devices").of(what, plain)
    keys = frozenset(key(n) for n in plain)
    udi = fold(str(first(body, "udiCarrier.deviceIdentifier") or first(body, "udiCarrier.carrierHRF") or ""))
    serial = fold(str(body.get("serialNumber") or ""))
    maker, model = key(str(body.get("manufacturer") or "")), key(str(body.get("modelNumber") or ""))
    source, ids, status = source_of(resource), identifiers(body), str(body.get("status") or "")
    blocks = (
        *(f"r:{r}" for r in rows),
        *(f"c:{s}:{c}" for s, c in what.codes),
        *(f"n:{k}" for k in keys),
        *((f"s:{serial}",) if serial else ()),
        *(f"i:{s}:{v}" for s, v in ids),
    )
    sign = (source, rows, keys, what.codes, marks.side, serial, udi, maker, model, status, ids)
    return Device(
        resource,
        resource.ref,
        source,
        blocks,
        sign,
        what,
        rows,
        keys,
        marks.side,
        serial,
        udi,
        maker,
        model,
        status,
        ids,
    )


def compare(ctx: Context, a: Device, b: Device) -> Rule | None:
    """What the rules say of two devices."""
    if a.side and b.side and a.side != b.side:
        return SIDE
    if a.serial and b.serial and a.serial != b.serial:
        return OTHER_NUMBER
    if a.rows and b.rows and a.rows != b.rows:
        return OTHER
    numbered = bool((a.serial and a.serial == b.serial) or a.ids & b.ids)
    alike = bool((a.rows and a.rows == b.rows) or a.what.codes & b.what.codes or a.keys & b.keys)
    if numbered and a.serial == b.serial and len(a.serial) >= TELLING and not (a.rows and b.rows):
        return SAME_NUMBER  # one of them calls it by a name of its own
    if numbered and (alike or (a.udi and a.udi == b.udi) or a.ids & b.ids or (a.maker and a.maker == b.maker)):
        return SAME_NUMBER
    if not alike:
        return None
    if (
        (a.maker and b.maker and a.maker != b.maker)
        or (a.model and b.model and a.model != b.model)
        or (a.udi and b.udi and a.udi != b.udi)
    ):
        return OTHER_MODEL
    if a.source == b.source or a.side != b.side:
        return None
    return (
        SAME_MODEL
        if (a.model and a.model == b.model) or (a.udi and a.udi == b.udi) or (a.maker and a.maker == b.maker)
        else SAME_KIND
    )


def say(ctx: Context, group: Group[Device]) -> Said:
    """The record that numbers the device speaks."""
    facts = group.facts
    main = max(facts, key=lambda f: (f.status in IN_USE, bool(f.serial), bool(f.model), bool(f.maker), f.ref))
    conflicts = disagree(
        "status",
        T("whether it is in use"),
        facts,
        lambda f: f.status in IN_USE if f.status else None,
        lambda f: IN if f.status in IN_USE else OUT,
    )
    status: Status = "current" if any(f.status in IN_USE for f in facts) else "past"
    detail: list[tuple[Text, Value]] = [
        (label, str(main.body[name]))
        for label, name in (
            (T("Maker"), "manufacturer"),
            (T("Model"), "modelNumber"),
            (T("Serial number"), "serialNumber"),
        )
        if main.body.get(name)
    ]
    when = newest(facts, lambda f: f.resource.time).resource.time
    return Said(main, main.what.title, first_code(main.body.get("type")), status, when, None, detail, list(conflicts))


IN, OUT = T("in use"), T("no longer in use")
