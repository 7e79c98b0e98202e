"""Identify: the card on this kiosk's reader, shown as a moving picture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import IdentifyState, IdentifyView
from screens.screen import Screen
from screens.tokens import GAP_L, GAP_M, GAP_S, LEAD, NOTE, TITLE
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.card import Card, Notice
from screens.widgets.card_reader import BookletPicture, Kind, ReaderPicture
from screens.widgets.icon import Icon
from screens.widgets.ring import Ring
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class IdentifyScreen(Screen):
    """Waits for a card; moves on by itself when it was read."""

    step: ClassVar[Step] = Step.IDENTIFY

    def state(self, visit: "Visit") -> object:
        return visit.identify

    def content(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.identify
        if view.state is IdentifyState.READING:
            return self._reading()
        if view.state is IdentifyState.RECOGNISED:
            return self._recognised()
        if view.lines_known:
            return self._passport_wanted(view)
        return self._waiting(view)

    def _passport_wanted(self, view: IdentifyView) -> list[Widget]:
        """Its lines are known: it reads by itself as soon as it lies there."""
        look = self.look
        items: list[Widget] = [self.title(self.say("Now lay your passport on the reader"))]
        if view.fault:
            items.append(self.fault(view.fault))
        else:
            items.append(self.lead(self.say("Its chip can be opened now. Leave it there until I "
                                            "say thank you; it takes a few seconds.")))
        how = self.say("Closed, with its cover down, flat on the lit field")
        items.append(Card(look, Column(look, [
            ReaderPicture(look, "passport", size=150 if look.portrait else 64),
            Text(look, how, size=LEAD, bold=True, align="center", balance=True),
        ], gap=look.mm(GAP_M)), padding=(GAP_M * 0.8, GAP_M), sid="identify.passport_reader"))
        items.append(Spacer(look, stretch=1))
        items.append(self._promise())
        return items

    def _waiting(self, view: IdentifyView) -> list[Widget]:
        look = self.look
        question = (self.say("Show that the case is yours") if view.purpose == "case"
                    else self.say("Please lay your card on the reader"))
        items: list[Widget] = [self.title(question)]
        if view.fault:
            items.append(self.fault(view.fault))
        else:
            items.append(self.lead(self.say("Either card will do. You get it back right away; "
                                            "leave it there until I say thank you.")))
        working = [reader for reader, works in view.readers if works]
        beside = not look.portrait or not look.tokens.large_text or len(working) == 1
        size = 50 if view.passport else 64
        if look.portrait and not look.low_reach:
            size = (146 if view.passport else 168) if beside else 92
        pictures = [(self._way(cast(Kind, reader), size), 1.0) for reader in working]
        if pictures:
            items.append(
                Row(look, pictures, gap=look.mm(GAP_M)) if beside
                else Column(look, [picture for picture, _ in pictures], gap=look.mm(GAP_M))
            )
        items.extend(
            Notice(look, self.say("The reader for this card does not work at the moment: {reader}",
                                  reader=self._name(cast(Kind, reader))), tone="caution")
            for reader, works in view.readers if not works
        )
        if view.passport:
            items.append(self._passport_way())
        items.append(Spacer(look, stretch=1))
        items.append(self._promise())
        return items

    def _promise(self) -> Row:
        look = self.look
        return Row(look, [
            (Icon(look, "shield-check", size=11, colour=look.theme.good), 0),
            (self.note(self.say("Your card is read here only for this visit. "
                                "Nothing is kept.")), 1),
        ], gap=look.mm(GAP_S), stretch=False)

    def _passport_way(self) -> Card:
        """Touched first, since its chip wants the printed lines before it speaks."""
        look = self.look
        words = Column(look, [
            Text(look, self.say("I have a passport"), size=LEAD, bold=True),
            Text(look, self.say("Touch here first: its chip opens with the lines printed on the "
                                "photo page."),
                 size=NOTE, colour=look.theme.ink_soft),
        ], gap=look.mm(0.8))
        row = Row(look, gap=look.mm(GAP_M), stretch=False)
        row.add(BookletPicture(look, size=44))
        row.add(words, 1)
        row.add(Icon(look, "caret-right", size=7.5, colour=look.theme.ink_soft, weight="bold"))
        return Card(look, row, "identify.passport", self.visit.use_passport,
                    padding=(GAP_M, GAP_S))

    def _way(self, reader: Kind, size: float) -> Card:
        look = self.look
        how = (self.say("Lay it flat on the lit field") if reader == "id_card"
               else self.say("Push it into the slot, chip first"))
        return Card(look, Column(look, [
            ReaderPicture(look, reader, size=size),
            Column(look, [
                Text(look, self._name(reader), size=LEAD, bold=True, align="center",
                     balance=True),
                Text(look, how, size=NOTE, colour=look.theme.ink_soft, align="center",
                     balance=True),
            ], gap=look.mm(0.8)),
        ], gap=look.mm(GAP_M)), padding=(GAP_M * 0.8, GAP_M), sid=f"identify.{reader}")

    def _name(self, reader: Kind) -> str:
        return (self.say("Resident ID card") if reader == "id_card"
                else self.say("Social security card"))

    def _reading(self) -> list[Widget]:
        look = self.look
        return [
            Spacer(look, stretch=1),
            Ring(look, Icon(look, "identification-card", size=42), size=92, turning=True),
            Spacer(look, look.mm(GAP_L)),
            self._said(self.say("I am reading your card…"), "identify.title"),
            self._added(self.say("Please leave it where it is.")),
            Spacer(look, stretch=1.4),
        ]

    def _recognised(self) -> list[Widget]:
        look = self.look
        return [
            Spacer(look, stretch=1),
            Icon(look, "check-circle", size=92, colour=look.theme.good),
            Spacer(look, look.mm(GAP_L)),
            self._said(self.say("Thank you. Your card has been read."), "identify.title"),
            self._added(self.say("You can take it back now.")),
            Spacer(look, stretch=1.4),
        ]

    def _said(self, text: str, sid: str) -> Text:
        return Text(self.look, text, size=TITLE, bold=True, align="center", balance=True,
                    tight=True, sid=sid)

    def _added(self, text: str) -> Text:
        return Text(self.look, text, size=LEAD, align="center", balance=True,
                    colour=self.look.theme.ink_soft)
