"""Lists of services, the same on home, in a group and in the search."""

from collections.abc import Callable

from kiosk.views import ServiceRow
from screens.look import Look
from screens.widgets.card import Badge, ListCard


def service_line(look: Look, row: ServiceRow, sid: str,
                 on_open: Callable[[str], None]) -> ListCard:
    """One service; says so when it can be applied for right here."""
    mark = Badge(look, look.words("Apply here"), icon="check") if row.here_now else None
    return ListCard(look, row.name, row.department, sid, lambda: on_open(row.code),
                    icon=row.icon, tint=row.colour, mark=mark)
