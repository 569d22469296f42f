"""What Apple's type, category and device strings mean in Salus's words."""

from __future__ import annotations

import json
import re
from functools import cache

from salus.records.metrics import metrics

SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"

CATEGORIES = {
    "HKCategoryValueSleepAnalysisAsleepDeep": "deep",
    "HKCategoryValueSleepAnalysisAsleepREM": "rem",
    "HKCategoryValueSleepAnalysisAsleepCore": "core",
    "HKCategoryValueSleepAnalysisAsleepUnspecified": "asleep",
    "HKCategoryValueSleepAnalysisAsleep": "asleep",
    "HKCategoryValueSleepAnalysisAwake": "awake",
    "HKCategoryValueSleepAnalysisInBed": "in_bed",
    "HKCategoryValueAppleStandHourStood": "stood",
    "HKCategoryValueAppleStandHourIdle": "idle",
}
"""Others keep their own text."""

_ADDRESS = re.compile(r"^<<HKDevice: 0x[0-9a-fA-F]+>(?:, ?)?")
_FIELD = re.compile(
    r"(?:^|, )(name|manufacturer|model|hardware|firmware|software|localIdentifier|UDIDeviceIdentifier|"
    r"creation date):"
)


@cache
def types() -> dict[str, str]:
    """HealthKit type to metric key."""
    return {apple: row.key for row in metrics().values() for apple in row.apple}


def metric_key(apple_type: str) -> str:
    """The metric a type is, or a key of its own ("apple:HK…")."""
    return types().get(apple_type) or f"apple:{apple_type}"


def device(version: str | None, text: str | None) -> str | None:
    """The device and its version as JSON, without the memory address that changes on every export."""
    found: dict[str, str] = {}
    if version:
        found["version"] = version
    if text:
        found.update(device_fields(text))
    return json.dumps(found, ensure_ascii=False) if found else None


def device_fields(text: str) -> dict[str, str]:
    """`<<HKDevice: 0x…>, name:…, hardware:Watch7,11, …>` by field; values may hold commas."""
    body = _ADDRESS.sub("", text).rstrip(">")
    marks = list(_FIELD.finditer(body))
    if not marks:
        return {"name": body.strip()} if body.strip() else {}
    ends = [m.start() for m in marks[1:]] + [len(body)]
    return {mark.group(1): body[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}


def origin_kind(source_name: str, version: str | None, device_text: str | None) -> str:
    """watch, phone or app: by the name Apple gives its own devices, else by the device when it speaks for itself.

    An app that runs on a phone names the phone as its device but carries its own version, not the system's.
    """
    name = source_name.casefold()
    if "watch" in name:
        return "watch"
    if "iphone" in name or "ipad" in name:
        return "phone"
    fields = device_fields(device_text) if device_text else {}
    if fields and version is not None and fields.get("software") == version:
        hardware = fields.get("hardware", "") + fields.get("model", "")
        if "Watch" in hardware:
            return "watch"
        if "iPhone" in hardware:
            return "phone"
    return "app"
