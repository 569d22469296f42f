"""Is a record this person's? Birth date and sex against the vault's. What is unknown on either side does not differ."""

from __future__ import annotations

from salus.records.text import T, Text
from salus.records.times import When
from salus.vault.person import Person


def mismatch(person: Person, born: str | None, sex: str | None) -> Text | None:
    """Why a record with this birth date (as precise as it is) and sex is someone else's; None when it may be theirs."""
    when = When.parse(born) if born else None
    if when is not None and person.born is not None and not when.first <= person.born <= when.last:
        return T(
            "It is the record of a person born {theirs}; this vault's person was born {ours}. "
            "If it is the same person, import again with --same-person.",
            theirs=when, ours=When.of_day(person.born),
        )  # fmt: skip
    if sex in ("female", "male") and person.sex in ("female", "male") and sex != person.sex:
        return T(
            "It is the record of a person whose sex differs from this vault's person. "
            "If it is the same person, import again with --same-person."
        )
    return None
