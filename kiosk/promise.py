"""The day by which an answer is promised: on the guide, on the receipt, beside a status.

Counted from the moment of handing in, in working days of the published calendar. Beyond the years
it knows weekdays count, and the day is told as "about" (decision 11).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.contract.messages import PromisedTime
from kiosk.contract.working_days import WorkingCalendar
from kiosk.words import Words


@dataclass(frozen=True)
class Promise:
    """`day` None: it is settled on the spot. `about`: the day is provisional."""

    day: date | None
    about: bool = False

    @classmethod
    def of_days(cls, days: int, handed_in: datetime, calendar: WorkingCalendar) -> "Promise":
        """What `days` working days come to when it is handed in at that (aware) moment."""
        if days == 0:
            return cls(None)
        due = calendar.add(handed_in, days)
        return cls(due.day, due.provisional)

    @classmethod
    def of_service(
        cls, service: Mapping[str, Any], handed_in: datetime, calendar: WorkingCalendar
    ) -> "Promise":
        """`service`: its document in the catalog."""
        return cls.of_days(int(service["guide"]["time"]["promised_days"]), handed_in, calendar)

    @classmethod
    def of_case(
        cls, promised: PromisedTime | None, calendar: WorkingCalendar
    ) -> "Promise | None":
        """As the hub knows it of a case; None when nothing is promised (any more)."""
        if promised is None:
            return None
        return cls.of_days(promised.working_days, promised.handed_in, calendar)

    def if_handed_in_today(self, words: Words) -> str:
        """For the guide; "" when it is settled on the spot, as the guide says anyway."""
        if self.day is None:
            return ""
        if self.about:
            return words("Handed in today: answer about {day}", day=words.date(self.day))
        return words("Handed in today: answer by {day}", day=words.date(self.day))

    def sentence(self, words: Words) -> str:
        """True before that day and after it."""
        if self.day is None:
            return words("Settled on the spot during office hours.")
        if self.about:
            return words("The answer is expected about {day}.", day=words.date(self.day))
        return words("The answer is promised by {day}.", day=words.date(self.day))

    def on_paper(self, words: Words) -> tuple[str, str]:
        """(what it is, the day) as a line of the receipt."""
        if self.day is None:
            return words("Answer"), words("on the spot")
        if self.about:
            return words("Answer"), words("about {day}", day=words.date(self.day))
        return words("Answer by"), words.date(self.day)
