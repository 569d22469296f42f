"""An electrocardiogram CSV of the watch: a header in the phone's language, then one voltage a line."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from typing import Any

from salus.records.text import T, Text
from salus.sources.apple_health.dates import BadValue, Dates

MOST = 8 << 20
_VOLTAGE = re.compile(r"^-?(?:0|[1-9]\d{0,17})(?:[.,]\d{1,18})?(?:[eE][+-]?\d{1,3})?$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$")


class NotAnEcg(ValueError):
    """The file is not an ECG export; `text` says why."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.plain())


def item(name: str, raw: bytes) -> tuple[str, str, bytes, list[Any], None, str]:
    """(type, id, raw, codes, stamp, origin). Raises NotAnEcg."""
    if len(raw) > MOST:
        raise NotAnEcg(T("It is larger than {n} MB.", n=MOST >> 20))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAnEcg(T("Its text is not UTF-8.")) from None
    header: list[list[str]] = []
    voltages: list[str] = []
    recorded: str | None = None
    for line in text.splitlines():
        line = line.strip()
        if _VOLTAGE.match(line) and len(header) >= 3:
            voltages.append(line.replace(",", "."))  # a comma is some locales' decimal mark, never a second column
        elif line:
            try:
                row = next(csv.reader([line]), [])
            except csv.Error:
                raise NotAnEcg(T("It is not an electrocardiogram as the watch exports it.")) from None
            header.append(row)
            if recorded is None and len(row) > 1 and _DATE.match(row[1]):
                try:
                    recorded = Dates().iso(row[1])
                except BadValue as error:
                    raise NotAnEcg(error.text) from None
    if not voltages or recorded is None:
        raise NotAnEcg(T("It is not an electrocardiogram as the watch exports it."))
    named = {row[0].strip().casefold(): ",".join(row[1:]).strip() for row in header if len(row) > 1}
    body = {
        "resourceType": "Electrocardiogram",
        "recorded": recorded,
        "classification": named.get("classification"),
        "header": header,
    }
    text_raw = json.dumps(body, ensure_ascii=False, separators=(",", ":"))[:-1]
    whole = f'{text_raw},"voltages":[{",".join(voltages)}]}}'
    identity = hashlib.sha256(f"{recorded}\n{len(voltages)}\n{voltages[0]}".encode()).hexdigest()[:24]
    return "Electrocardiogram", identity, whole.encode(), [], None, named.get("device", name)
