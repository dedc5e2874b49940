"""Writes calendar.jsonl: what functions of dates answer, worked out apart from the crate.

Only zoneinfo's conversion from UTC to local time is used; edges of days and hours are found by
walking along it. Needs the package tzdata (PyPI) of 2026.6, the release of the
database that the crate bundles. Run: python3 calendar.py > calendar.jsonl
"""

import functools
import json
import random
import zoneinfo
from datetime import UTC, date, datetime, timedelta

zoneinfo.reset_tzpath(to=())  # The package, not the system's files.

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Australia/Lord_Howe",  # Clocks change by half an hour.
    "America/Sao_Paulo",  # Clocks went forward at midnight.
    "America/St_Johns",  # Clocks went back over midnight.
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
UNITS = ["minute", "hour", "day", "week", "month", "quarter", "year"]
PARTS = ["dayofweek", "month", "quarter", "year", "week", "hour", "dayofmonth"]
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}

# Name: unit, first and last of them counted from the current one.
PERIODS = {
    "Today": ("day", 0, 0),
    "Yesterday": ("day", -1, -1),
    "Tomorrow": ("day", 1, 1),
    "CurrentHour": ("hour", 0, 0),
    "LastHour": ("hour", -1, -1),
    "Last2Hours": ("hour", -2, 0),
    "CurrentMinute": ("minute", 0, 0),
    "LastMinute": ("minute", -1, -1),
    "Last2Years": ("year", -2, 0),
    "Last2Quarters": ("quarter", -2, 0),
    "Next2Quarters": ("quarter", 1, 2),
    **{f"Last{n}Minutes": ("minute", -n, 0) for n in (15, 30, 45)},
    **{f"Last{n}Days": ("day", -n, 0) for n in (7, 30, 60, 90, 120)},
    **{f"Last{n}Months": ("month", -n, 0) for n in (3, 6, 9, 12)},
    **{
        which + unit.capitalize(): (unit, n, n)
        for unit in ("week", "month", "quarter", "year")
        for which, n in (("Last", -1), ("This", 0), ("Next", 1))
    },
    "OneYearAgo": None,
}


class Place:
    """A zone and the first day of the week."""

    def __init__(self, name, first_day):
        self.zone, self.first_day = zoneinfo.ZoneInfo(name), first_day

    def wall(self, t):
        """The aware local time at a naive UTC time."""
        return t.replace(tzinfo=UTC).astimezone(self.zone)

    def instant(self, local):
        """PEP 495: fold=0 is the first of two times, and uses the offset before a gap."""
        return local.replace(tzinfo=self.zone, fold=0).astimezone(UTC).replace(tzinfo=None)

    @functools.lru_cache(None)
    def day_start(self, day):
        """The first second at which clocks show that day or a later one."""
        t = datetime(day.year, day.month, day.day) - timedelta(hours=15)
        while self.wall(t).date() < day:
            t += MINUTE
        while self.wall(t - SECOND).date() >= day:
            t -= SECOND
        return t

    def day_of(self, t):
        """The day between whose start and end an instant lies."""
        day = self.wall(t).date()
        while t >= self.day_start(day + DAY):
            day += DAY
        return day

    def clock(self, t, unit):
        """First and last second around t with one hour (or minute) on the clock, and one offset."""

        def shown(t):
            local = self.wall(t)
            minute = local.minute if unit == "minute" else 0
            return local.date(), local.hour, minute, local.utcoffset()

        start = end = t
        for step in (MINUTE, SECOND):
            while shown(start - step) == shown(t):
                start -= step
            while shown(end + step) == shown(t):
                end += step
        return start, end

    def first_of(self, day, unit):
        if unit == "day":
            return day
        if unit == "week":
            while WEEKDAYS[day.weekday()] != self.first_day:
                day -= DAY
            return day
        month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[unit]
        return date(day.year, month, 1)

    def days(self, day, unit, first=0, last=0):
        """First and last second from unit to unit, counted from the one of a day."""
        start = moved_day(self.first_of(day, unit), unit, first)
        after = moved_day(self.first_of(day, unit), unit, last + 1)
        return self.day_start(start), self.day_start(after) - SECOND

    def around(self, t, unit):
        if unit in ("minute", "hour"):
            return self.clock(t, unit)
        return self.days(self.day_of(t), unit)

    def period(self, now, name):
        if name == "OneYearAgo":
            return self.days(moved_day(self.day_of(now), "year", -1), "day")
        unit, first, last = PERIODS[name]
        if unit not in ("minute", "hour"):
            return self.days(self.day_of(now), unit, first, last)
        current = start, end = self.clock(now, unit)
        for _ in range(-first):
            start, end = self.clock(start - SECOND, unit)
        return start, end if last else current[1]

    def moved(self, t, unit, n):
        if unit in ("minute", "hour"):
            return t + timedelta(**{unit + "s": n})
        if n == 0:
            return t
        local = self.wall(t)
        return self.instant(datetime.combine(moved_day(local.date(), unit, n), local.time()))

    def ago(self, now, unit, n, edge):
        if not edge:
            return self.moved(now, unit, -n)
        if unit in ("minute", "hour"):
            both = self.clock(self.moved(now, unit, -n), unit)
        else:
            both = self.days(moved_day(self.day_of(now), unit, -n), unit)
        return both[edge == "End"]

    def part(self, t, part):
        local = self.wall(t)
        return {
            "dayofweek": local.isoweekday() % 7 + 1,
            "month": local.month,
            "quarter": (local.month + 2) // 3,
            "year": local.year,
            "week": local.isocalendar().week,
            "hour": local.hour,
            "dayofmonth": local.day,
        }[part]


