"""What every figure of one series shares: the days meant, the gaps, the device changes, the chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from salus.records.finding import Evidence, Finding, Unknown
from salus.records.metrics import Metric
from salus.records.text import TN, On, T, Text
from salus.records.times import Period, When
from salus.records.units import Quantity
from salus.skills.trends import saying
from salus.skills.trends.marks import Devices, devices
from salus.skills.trends.observed import Observed, observed
from salus.skills.trends.proof import chart, code_of, evidence, of_resource
from salus.skills.trends.series import Clashing, Point, Series
from salus.skills.trends.twice import COUNTS_ONCE, in_both
from salus.vault.view import VaultView

USUAL = 0.5
"""A metric recorded on more than this share of its days is expected daily; only then a day without it is a gap."""


@dataclass(frozen=True)
class Frame:
    """A series as it was asked for."""

    view: VaultView
    asked: Period | None
    series: Series

    @cached_property
    def devices(self) -> Devices:
        return devices(self.view, self.series)

    @property
    def when(self) -> Text:
        series = self.series
        own = series.source == "samples" and not series.adds_up
        return saying.span(self.asked, series.first, series.last, self.view.today, series.nightly, own)

    @property
    def days(self) -> int:
        """How many days are meant, up to today."""
        first = (self.asked.first if self.asked else None) or self.series.first
        last = min((self.asked.last if self.asked else None) or self.series.last, self.view.today)
        return (last - first).days + 1

    @cached_property
    def gaps(self) -> Text | None:
        """How many of the days meant have no data, where they usually do."""
        series = self.series
        span = self.view.metric_span(series.metric.key)
        if series.source == "records" or span is None:
            return None
        if span.days / ((span.last - span.first).days + 1) < USUAL:
            return None
        days = self.days
        missing = days - len(series.points)
        if missing <= 0:
            return None
        if series.nightly:
            return TN(
                "{n} of {days} nights has no data. It is left out, not counted as zero.",
                "{n} of {days} nights have no data. They are left out, not counted as zero.", missing, days=days,
            )  # fmt: skip
        return TN(
            "{n} of {days} days has no data. It is left out, not counted as zero.",
            "{n} of {days} days have no data. They are left out, not counted as zero.", missing, days=days,
        )  # fmt: skip

    @property
    def unfinished(self) -> Text | None:
        if self.series.adds_up and not self.series.nightly and self.series.last == self.view.today:
            return T("Today is not over yet.")
        return None

    @property
    def caveats(self) -> tuple[Text, ...]:
        return tuple(c for c in (self.gaps, self.unfinished) if c) + self.left_out + self.devices.caveats()

    @cached_property
    def left_out(self) -> tuple[Text, ...]:
        """Measurements whose sources disagree, each with its day and every value; they are in no figure."""
        zone = self.view.person.zone
        return tuple(
            T("Left out is the measurement {on_date}. {clash}", on_date=On(one.told(zone)), clash=one.clash)
            for one in self.series.clashing[:MOST_CLASHES]
        )

    @property
    def said(self) -> list[Text]:
        """The caveats that change how a figure is read, for the answer itself."""
        return [c for c in (self.gaps, self.unfinished, *self.left_out) if c]

    @cached_property
    def _chart(self) -> dict[str, Any]:
        return chart(self.series)

    @cached_property
    def _evidence(self) -> tuple[Evidence, ...]:
        also = (of_resource(resource) for one in self.twice for resource in one.resources)
        return (*evidence(self.series), *also)

    def finding(
        self, kind: str, statement: Text, value: Quantity, method: Text, *, points: tuple[Point, ...] | None = None,
        also: tuple[Quantity, ...] | None = None, time: When | None = None, caveats: tuple[Text, ...] | None = None,
        **data: Any,
    ) -> Finding:  # fmt: skip
        """A finding about these points (all of the series unless given)."""
        series = self.series
        used = series.points if points is None else points
        days = (used[0].day.isoformat(), used[-1].day.isoformat())
        asked = self.asked or Period()
        meant = [asked.first.isoformat() if asked.first else days[0], asked.last.isoformat() if asked.last else days[1]]
        return Finding(
            kind=kind,
            statement=statement,
            value=value.value,
            unit=value.unit or None,
            code=code_of(series.metric),
            time=time or (When.of_day(used[0].day) if days[0] == days[1] else None),
            method=method,
            evidence=self._evidence if points is None else evidence(series, used),
            caveats=self.caveats if caveats is None else caveats,
            also=series.scale.also(value.value) if also is None else also,
            data={
                "metric": series.metric.key, "period": meant, "recorded": list(days), "days": len(used),
                "marks": self.devices.marks(), **(self._chart if points is None else chart(series, used)), **data,
            },
        )  # fmt: skip

    def method(self, text: Text) -> Text:
        """How it was computed, and from what."""
        if self.series.source == "records":
            return T("{how} From the measurements in your medical records.", how=text)
        if self.twice:
            return T("{how} {once}", how=text, once=COUNTS_ONCE)
        return text

    @cached_property
    def twice(self) -> tuple[Observed, ...]:
        """Measurements of the records that are among the samples: each is counted once, as a sample."""
        series = self.series
        if series.source == "records" or series.adds_up:
            return ()
        return tuple(in_both(self.view, series.metric.key, self.asked or Period(), series.points))


MOST_CLASHES = 4


def unsettled(metric: Metric, found: Clashing) -> Unknown:
    """Nothing but measurements whose sources disagree: no figure, and what they say."""
    return Unknown(
        T("Your sources do not agree on your {metric}, so Salus gives no figure.", metric=saying.name(metric)),
        found.found[0].clash, tuple(of_resource(r) for one in found.found[:MOST_CLASHES] for r in one.resources),
    )  # fmt: skip


def nothing(view: VaultView, metric: Metric, asked: Period | None) -> Unknown:
    """No data in the period, or none at all: what there is on other days, and what would be needed."""
    name = saying.name(metric)
    have = view.metric_span(metric.key)
    charted = observed(view, metric.key, Period())
    if have is None and not charted:
        return Unknown(
            T("There is no {metric} data in your records.", metric=name),
            T("Import data from a phone, a watch, an app or a clinic that records it."),
        )
    days = [one.days(view.person.zone) for one in (*charted[:1], *charted[-1:])]
    days += [(have.first, have.last)] if have else []
    first, last = min(day for day, _ in days), max(day for _, day in days)
    proofs = [of_resource(one.resource, one.value) for one in (*charted[:1], *charted[1:][-1:])]
    if have:
        said = f"{have.days} days with data, from {have.first} to {have.last}"
        ref = f"samples/{metric.key}/{have.first}/{have.last}"
        proofs.insert(0, Evidence(type="samples", ref=ref, origin="", time=None, excerpt=said))
    if asked is None or asked == Period():
        return Unknown(T("The {metric} data in your records has no exact day.", metric=name), None, tuple(proofs))
    when = saying.span(asked, first, last, view.today, metric.kind == "sleep")
    return Unknown(
        T("There is no {metric} data {when}.", metric=name, when=when),
        T("There is some from other days: {when}.", when=saying.between(first, last)),
        tuple(proofs),
    )
