"""The store as staff see it: room, damage, what a start had to mend, and its library."""

from kiosk.fault_views import fault_view
from kiosk.staff_views import PartRow, Tone
from kiosk.store_care import StoreState
from kiosk.words import Words
from offline_store.errors import DAMAGED, FULL
from offline_store.sqlite import version

_GIB = 1 << 30


def store_row(words: Words, state: StoreState) -> PartRow:
    """One row of the staff's page, the worst first."""

    def row(tone: Tone, state: str, note: str = "") -> PartRow:
        return PartRow("store", words("Memory"), tone, state, note)

    room = state.room
    if state.findings.damage:
        return row(Tone.DANGER, fault_view(DAMAGED, words).sentence)
    if room is None:
        return row(Tone.PRIMARY, words("Being looked at…"))
    free = words("{size} GB free", size=f"{room.free / _GIB:.1f}")
    if not room.enough:
        return row(Tone.DANGER, fault_view(FULL, words).sentence, free)
    if state.recovery is not None:
        return row(Tone.CAUTION, words("It was damaged and has been put right"),
                   words("The damaged file is kept: {name}", name=state.recovery.kept_as))
    if state.findings.audit:
        return row(Tone.CAUTION, words("The record of events does not add up"), free)
    return row(Tone.GOOD, words("Works"), f"{free} · {version()}")
