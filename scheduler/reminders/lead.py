"""How long before a session a reminder goes."""

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Lead:
    """Elapsed time before the start ("2 hours"), or whole days before it at a wall-clock time.

    `days` is set exactly when `at` is ("1 day at 18:00").
    """

    elapsed: timedelta | None = None
    days: int | None = None
    at: time | None = None

    def __str__(self) -> str:
        if self.at is not None:
            return f"{self.days}d{self.at:%H:%M}"
        assert self.elapsed is not None
        return f"{int(self.elapsed.total_seconds() // 60)}m"


@dataclass(frozen=True, slots=True)
class Leads:
    """All lead times that hold for a shift."""

    staff: tuple[Lead, ...] = (Lead(days=1, at=time(17)),)
    resident: tuple[Lead, ...] = (Lead(days=1, at=time(17)),)
    ask: Lead | None = Lead(days=6, at=time(18))
    chase: Lead | None = Lead(days=3, at=time(18))
    remind: tuple[Lead, ...] = (Lead(days=1, at=time(18)), Lead(elapsed=timedelta(hours=2)))
    escalate: Lead | None = Lead(elapsed=timedelta(hours=36))
