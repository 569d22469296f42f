"""Records to sample rows: every repeated string looked up once, then a number.

Two ways in: `row` from an element's attributes, `fast` from the bytes of a record written as Apple writes it. Both
end in the same row: (start, span, origin, value, unit, created, device, detail, raw), 0 or '' where there is none.
"""

from __future__ import annotations

import json
import math
import re
import sys
from typing import Any
from xml.parsers import expat

from salus.records.metrics import Metric, metric
from salus.records.text import T
from salus.sources.apple_health.dates import CONTROL, BadValue, Dates
from salus.sources.apple_health.values import CATEGORIES, device, metric_key, origin_kind
from salus.vault.interning import Interning
from salus.vault.rollups import affine

MANY = 24_000
REPEATED = 20_000
LONG_DETAIL = 300
_NEVER = 1 << 62
FRACTION = 1.5
"""A percentage up to this is a fraction, as Apple writes them; some apps write 97 for 97 %."""

Meta = dict[str, Any]
Row = tuple[Any, ...]
Pairs = dict[bytes, tuple[Any, str]]
Kind = tuple[int, Pairs, int | None, float, float]
"""(metric, its values seen, unit, lowest and highest value that can be, in that unit)."""
_NO_PAIRS: Pairs = {}
_PLAIN = re.compile(rb"[ -%'-;=-~]*")
"""What an attribute may hold and stand for itself: ASCII without & and <."""
_MEMORY = re.compile(rb"HKDevice: 0x[0-9a-fA-F]+")


