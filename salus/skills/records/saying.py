"""The sentences about records. Plain words; "your records" is who says it, never more than they do."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from salus.records.text import TN, Named, T, Text
from salus.records.times import Period, When
from salus.skills.records.entry import Entry, shown
from salus.skills.records.query import Kind

KINDS: dict[Kind, Text] = {
    "medications": T("medicines"), "allergies": T("allergies"), "problems": T("health problems"),
    "immunizations": T("vaccines"), "visits": T("visits"), "procedures": T("procedures"), "documents": T("documents"),
    "care_team": T("care teams"), "goals": T("goals"), "coverage": T("insurance plans"), "workouts": T("workouts"),
    "profile": T("personal details"), "devices": T("implants or medical devices"),
    "symptoms": T("symptoms you noted"), "notes": T("notes you wrote"), "diary": T("notes and symptoms you wrote down"),
}  # fmt: skip

INTRO: dict[Kind, Text] = {
    "medications": T("The current medicines in your records:"),
    "allergies": T("The allergies in your records:"),
    "problems": T("The current health problems in your records:"),
    "immunizations": T("The vaccines in your records:"),
    "visits": T("The visits in your records:"),
    "procedures": T("The procedures in your records:"),
    "documents": T("The documents in your records:"),
    "care_team": T("Your care team:"),
    "goals": T("Your goals:"),
    "coverage": T("Your insurance:"),
    "workouts": T("Your workouts:"),
    "devices": T("The implants and devices in your records:"),
    "symptoms": T("The symptoms you noted:"),
    "notes": T("The notes you wrote:"),
    "diary": T("What you wrote down:"),
}
PAST_INTRO = T("These are marked as over in your records:")
EVER_INTRO = T("All of these are in your records, current or not:")

NONE: dict[Kind, Text] = {
    "allergies": T("That does not mean that you have none: ask your doctor to have them written down."),
    "problems": T("That does not mean that you have none."),
    "medications": T("That does not mean that you take none: import the list of your doctor or pharmacy."),
    "immunizations": T("A vaccination may be on paper only, or with another doctor."),
}
IMPORT = T("Import the records of the doctor or hospital that would hold it.")
MAYBE: dict[Kind, Text] = {
    "allergies": T("That does not mean that you are not allergic to it."),
    "problems": T("That does not mean that you do not have it."),
    "medications": T("That does not mean that you never took it."),
    "immunizations": T("A vaccination may be on paper only, or with another doctor."),
}


def on(when: When, zone: tzinfo) -> Text:
    """on a day, in a month or year"""
    day = shown(when, zone)
    return T("on {day}", day=day) if day.precision == "day" else T("in {month}", month=day)


def since_when(when: When, zone: tzinfo) -> Text:
    """since a day, since a month or year"""
    day = shown(when, zone)
    return T("since {day}", day=day) if day.precision == "day" else T("since {month}", month=day)


def from_to(first: When, last: When, zone: tzinfo) -> Text:
    """from one day, month or year to another"""
    begins, ends = shown(first, zone), shown(last, zone)
    start = T("from {day}", day=begins) if begins.precision == "day" else T("from {month}", month=begins)
    stop = T("to {day}", day=ends) if ends.precision == "day" else T("to {month}", month=ends)
    return T("{start} {stop}", start=start, stop=stop)


def during(asked: Period | None, today: date) -> Text | None:
    """The days asked about, none when all."""
    if asked is None or (asked.first is None and asked.last is None):
        return None
    first, last = asked.first, asked.last
    if first and last and last >= today and first < today:
        last = today
    if first and last:
        return T("on {day}", day=first) if first == last else T("{period}", period=Period(first, last))
    return T("since {first}", first=first) if first else T("until {last}", last=last)


def described(entry: Entry) -> Text | Named | str:
    """The name with what is known of it."""
    parts: list[Any] = list(entry.detail)
    if not parts:
        return entry.title
    detail: Any = parts[0]
    for part in parts[1:]:
        detail = T("{first}; {second}", first=detail, second=part)
    return T("{name} ({detail})", name=entry.title, detail=detail)


def line(entry: Entry, kind: Kind, zone: tzinfo) -> Text:
    """One entry of a list."""
    what = described(entry)
    when = entry.since if kind in ("medications", "problems") else entry.when
    if kind == "care_team":
        return T("{members}.", members=list(entry.detail))
    if kind in ("coverage", "goals") or when is None:
        return T("{what}.", what=what)
    if kind in ("medications", "problems") and entry.status != "past":
        return T("{what}, {when}.", what=what, when=since_when(when, zone))
    if kind == "problems" and entry.end is not None:
        return T("{what}, {when}.", what=what, when=from_to(when, entry.end, zone))
    if kind == "medications":
        return T("{what}, prescribed {when}.", what=what, when=on(entry.when or when, zone))
    if kind == "allergies":
        return T("{what}, recorded {when}.", what=what, when=on(when, zone))
    if kind == "visits" and entry.who:
        return T("{what}, {when}, with {who}.", what=what, when=on(when, zone), who=entry.who)
    return T("{what}, {when}.", what=what, when=on(when, zone))


def times(entries: list[Entry], zone: tzinfo) -> Text:
    """The same thing more than once."""
    newest = entries[0]
    if newest.when is None:
        return TN("{what}, {n} time.", "{what}, {n} times.", len(entries), what=newest.title)
    return TN(
        "{what}, {n} time, last {when}.", "{what}, {n} times, last {when}.", len(entries), what=newest.title,
        when=on(newest.when, zone),
    )  # fmt: skip


def count(kind: Kind, number: int, when: Text | None, about: str) -> Text:
    """How many there are; the kinds that are counted have their own words."""
    args: dict[str, Any] = {"about": about, "when": when}
    if kind == "symptoms" and about:
        return _noted(number, args)
    if about and when is not None:
        return TN("Your records hold {n} entry about “{about}” {when}.",
                  "Your records hold {n} entries about “{about}” {when}.", number, **args)  # fmt: skip
    if about:
        return TN("Your records hold {n} entry about “{about}”.", "Your records hold {n} entries about “{about}”.",
                  number, **args)  # fmt: skip
    counted = _counted(kind, number)
    if when is None:
        return T("Your records hold {counted}.", counted=counted)
    return T("Your records hold {counted} {when}.", counted=counted, when=when)


def _noted(number: int, args: dict[str, Any]) -> Text:
    if args["when"] is None:
        return TN("You noted “{about}” {n} time.", "You noted “{about}” {n} times.", number, about=args["about"])
    return TN("You noted “{about}” {n} time {when}.", "You noted “{about}” {n} times {when}.", number, **args)


def _counted(kind: Kind, n: int) -> Text:
    return {
        "medications": TN("{n} current medicine", "{n} current medicines", n),
        "allergies": TN("{n} allergy", "{n} allergies", n),
        "problems": TN("{n} current health problem", "{n} current health problems", n),
        "immunizations": TN("{n} vaccination", "{n} vaccinations", n),
        "visits": TN("{n} visit", "{n} visits", n),
        "procedures": TN("{n} procedure", "{n} procedures", n),
        "documents": TN("{n} document", "{n} documents", n),
        "care_team": TN("{n} care team", "{n} care teams", n),
        "goals": TN("{n} goal", "{n} goals", n),
        "coverage": TN("{n} insurance plan", "{n} insurance plans", n),
        "workouts": TN("{n} workout", "{n} workouts", n),
        "profile": TN("{n} personal detail", "{n} personal details", n),
        "devices": TN("{n} device", "{n} devices", n),
        "symptoms": TN("{n} symptom that you noted", "{n} symptoms that you noted", n),
        "notes": TN("{n} note that you wrote", "{n} notes that you wrote", n),
        "diary": TN("{n} note or symptom that you wrote down", "{n} notes or symptoms that you wrote down", n),
    }[kind]


def last(entry: Entry, kind: Kind, zone: tzinfo) -> Text:
    """When something last happened. `entry.when` is set."""
    assert entry.when is not None
    args: dict[str, Any] = {"what": described(entry), "when": on(entry.when, zone)}
    if kind in ("immunizations", "procedures"):
        return T("Your last recorded {what} was {when}.", **args)
    if kind == "visits" and entry.who and entry.place:
        return T("Your last recorded visit was {when}: {what}, with {who}, at {place}.", who=entry.who,
                 place=entry.place, **args)  # fmt: skip
    if kind == "visits" and entry.who:
        return T("Your last recorded visit was {when}: {what}, with {who}.", who=entry.who, **args)
    if kind == "visits" and entry.place:
        return T("Your last recorded visit was {when}: {what}, at {place}.", place=entry.place, **args)
    if kind == "visits":
        return T("Your last recorded visit was {when}: {what}.", **args)
    if kind == "medications":
        return T("{what} was last prescribed {when}, by your records.", **args)
    if kind == "workouts":
        return T("Your last workout was {when}: {what}.", **args)
    return T("The latest in your records is {what}, {when}.", **args)


def since(entry: Entry, kind: Kind, zone: tzinfo) -> Text:
    """From when, and until when if it is over. `entry.since` is set."""
    assert entry.since is not None
    if entry.status == "past" and entry.end is not None:
        return T("Your records show {what} {when}.", what=entry.title, when=from_to(entry.since, entry.end, zone))
    if entry.status == "past" and kind == "medications":
        return T("Your records show {what} prescribed {when}; it is marked as over.", what=entry.title,
                 when=on(entry.since, zone))  # fmt: skip
    if kind in ("medications", "problems", "allergies", "goals", "coverage"):
        return T("Your records show {what} {when}.", what=entry.title, when=since_when(entry.since, zone))
    return T("Your records show {what} {when}.", what=entry.title, when=on(entry.since, zone))


def who(entry: Entry, kind: Kind, zone: tzinfo) -> Text:
    """The person or place behind an entry. `entry.who` or `entry.place` is set."""
    name = entry.who or entry.place
    if kind == "medications":
        return T("{who} prescribed {what}.", who=name, what=entry.title)
    if kind == "visits":
        if entry.when is None:
            return T("You saw {who} ({what}).", who=name, what=entry.title)
        return T("You saw {who} {when} ({what}).", who=name, what=entry.title, when=on(entry.when, zone))
    if kind in ("problems", "allergies"):
        return T("{who} recorded {what}.", who=name, what=entry.title)
    if kind == "documents":
        return T("{who} wrote “{what}”.", who=name, what=entry.title)
    if entry.when is not None:
        return T("{who}: {what}, {when}.", who=name, what=entry.title, when=on(entry.when, zone))
    return T("{who}: {what}.", who=name, what=entry.title)


def where(entry: Entry, zone: tzinfo) -> Text:
    """The place of one thing. `entry.place` is set."""
    if entry.when is None:
        return T("It was at {place} ({what}).", place=entry.place, what=entry.title)
    return T("It was at {place}, {when} ({what}).", place=entry.place, what=entry.title, when=on(entry.when, zone))


def yes(entry: Entry, kind: Kind, zone: tzinfo) -> Text:
    """What the records say to "do I …?"."""
    what, began = described(entry), entry.since
    when = since_when(began, zone) if began else None
    if kind == "medications" and entry.status == "past":
        return T("Your records list {what}, but as over.", what=what)
    if kind == "medications" and entry.status == "":
        return T("Your records list {what}, without saying whether you still take it.", what=what)
    if kind == "medications":
        if when is None:
            return T("Yes, your records list {what} as a current medicine.", what=what)
        return T("Yes, your records list {what} as a current medicine, {when}.", what=what, when=when)
    if kind in ("problems", "devices") and entry.status == "past":
        return T("Your records list {what}, but as over.", what=what)
    if kind == "problems":
        if when is None:
            return T("Yes, your records list {what}.", what=what)
        return T("Yes, your records list {what}, {when}.", what=what, when=when)
    if kind == "allergies":
        return T("Yes, your records list this allergy: {what}.", what=what)
    if entry.when is not None:
        return T("Yes, your records show {what} {when}.", what=what, when=on(entry.when, zone))
    return T("Yes, your records show {what}.", what=what)


def related(entry: Entry, about: str) -> Text:
    """An allergy to something of the same family as what was asked."""
    return T(
        "Your records list an allergy to something of the same family as “{about}”: {what}. "
        "Ask a doctor or pharmacist before you take it.",
        about=about, what=described(entry),
    )  # fmt: skip
