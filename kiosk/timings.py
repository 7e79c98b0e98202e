"""Every delay of a kiosk in one place, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    idle_warning: float = 45.0
    """Untouched for this long: "Are you still there?" (screens.md, Time; configurable)."""
    idle_answer: float = 60.0
    """Time to answer that question before the visit ends."""
    staff_idle_warning: float = 60.0
    staff_idle_answer: float = 20.0
    """The same for a member of staff who walked away: the page signs itself out sooner."""
    staff_clock: float = 60.0
    """While a shift is kept here, the latest time seen is remembered this often."""
    card_wait_hint: float = 20.0
    """No card for this long on the identify screen: `card.absent` explains how to lay it."""
    page_wait_hint: float = 12.0
    """No page seen for this long on the scan screen: `page.absent` explains where to lay it."""
    recognised: float = 0.9
    """How long the name read from a card stands before the form opens."""
    goodbye: float = 4.0
    """How long the farewell stands before the app starts afresh."""
    hub_timeout: tuple[float, float] = (3.0, 10.0)
    """Connect and read limits of one request to the hub."""
    hub_poll: float = 0.3
    """Pause between two questions for a signed receipt that is not there yet."""
    sync_idle: float = 5.0
    """The outbox is looked through at least this often."""
    retry_first: float = 1.0
    retry_cap: float = 300.0
    """Back-off of one submission: doubled each time, capped, with jitter (facts: delays that
    grow to days are how outboxes get stuck)."""
    confirm_wait: float = 6.0
    """The sending screen waits this long for the hub before it says "not yet confirmed"."""
    draft_kept: float = 14 * 24 * 3600.0
    """How long an application is kept for somebody who took its slip with them."""
    draft_check: float = 3600.0
    """The hub is asked this often whether a draft kept here was handed in elsewhere."""
    upkeep: float = 60.0
    """Keys and catalog are asked for this often."""
    store_look: float = 20.0
    """The disk's room is looked at this often."""
    closed_look: float = 30.0
    """A kiosk whose store has to be mended or opened otherwise starts afresh after this long."""
    status_poll: float = 2.0
    """Printer and reader states are asked this often while a screen depends on them."""