class Rows:
    """Rows by metric, with (first start, last end, longest span) of each, until `take`."""

    def __init__(self, interning: Interning) -> None:
        self._interning, self._dates = interning, Dates()
        self.held = 0
        self._rows: dict[int, list[Row]] = {}
        self._spans: dict[int, list[int]] = {}
        self._types: dict[str, tuple[int, bool, Metric]] = {}
        self._typed_units: dict[tuple[str, str], int] = {}
        self._origins: dict[str, int] = {}
        self._devices: dict[tuple[str | None, str | None], int] = {}
        self._details: dict[str, int] = {}
        self.zones: dict[str, int] = {}
        # The fast way's own look-ups, from bytes.
        self._fast_kinds: dict[tuple[bytes, bytes], Kind] = {}
        self._fast_values: dict[int, tuple[bool, Metric, str]] = {}
        self._fast_origins: dict[bytes, tuple[int, int]] = {}
        self._bare_origins: dict[bytes, tuple[int, int]] = {}
        self._fast_details: dict[bytes, Any] = {}

    def take(self) -> list[tuple[int, list[Row], tuple[int, ...]]]:
        """(metric, rows, span) of everything held, and lets go of it."""
        taken = [(key, rows, tuple(self._spans[key])) for key, rows in self._rows.items() if rows]
        self._rows, self._spans, self.held = {}, {}, 0
        return taken

    def row(self, a: dict[str, str], meta: Meta | None) -> None:
        """Adds the record with these attributes. Raises BadValue."""
        try:
            type_ = a["type"]
            number, category, known = self._types.get(type_) or self._new_type(type_)
            start = self._dates.ms(a["startDate"])
            end = self._dates.ms(a["endDate"])
            value, raw = self._value(a.get("value", ""), category)
            unit = self._unit(type_, a.get("unit", ""), value, category, known)
            _possible(value, a.get("unit", ""), known)
            origin = self._origin(a["sourceName"], a.get("sourceVersion"), a.get("device"))
            described = self._device(a.get("sourceVersion"), a.get("device"))
            created = self._dates.ms(a["creationDate"]) if a.get("creationDate") else 0
        except KeyError as error:
            raise BadValue(T("It has no “{attribute}”.", attribute=str(error.args[0]))) from None
        detail = self._detail(meta) if meta else 0
        self._put(number, start, end, origin, value, unit, created, described, detail, raw)

    def fast(self, match: Any, buffer: bytes, at: int, most: int) -> tuple[int, Any]:
        """Takes records matched one after the other from `at`, at most `most` of them.

        Returns where it stopped and, where a record could not be taken, (groups, reason). One long loop on purpose:
        ten million records pass through it, and every look-up is a local.
        """
        hours, minutes, offsets = self._dates.hours_b, self._dates.minutes_b, self._dates.offsets_b
        kinds, origins, details = self._fast_kinds, self._fast_origins, self._fast_details
        put, spans, ms_b = self._rows, self._spans, self._dates.ms_b
        taken = 0
        last_type: bytes | None = None
        last_unit: bytes | None = None
        number, values, known_unit, low, high = 0, _NO_PAIRS, None, -math.inf, math.inf
        rows: list[Row] = []
        first, final, longest = _NEVER, -_NEVER, 0
        groups: Any = None
        try:
            for _ in range(most):
                found = match(buffer, at)
                if found is None:
                    return at, None
                at = found.end()
                groups = found.groups(b"")
                type_, source, unit_text, created_text, start_text, end_text, value_text, children = groups
                try:
                    start = hours[start_text[:14]] + minutes[start_text[14:19]] - offsets[start_text[19:]]
                except KeyError:
                    start = ms_b(start_text)
                if end_text == start_text:
                    end = start
                else:
                    try:
                        end = hours[end_text[:14]] + minutes[end_text[14:19]] - offsets[end_text[19:]]
                    except KeyError:
                        end = ms_b(end_text)
                try:
                    created = hours[created_text[:14]] + minutes[created_text[14:19]] - offsets[created_text[19:]]
                except KeyError:
                    created = ms_b(created_text) if created_text else 0
                if type_ != last_type or unit_text != last_unit:
                    kind = kinds.get((type_, unit_text))
                    if kind is None:
                        kind = self._fast_kind(type_, unit_text)
                    if last_type is not None:
                        spans[number] = [first, final, longest]
                    number, values, known_unit, low, high = kind
                    if number not in put:
                        put[number], spans[number] = [], [_NEVER, -_NEVER, 0]
                    rows, (first, final, longest) = put[number], spans[number]
                    last_type, last_unit = type_, unit_text
                pair = values.get(value_text)
                if pair is None:
                    pair = self._fast_value(value_text, values, low, high)
                value, raw = pair
                unit = known_unit
                if unit is None:
                    unit = self._fast_unit(type_, unit_text, value)
                who = origins.get(source)
                if who is None:
                    who = self._fast_origin(source)
                detail: Any = 0
                if children:
                    detail = details.get(children)
                    if detail is None:
                        detail = self._fast_detail(children)
                span = end - start
                if span < 0:
                    raise BadValue(T("It ends before it starts."))
                if start < first:
                    first = start
                if end > final:
                    final = end
                if span > longest:
                    longest = span
                rows.append((start, span, who[0], value, unit, created, who[1], detail, raw))
                taken += 1
        except BadValue as error:
            return at, (groups, error.text)
        except UnicodeDecodeError:
            return at, (groups, T("Its text is not UTF-8."))
        finally:
            self.held += taken
            if last_type is not None:
                spans[number] = [first, final, longest]
        return at, None

    def _fast_kind(self, type_: bytes, unit_text: bytes) -> Kind:
        """A percentage has no unit and no bounds yet: both depend on the value."""
        name, spelled = _unescaped(type_), _unescaped(unit_text)
        number, category, known = self._types.get(name) or self._new_type(name)
        values: Pairs = {}
        self._fast_values[id(values)] = (category, known, spelled)
        unit, low, high = None, math.nan, math.nan  # NaN: no value lies between, so each is looked at closely
        if unit_text != b"%":
            unit = self._unit(name, spelled, 2, category, known)
            if not category:
                low, high = _bounds(spelled, known)
        found = self._fast_kinds[type_, unit_text] = (number, values, unit, low, high)
        return found

    def _fast_unit(self, type_: bytes, unit_text: bytes, value: Any) -> int:
        name = _unescaped(type_)
        _, category, known = self._types[name]
        return self._unit(name, _unescaped(unit_text), value, category, known)

    def _fast_value(self, text: bytes, values: Pairs, low: float, high: float) -> tuple[Any, str]:
        """(value, the characters received where the value would not print them again), remembered."""
        if len(values) > MANY:
            values.clear()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if low <= number <= high and b"_" not in text:
            whole = int(number)
            value: Any = whole if whole == number and abs(whole) < 2**53 else number
            received = text.decode("ascii", "replace")
            found = (value, "" if repr(value) == received else received)
        else:
            category, known, unit = self._fast_values[id(values)]
            found = self._value(_unescaped(text), category)
            _possible(found[0], unit, known)
        values[text] = found
        return found

    def _fast_origin(self, source: bytes) -> tuple[int, int]:
        """(origin, device). The address in a device text may differ in each record: it is cut out before looking up."""
        bare = _MEMORY.sub(b"", source)
        found = self._bare_origins.get(bare)
        if found is None:
            a = _attributes(source)
            version, text = a.get("sourceVersion"), a.get("device")
            found = (self._origin(a["sourceName"], version, text), self._device(version, text))
            if len(self._bare_origins) > MANY // 4:
                self._bare_origins.clear()
            self._bare_origins[bare] = found
        if len(self._fast_origins) > MANY // 4:
            self._fast_origins.clear()
        self._fast_origins[source] = found
        return found

    def _fast_detail(self, children: bytes) -> Any:
        detail = self._detail(_metadata(children))
        if isinstance(detail, int) and b"HKTimeZone" not in children:
            self._fast_details[children] = detail
        return detail

    def _put(
        self, number: int, start: int, end: int, origin: int, value: Any, unit: int,
        created: int, described: int, detail: Any, raw: str,
    ) -> None:  # fmt: skip
        span = end - start
        if span < 0:
            raise BadValue(T("It ends before it starts."))
        rows = self._rows.get(number)
        if rows is None:
            rows = self._rows[number] = []
            self._spans[number] = [start, end, span]
        else:
            spans = self._spans[number]
            if start < spans[0]:
                spans[0] = start
            if end > spans[1]:
                spans[1] = end
            if span > spans[2]:
                spans[2] = span
        rows.append((start, span, origin, value, unit, created, described, detail, raw))
        self.held += 1

    def _new_type(self, type_: str) -> tuple[int, bool, Metric]:
        row = metric(metric_key(type_))
        found = (self._interning.metrics.id(row.key), "CategoryType" in type_, row)
        self._types[type_] = found
        return found

    def _value(self, text: str, category: bool) -> tuple[Any, str]:
        """(value, the characters received where the value would not print them again)."""
        if category or text.startswith("HK"):
            word = CATEGORIES.get(text, text)
            return word, (text if word != text else "")
        try:
            number = float(text)
        except ValueError:
            raise BadValue(T("Its value “{text}” is not a number.", text=text[:40])) from None
        if not math.isfinite(number) or "_" in text:
            raise BadValue(T("Its value “{text}” is not a number.", text=text[:40]))
        whole = int(number)
        value = whole if whole == number and abs(whole) < 2**53 else number
        return value, ("" if repr(value) == text else text)

    def _unit(self, type_: str, text: str, value: Any, category: bool, known: Metric) -> int:
        if text == "%" and not isinstance(value, str) and value <= FRACTION:
            text = "1"  # Apple's percentages are fractions
        found = self._typed_units.get((type_, text))
        if found is None:
            if not text and known.unit and not category:
                raise BadValue(T("It has no unit."))
            if known.unit and not category and affine(known.ucum(text), known.unit, known.molar_mass) is None:
                raise BadValue(T("Salus does not know the unit “{unit}” for it.", unit=text[:40]))
            found = self._typed_units[type_, text] = self._interning.labels.id(text)
        return found

    def _origin(self, name: str, version: str | None, device_text: str | None) -> int:
        found = self._origins.get(name)
        if found is None:
            found = self._interning.origin(name, origin_kind(name, version, device_text))
            self._origins[name] = found
        return found

    def _device(self, version: str | None, text: str | None) -> int:
        key = (version, text)
        if key not in self._devices:
            if len(self._devices) > MANY // 4:
                self._devices.clear()
            described = device(version, text)
            self._devices[key] = 0 if described is None else self._interning.labels.id(described)
        return self._devices[key]

    def _detail(self, meta: Meta) -> Any:
        """Metadata as JSON: a number for what repeats; the text itself when long or once too many kinds were seen."""
        zone = meta.get("HKTimeZone")
        if isinstance(zone, str):
            self.zones[zone] = self.zones.get(zone, 0) + 1
        text = json.dumps(meta, ensure_ascii=False)
        found = self._details.get(text)
        if found is None:
            if len(text) > LONG_DETAIL or len(self._details) >= REPEATED:
                return text
            found = self._details[text] = self._interning.labels.id(text)
        return found


