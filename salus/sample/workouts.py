"""Workouts with events, statistics and routes, made of the same bouts that steps and energy were counted from."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

from salus.sample import course
from salus.sample.kit import Kit
from salus.sample.moving import Bout
from salus.sample.person import TZ, ZONE
from salus.sample.sheet import QUANTITY, Sheet, Source, metadata

_ROUTES = 12
"""The last so many outdoor workouts keep their route, so that the file stays small."""
_SPEED = {"Running": 154 * 0.98 / 60, "Walking": 112 * 0.74 / 60, "Cycling": 18.5 / 3.6}
_BURN = {"Running": 10.2, "Walking": 4.8, "Cycling": 6.4}
_EFFORT = {"Running": 82, "Cycling": 60, "Walking": 42}
_HOME = (47.2315, -1.5490)


def add_workouts(sheet: Sheet, kit: Kit, plan: dict[date, list[Bout]]) -> dict[str, str]:
    """Write every workout; returns the GPX files, path to text."""
    worn = [(day, watch, bouts) for day, bouts in plan.items() if (watch := kit.watch(day))]
    found = [(day, watch, bout) for day, watch, bouts in worn for bout in bouts if bout.kind]
    files: dict[str, str] = {}
    for number, (day, watch, bout) in enumerate(found):
        path = ""
        if number >= len(found) - _ROUTES:
            moment = datetime.fromtimestamp(bout.end, TZ)
            hour = f"{moment.hour % 12 or 12}.{moment.minute:02d}{'am' if moment.hour < 12 else 'pm'}"
            path = f"/workout-routes/route_{moment:%Y-%m-%d}_{hour}.gpx"
            files[path] = _gpx(bout, number)
        sheet.extra.append(_workout(sheet, kit, watch, day, bout, path))
    return files


def _workout(sheet: Sheet, kit: Kit, watch: Source, day: date, bout: Bout, route: str) -> str:
    rng = kit.spec.rng(f"workout/{bout.start}")
    pause = rng.randint(60, 240) if bout.kind != "Walking" and rng.random() < 0.5 else 0
    minutes = (bout.end - bout.start - pause) / 60
    start, end, written = sheet.date(bout.start), sheet.date(bout.end), sheet.date(bout.end + 12)
    span = f'startDate="{start}" endDate="{end}"'
    lines = [
        f' <Workout workoutActivityType="HKWorkoutActivityType{bout.kind}" duration="{minutes:.6f}"'
        f' durationUnit="min" {sheet.head(watch)} creationDate="{written}" {span}>\n',
        metadata((
            ("HKTimeZone", ZONE),
            ("HKIndoorWorkout", "0"),
            ("HKAverageMETs", f"{_BURN[bout.kind] * 60 / 78:.2f} kcal/hr·kg"),
            ("HKWeatherTemperature", f"{round(54 + 14 * math.sin((day.timetuple().tm_yday - 110) / 58))} degF"),
            ("HKWeatherHumidity", f"{rng.randint(45, 90)}00 %"),
            ("HKElevationAscended", f"{rng.randint(300, 4200)} cm"),
        )),
    ]
    if pause:
        middle = bout.start + int((bout.end - bout.start) * rng.uniform(0.3, 0.6))
        for kind, moment in (("Pause", middle), ("Resume", middle + pause)):
            lines.append(f'  <WorkoutEvent type="HKWorkoutEventType{kind}" date="{sheet.date(moment)}"/>\n')
    distance = "DistanceCycling" if bout.kind == "Cycling" else "DistanceWalkingRunning"
    rest = course.resting_heart((kit.spec.end - day).days)
    for kind, figures in (
        (distance, f'sum="{_SPEED[bout.kind] * minutes * 60 / 1000:.5f}" unit="km"'),
        ("ActiveEnergyBurned", f'sum="{_BURN[bout.kind] * minutes:.3f}" unit="kcal"'),
        ("HeartRate", f'average="{rest + _EFFORT[bout.kind] * 0.93:.3f}" minimum="{round(rest + 22)}"'
         f' maximum="{round(rest + _EFFORT[bout.kind] + 6)}" unit="count/min"'),
    ):
        lines.append(f'  <WorkoutStatistics type="{QUANTITY}{kind}" {span} {figures}/>\n')
    if route:
        lines.append(
            f'  <WorkoutRoute {sheet.head(watch)} creationDate="{written}" {span}>\n'
            f'   <MetadataEntry key="HKMetadataKeySyncVersion" value="2"/>\n'
            f'   <FileReference path="{route}"/>\n  </WorkoutRoute>\n'
        )
    return "".join(lines) + " </Workout>\n"


def _gpx(bout: Bout, number: int) -> str:
    """A loop around an invented home, a point each ten seconds."""
    radius = _SPEED[bout.kind] * (bout.end - bout.start) / (2 * math.pi)
    turn = number * 0.7
    points = []
    for moment in range(bout.start, bout.end, 10):
        angle = turn + 2 * math.pi * (moment - bout.start) / (bout.end - bout.start)
        north, east = radius * (math.sin(angle) - math.sin(turn)), radius * (math.cos(angle) - math.cos(turn))
        latitude = _HOME[0] + north / 111_320
        longitude = _HOME[1] + east / (111_320 * math.cos(math.radians(_HOME[0])))
        points.append(
            f'   <trkpt lon="{longitude:.6f}" lat="{latitude:.6f}"><ele>{12 + 4 * math.sin(angle * 2):.6f}</ele>'
            f"<time>{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}</time>"
            f"<extensions><speed>{_SPEED[bout.kind]:.6f}</speed><course>{math.degrees(-angle) % 360:.6f}</course>"
            f"<hAcc>3.2</hAcc><vAcc>2.4</vAcc></extensions></trkpt>\n"
        )
    name = f"{datetime.fromtimestamp(bout.end, TZ):%Y-%m-%d %I:%M%p}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Apple Health Export" xmlns="http://www.topografix.com/GPX/1/1"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd">\n'
        f" <metadata>\n  <time>{datetime.fromtimestamp(bout.end, UTC):%Y-%m-%dT%H:%M:%SZ}</time>\n </metadata>\n"
        f" <trk>\n  <name>Route {name}</name>\n  <trkseg>\n{''.join(points)}  </trkseg>\n </trk>\n</gpx>\n"
    )
