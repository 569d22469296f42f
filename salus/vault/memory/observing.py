"""An Observation as a test at a moment in a specimen with a value: shared by results and vital signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from salus.records.codes import Code
from salus.records.resource import Resource, codings, quantity
from salus.records.times import When
from salus.records.units import Quantity
from salus.vault.memory import values
from salus.vault.memory.dates import days
from salus.vault.memory.facts import Concept, Context, Fact, codings_of, concept, listed, source_of
from salus.vault.memory.folding import fold, key, words
from salus.vault.memory.tables import table

SameTest = Callable[[Code], "str | None"]
_NONE = Quantity(Decimal(0), "")
PRESSURE, SYSTOLIC, DIASTOLIC = "blood pressure", "systolic blood pressure", "diastolic blood pressure"
_SPECIMENS = {
    "urine": ("urine", "urinary", "urinaire", "urines"),
    "csf": ("csf", "cerebrospinal", "lcr", "cephalorachidien"),
    "stool": ("stool", "feces", "faeces", "fecal", "faecal", "selle", "fecale"),
    "saliva": ("saliva", "salive"),
    "capillary": ("capillary", "capillaire", "glucometer", "fingerstick"),
    "semen": ("semen", "sperme"),
    "blood": ("blood", "serum", "plasma", "sang", "sanguin", "sanguine", "serique", "venous", "veineux"),
    "pleural": ("pleural",),
    "synovial": ("synovial",),
    "throat": ("throat", "gorge"),
    "sweat": ("sweat", "sueur"),
}


@dataclass(slots=True)
class Observed(Fact):
    """`test` is a row of the table, what `same_test` says, or ""; `parts` are the values of a panel by test."""

    what: Concept
    test: str
    keys: frozenset[str]
    specimen: str
    fasting: bool | None
    time: When | None
    value: values.Value | None
    parts: Mapping[str, values.Value]
    molar: Decimal | None
    valence: int
    day: tuple[str, ...]
    status: str
    site: str
    ids: frozenset[tuple[str, str]]


@lru_cache(maxsize=4096)
def specimen_in(text: str) -> str:
    """The specimen a text names, "" when none."""
    found = set(words(text))
    return next((name for name, listed in _SPECIMENS.items() if found & set(listed)), "")


def categories(body: Mapping[str, object]) -> frozenset[str]:
    """The codes of its categories."""
    rows = body.get("category")
    found: list[str] = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            found += codings_of(row)
    return frozenset(found)


def is_vital(body: Mapping[str, object]) -> bool:
    """True by its category, else by its test."""
    said = categories(body)
    if said:
        return "vital-signs" in said
    rows = table("results").of(concept(body.get("code")))
    return any(table("results").rows[row].get("vital") for row in rows)


def is_social(body: Mapping[str, object]) -> bool:
    """A fact about how someone lives, not a result."""
    return not {"social-history", "sdoh"}.isdisjoint(categories(body))


def observe(ctx: Context, resource: Resource, same_test: SameTest | None) -> Observed | None:
    """None for what was entered in error or does not say what was observed."""
    body = resource.body
    what = concept(body.get("code"))
    if body.get("status") == "entered-in-error" or not (what.names or what.codes):
        return None
    rows = table("results").of(what)
    if len(rows) > 1:  # "neutrophils" may be a share or a count: the unit says which
        share = str((quantity(body.get("valueQuantity")) or _NONE).unit) == "%"
        rows = frozenset(row for row in rows if row.endswith("(%)") == share)
    row = next(iter(rows)) if len(rows) == 1 else ""
    test, molar, valence, specimen = row, None, 0, ""
    if row:
        found = table("results").rows[row]
        molar = Decimal(str(found["molar"])) if found.get("molar") else None
        valence = int(found.get("valence") or 0)
        specimen = str(found.get("specimen") or "")
    elif same_test is not None:
        test = next((f"test:{name}" for code in codings(body.get("code")) if (name := same_test(code))), "")
    said = specimen_of(ctx, body, what)
    specimen = said or specimen
    known = row and said and str(table("results").rows[row].get("specimen") or "") not in ("", said)
    time, source = resource.time, source_of(resource)
    parts = _parts(body, test)
    value = values.read(body)
    keys = frozenset(f"{key(name)}" for name in what.names)
    day = _days(ctx, time)
    names = [f"t:{test}"] if test else [*(f"c:{s}:{c}" for s, c in what.codes), *(f"n:{k}" for k in keys)]
    if test in (SYSTOLIC, DIASTOLIC):
        names = [f"t:{PRESSURE}"]
    blocks = tuple(f"{name}:{d}" for name in names for d in day)
    texts = " ".join(what.names)
    fasting = True if "fasting" in fold(texts) or "jeun" in fold(texts) else None
    site = " ".join(sorted(key(n) for n in concept(body.get("bodySite")).names[:1]))
    status = str(body.get("status") or "")
    ids = frozenset(
        (str(i["system"]), str(i["value"]))
        for i in listed(body.get("identifier"))
        if isinstance(i, Mapping) and i.get("system") and i.get("value")
    )
    seen = f"{source}|{resource.origin}"
    sign = (
        seen,
        test,
        keys if not test else None,
        what.codes if not test else None,
        specimen,
        fasting,
        time and time.text,
        value,
        tuple(sorted(parts.items(), key=lambda p: p[0])),
        site,
        status == "cancelled",
    )
    return Observed(
        resource,
        resource.ref,
        seen,
        blocks,
        sign,
        what,
        "" if known else test,
        keys,
        specimen,
        fasting,
        time,
        value,
        parts,
        molar,
        valence,
        day,
        status,
        site,
        ids,
    )


def specimen_of(ctx: Context, body: Mapping[str, object], what: Concept) -> str:
    """By the specimen it names, else by its own name."""
    found = body.get("specimen")
    if isinstance(found, Mapping):
        name = str(found.get("display") or "")
        held = ctx.target(dict(body), found, ("Specimen",)) if not name else None
        name = name or " ".join(concept((held or {}).get("type")).names)
        if name and (known := specimen_in(name)):
            return known
    return next((s for name in what.names if (s := specimen_in(name))), "")


def _parts(body: Mapping[str, object], test: str) -> dict[str, values.Value]:
    found: dict[str, values.Value] = {}
    components = body.get("component")
    for part in components if isinstance(components, list) else ():
        if isinstance(part, Mapping) and (value := values.read(part)) is not None:
            called = concept(part.get("code"))
            rows = table("results").of(called)
            found[next(iter(rows)) if len(rows) == 1 else key(called.title)] = value
    if not found and test in (SYSTOLIC, DIASTOLIC) and (value := values.read(body)) is not None:
        found[test] = value
    return found


def _days(ctx: Context, time: When | None) -> tuple[str, ...]:
    """The days it may be met on; a partial date is met in its month or year (each day also stands for those)."""
    if time is None:
        return ("?",)
    first, last = days(time, ctx.zone)
    if time.precision == "year":
        return (first.isoformat()[:4],)
    if time.precision == "month":
        return (first.isoformat()[:7], first.isoformat()[:4])
    return tuple(dict.fromkeys((first.isoformat(), last.isoformat())))


def meet_partial(facts: list[Observed]) -> None:
    """Lets days meet the months and years that some record is dated by; where none is, nothing is compared more."""
    vague = {block for f in facts if f.time is not None and f.time.precision in ("month", "year") for block in f.blocks}
    if not vague:
        return
    for fact in facts:
        more: list[str] = []
        for block in fact.blocks:
            name, _, day = block.rpartition(":")
            more += [wider for size in (7, 4) if len(day) > size and (wider := f"{name}:{day[:size]}") in vague]
        fact.blocks = (*fact.blocks, *dict.fromkeys(more))