def _bounds(unit: str, known: Metric) -> tuple[float, float]:
    """The metric's `low` and `high` in another unit; the finite numbers where it has none."""
    scale = affine(known.ucum(unit), known.unit, known.molar_mass)
    if known.low is None or known.high is None or scale is None or scale[0] <= 0:
        return -sys.float_info.max, sys.float_info.max
    return (known.low - scale[1]) / scale[0], (known.high - scale[1]) / scale[0]


def _possible(value: Any, unit: str, known: Metric) -> None:
    """Raises BadValue for a value outside the metric's `low` and `high`."""
    if isinstance(value, str) or known.low is None or known.high is None:
        return
    scale = affine(known.ucum("1" if unit == "%" and value <= FRACTION else unit), known.unit, known.molar_mass)
    if scale is not None and not known.low <= scale[0] * value + scale[1] <= known.high:
        raise BadValue(T("Its value {value} {unit} is not possible.", value=value, unit=unit))


def add_entry(meta: Meta, key: str, value: str) -> None:
    """One MetadataEntry; a key that repeats becomes a list."""
    if key in meta:
        have = meta[key]
        if isinstance(have, list):
            have.append(value)
        else:
            meta[key] = [have, value]
    else:
        meta[key] = value


def _unescaped(raw: bytes) -> str:
    return raw.decode("ascii") if _PLAIN.fullmatch(raw) else _attributes(b'v="' + raw + b'"')["v"]


def _attributes(raw: bytes) -> dict[str, str]:
    """The attributes of one start tag. Raises BadValue when they are not XML."""
    found: dict[str, str] = {}
    _small(b"<x " + raw + b"/>", lambda name, attributes: found.update(attributes))
    return found


def _metadata(raw: bytes) -> Meta:
    meta: Meta = {}

    def start(name: str, a: dict[str, str]) -> None:
        if name == "MetadataEntry":
            add_entry(meta, a.get("key", ""), a.get("value", ""))

    _small(b"<x>" + raw + b"</x>", start)
    return meta


def _small(raw: bytes, start: Any) -> None:
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    try:
        parser.Parse(raw.translate(None, CONTROL), True)
    except expat.ExpatError as error:
        raise BadValue(T("The XML is broken here ({what}).", what=str(error).split(":")[0])) from None
