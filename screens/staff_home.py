"""The staff's page: how every part of this kiosk stands, the shelf, and what can be done."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.staff_views import PartRow, ShelfRow, StaffHomeView, Tone
from kiosk.steps import Step
from screens.look import Look
from screens.screen import Screen
from screens.theme import Colour
from screens.tokens import BODY, GAP_L, GAP_M, GAP_S, HEADING, LEAD, NOTE
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import Card, Notice
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

ICONS = {
    "id_card": "identification-card", "smartcard": "cardholder", "camera": "camera",
    "code_reader": "qr-code", "printer": "receipt", "page_printer": "printer", "line": "globe",
    "outbox": "paper-plane-tilt", "store": "database", "catalog": "books",
}
MARKS = {
    Tone.GOOD: "check-circle", Tone.CAUTION: "warning", Tone.DANGER: "warning-circle",
    Tone.PRIMARY: "info",
}
"""A shape beside each colour: never colour alone."""


class StaffHomeScreen(Screen):
    """Looks again by itself every few seconds."""

    step: ClassVar[Step] = Step.STAFF_HOME

    def state(self, visit: "Visit") -> object:
        return visit.staff_home

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.staff_home
        items: list[Widget] = [
            Column(look, [
                self.title(view.name),
                self.lead(self.say("{role} · your shift here ends at {time}",
                                   role=view.role, time=view.until)),
            ], gap=look.mm(1)),
        ]
        if not view.online:
            items.append(Notice(
                look, self.say("You signed in without the line."),
                self.say("It is noted in this kiosk."), tone="primary",
                sid="staff.offline",
            ))
        items.append(self._heading(self.say("This kiosk now")))
        items.append(Card(look, Column(
            look, [_part(look, row, self._tool_of(row, view)) for row in view.parts],
            gap=look.mm(GAP_M),
        ), padding=(GAP_M * 1.2, GAP_M * 1.2)))
        if view.shelf:
            items.append(self._heading(self.say("These have not reached the city")))
            items.extend(self._shelved(row) for row in view.shelf)
        items.append(self._heading(self.say("What you can do")))
        items.extend(self._tools(view))
        return items

    def pinned(self, visit: "Visit") -> Block | None:
        """What is being done and what came of it, in view wherever the page was scrolled to."""
        look, view = self.look, visit.staff_home
        if view.busy:
            return Notice(look, self.say("One moment…"), self.say("It takes a few seconds."),
                          tone="primary", icon="hourglass", sid="staff.busy")
        if view.fault is not None:
            return self.fault(view.fault)
        return Notice(look, view.said, tone="good", sid="staff.said") if view.said else None

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        return [Button(self.look, self.say("Sign out"), "staff.sign_out", visit.quit,
                       icon="sign-out")]

    def _tool_of(self, row: PartRow, view: StaffHomeView) -> Widget | None:
        """What can be done to one part, in its row."""
        if row.id != "camera" or not view.may_take_mat:
            return None
        return Button(self.look, self.say("Take the empty mat"), "staff.take_mat",
                      self.visit.staff_take_mat, kind="quiet", small=True, icon="camera")

    def _heading(self, text: str) -> Text:
        return Text(self.look, text, size=HEADING, bold=True)

    def _shelved(self, row: ShelfRow) -> Card:
        look = self.look
        return Card(look, Column(look, [
            Text(look, row.service, size=LEAD, bold=True, tight=True),
            Text(look, f"{row.number} · {row.since}", size=NOTE, colour=look.theme.ink_soft),
            Text(look, row.reason, size=BODY, colour=look.theme.caution),
            *self._ways_on(row),
        ], gap=look.mm(GAP_S)), padding=(GAP_L, GAP_M), sid=f"staff.shelf.{row.number}")

    def _ways_on(self, row: ShelfRow) -> list[Button]:
        visit = self.visit
        return [
            Button(self.look, said, f"staff.{name}.{row.number}", partial(act, row.submission_id),
                   kind="quiet", small=True, icon=icon)
            for said, name, act, icon in (
                (self.say("Send it again"), "retry", visit.staff_retry, "arrow-clockwise"),
                (self.say("Save it to a USB stick"), "export", visit.staff_export,
                 "arrow-line-down"),
                (self.say("Report it to the operator"), "escalate", visit.staff_escalate, "phone"),
            )
        ]

    def _tools(self, view: StaffHomeView) -> list[Widget]:
        look, visit = self.look, self.visit
        tools: list[Widget] = []
        if view.has_printer:
            tools.append(Button(look, self.say("Print a test slip"), "staff.test_print",
                                visit.staff_test_print, kind="quiet", icon="printer"))
        if view.may_set:
            tools.append(Button(look, self.say("Settings"), "staff.settings",
                                visit.open_staff_settings, kind="quiet", icon="sliders"))
        if view.may_restart:
            tools.append(Button(look, self.say("Start the app afresh"), "staff.restart",
                                visit.staff_restart, kind="quiet", icon="arrow-clockwise"))
        tools.append(Button(look, self.say("End my shift at this kiosk"), "staff.end_shift",
                            visit.staff_end_shift, kind="quiet", icon="clock"))
        tools.append(self.note(self.say(
            "Sign out leaves your shift open: without a line this kiosk still knows you today."
        )))
        return tools


def _part(look: Look, row: PartRow, tool: Widget | None) -> Row:
    colour: Colour = getattr(look.theme, row.tone.value)
    words: list[Widget] = [
        Text(look, row.name, size=BODY, bold=True, tight=True),
        Text(look, row.state, size=NOTE, colour=colour, sid=f"staff.part.{row.id}"),
    ]
    if row.note:
        words.append(Text(look, row.note, size=NOTE, colour=look.theme.ink_soft))
    if tool is not None:
        words += [Spacer(look, look.mm(GAP_S)), tool]
    return Row(look, [
        (Icon(look, ICONS[row.id], size=14), 0),
        (Column(look, words, gap=look.mm(0.6)), 1),
        (Icon(look, MARKS[row.tone], size=11, colour=colour, weight="bold"), 0),
    ], gap=look.mm(GAP_M), stretch=False)
