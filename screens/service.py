"""The guide of a service: what you get, what you bring, how long, what it costs, can it be here."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.guide_views import Elsewhere, Fact, GuideLine, GuideSection, PaperState, ServiceView
from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import BODY, GAP_L, GAP_M, GAP_S, LEAD, NOTE
from screens.widgets.arrange import Column, Row
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import Badge, Card, Notice
from screens.widgets.icon import Icon, Tile
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class ServiceScreen(Screen):
    """Everything one wants to know before beginning, and one obvious next step."""

    step: ClassVar[Step] = Step.SERVICE

    def state(self, visit: "Visit") -> object:
        return visit.service

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.service
        row = view.row
        names: list[Widget] = [self.title(row.name), self.note(row.department)]
        if row.here_now:
            names.append(Row(look, [
                (Badge(look, self.say("You can apply here now"), icon="check"), 0),
                (Text(look, ""), 1),
            ]))
        head = Row(look, [
            (Tile(look, row.icon, row.colour, size=30), 0),
            (Column(look, names, gap=look.mm(1.4)), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        items: list[Widget] = [head, self.lead(row.summary)]
        if view.in_chinese:
            items.append(Row(look, [
                (Icon(look, "translate", size=11), 0),
                (Text(look, view.in_chinese, size=BODY, sid="service.in_chinese"), 1),
            ], gap=look.mm(GAP_S), stretch=False))
        if view.elsewhere is not None:
            items.append(self._elsewhere(view.elsewhere))
        items.extend(self.fault(fault) for fault in view.missing)
        if view.paper is PaperState.PRINTED:
            items.append(Notice(look, self.say("Please take the printed guide."), tone="good",
                                sid="service.printed"))
        items.append(self._facts(view))
        sections = [self._section(section) for section in view.sections]
        items.append(Card(look, Column(look, sections, gap=look.mm(GAP_L)),
                          padding=(GAP_L, GAP_L)))
        if view.can_print and row.here_now:
            items.append(self._print(view, kind="quiet"))
        if view.notice:
            items.append(Text(look, view.notice, size=NOTE, colour=look.theme.ink_soft,
                              align="center"))
        return items

    def _facts(self, view: ServiceView) -> Block:
        """The short answers beside each other; below each other in large letters."""
        look = self.look
        cells: list[Widget] = [self._fact(fact) for fact in view.facts]
        lines: list[Widget] = cells
        if not look.tokens.large_text:
            # "15 working days" is the longest of them.
            lines = [Row(look, [(cell, 1.3 if fact.id == "time" else 1.0)
                                for cell, fact in zip(cells, view.facts, strict=True)],
                         gap=look.mm(GAP_S))]
        if view.promise:
            promise = Row(look, [
                (Icon(look, "calendar-check", size=12), 0),
                (Text(look, view.promise, size=BODY, sid="service.promise"), 1),
            ], gap=look.mm(GAP_S * 0.8), stretch=False)
            lines.insert(1, promise)
        return Card(look, Column(look, lines, gap=look.mm(GAP_S)), "service.facts",
                    padding=(GAP_M, GAP_M * 0.8))

    def _fact(self, fact: Fact) -> Row:
        look = self.look
        words = Column(look, [
            Text(look, fact.title, size=NOTE, colour=look.theme.ink_soft, tight=True),
            Text(look, fact.value, size=LEAD, bold=True, tight=True, sid=f"service.{fact.id}"),
        ], gap=look.mm(0.8))
        return Row(look, [(Icon(look, fact.icon, size=12), 0), (words, 1)],
                   gap=look.mm(GAP_S * 0.8), stretch=False)

    def _elsewhere(self, elsewhere: Elsewhere) -> Card:
        """Where it is done instead; nobody is to blame, so no warning."""
        look = self.look
        lines: list[Widget] = [Text(look, elsewhere.sentence, size=BODY, bold=True),
                               Text(look, self.say("It is done here:"), size=BODY)]
        lines += [Text(look, f"· {place}", size=BODY, bold=True) for place in elsewhere.places]
        return Card(look, Row(look, [
            (Icon(look, "signpost", size=15), 0), (Column(look, lines, gap=look.mm(1)), 1),
        ], gap=look.mm(GAP_M), stretch=False), "service.elsewhere",
            padding=(GAP_M * 1.2, GAP_M), ground=look.theme.primary_soft,
            edge=look.theme.primary)

    def _section(self, section: GuideSection) -> Row:
        look = self.look
        many = len(section.lines) > 1
        lines: list[Widget] = [Text(look, section.title, size=LEAD, bold=True)]
        for number, line in enumerate(section.lines, start=1):
            words = self._line(line)
            if many:
                text = f"{number}." if section.id == "steps" else "·"
                mark = Text(look, text, size=BODY, bold=True, colour=look.theme.primary)
                lines.append(Row(look, [(Column(look, [mark]), 0), (words, 1)],
                                 gap=look.mm(2.4)))
            else:
                lines.append(words)
        return Row(look, [
            (Column(look, [Icon(look, section.icon, size=13.9)]), 0),
            (Column(look, lines, gap=look.mm(1.2)), 1),
        ], gap=look.mm(GAP_M))

    def _line(self, line: GuideLine) -> Block:
        look = self.look
        words: list[Widget] = [Text(look, line.text, size=BODY)]
        if line.note:
            words.append(Text(look, line.note, size=NOTE, colour=look.theme.ink_soft))
        if line.sheet:
            button = Button(look, self.say("See blank form and sample"),
                            f"service.sheet.{line.sheet}",
                            partial(self.visit.open_sheet, line.sheet), kind="quiet",
                            icon="eye", small=True)
            words.append(Column(look, [Row(look, [(button, 1 if look.tokens.large_text else 0),
                                                  (Text(look, ""), 0.01)])],
                                padding=(0, look.mm(1.5), 0, look.mm(2.6))))
        return Column(look, words, gap=look.mm(0.4)) if len(words) > 1 else words[0]

    def _print(self, view: ServiceView, kind: str) -> Button:
        printing = view.paper is PaperState.PRINTING
        return Button(
            self.look, self.say("Printing…") if printing else self.say("Print this guide"),
            "service.print", None if printing else self.visit.print_guide,
            kind="primary" if kind == "primary" else "quiet", icon="printer",
        )

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.service
        if not view.row.here_now:
            return [self._print(view, "primary")] if view.can_print else []
        buttons: list[Widget] = []
        if view.checks:
            buttons.append(Button(self.look, self.say("Can I do this?"), "service.checks",
                                  visit.open_checks, kind="quiet", icon="question"))
        return [*buttons, Button(self.look, self.say("Start"), "service.begin", visit.begin,
                                 icon_after="arrow-right")]