def moved_day(day, unit, n):
    """By the calendar; a day the month lacks is its last."""
    if unit in ("day", "week"):
        return day + n * DAY * (7 if unit == "week" else 1)
    months = day.year * 12 + day.month - 1 + n * MONTHS[unit]
    year, month = months // 12, months % 12 + 1
    last = date(year + month // 12, month % 12 + 1, 1) - DAY
    return date(year, month, min(day.day, last.day))


def questions():
    """Every function, again and again; those with arguments get other ones each time."""
    while True:
        for name in PERIODS:
            yield f"gs.beginningOf{name}", lambda p, t, name=name: p.period(t, name)[0]
            yield f"gs.endOf{name}", lambda p, t, name=name: p.period(t, name)[1]
        for unit in UNITS:
            n = random.choice([0, 1, -1, 2, 3, 5, 12, 25, -40, 100, 400])
            if unit != "week":
                for edge in ("", "Start", "End"):
                    yield (
                        f"gs.{unit}sAgo{edge} {n}",
                        lambda p, t, unit=unit, n=n, edge=edge: p.ago(t, unit, n, edge),
                    )
            n = random.choice([0, 1, -1, 2, -3, 11, -13, 30, 60])
            yield f"moved {unit} {n}", lambda p, t, unit=unit, n=n: p.moved(t, unit, n)
            yield f"first {unit}", lambda p, t, unit=unit: p.around(t, unit)[0]
            yield f"last {unit}", lambda p, t, unit=unit: p.around(t, unit)[1]
        for part in PARTS:
            yield f"part {part}", lambda p, t, part=part: p.part(t, part)
        yield "gs.now", lambda p, t: p.wall(t).date()
        yield "gs.yesterday", lambda p, t: t - timedelta(hours=24)
        clock = random.randrange(24), random.choice([0, 15, 30, 59]), random.choice([0, 1, 59])
        yield (
            "local {} {} {}".format(*clock),
            lambda p, t, c=clock: p.instant(
                datetime.combine(t.date(), datetime(1, 1, 1, *c).time())
            ),
        )


def changes(zone):
    """The minutes at which clocks change."""
    zone = zoneinfo.ZoneInfo(zone)
    offset = lambda t: t.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    found, t = [], datetime(1975, 1, 1)
    while t.year < 2037:
        if offset(t) != offset(t + DAY):
            found.append(next(u for i in range(1441) if offset(u := t + i * MINUTE) != offset(t)))
        t += DAY
    return found


def instants(count):
    for i in range(count):
        zone = ZONES[i % len(ZONES)]
        seconds = int((datetime(2037, 1, 1) - datetime(1975, 1, 1)).total_seconds())
        t = datetime(1975, 1, 1) + timedelta(seconds=random.randrange(seconds))
        near = random.choice([0, 3 * 86400, 3 * 86400, 3 * 3600])
        if CHANGES[zone] and near:
            t = random.choice(CHANGES[zone]) + timedelta(seconds=random.randint(-near, near))
        yield zone, t


random.seed(2026)
CHANGES = {zone: changes(zone) for zone in ZONES}
PLACES = {(zone, first): Place(zone, first) for zone in ZONES for first in ("Monday", "Sunday")}
asked = questions()
for zone, now in instants(2000):
    first_day = random.choice(["Monday", "Sunday"])
    place = PLACES[zone, first_day]
    want = {}
    for _ in range(8):
        name, answer = next(asked)
        want[name] = str(answer(place, now))
    print(json.dumps({"zone": zone, "week": first_day, "now": str(now), "want": want}))
