"""What happens after handing in, stage by stage; it never looks frozen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import Stage, StageState
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import BODY, GAP_L, GAP_M, HEADING, LEAD, TITLE
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.card import Card
from screens.widgets.icon import Tile
from screens.widgets.spinner import StageMark
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

PATIENCE = 8
"""Seconds of one stage after which we say that it takes a little longer."""


class SendingScreen(Screen):
    step: ClassVar[Step] = Step.SENDING

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._active = ""
        self._seconds = 0.0
        self._elapsed: Text | None = None

    def state(self, visit: "Visit") -> object:
        return visit.stages

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look = self.look
        active = next((one.id for one in visit.stages if one.state is StageState.ACTIVE), "")
        if active != self._active:
            self._active, self._seconds = active, 0.0
        self._elapsed = None
        stages = [self._stage(stage) for stage in visit.stages]
        return [
            Spacer(look, look.mm(GAP_L), stretch=1),
            Tile(look, "paper-plane-tilt", "blue", size=46),
            self._centred(self.say("We are handing it in"), TITLE, bold=True),
            self._centred(
                self.say("You need not do anything. Please wait for your receipt."), LEAD
            ),
            Card(look, Column(look, stages, gap=look.mm(GAP_L)), padding=(GAP_L, GAP_L)),
            Spacer(look, stretch=2),
        ]

    def _centred(self, text: str, size: float, *, bold: bool = False) -> Text:
        look = self.look
        return Text(look, text, size=size, bold=bold, align="center", balance=True, tight=bold,
                    colour=look.theme.ink if bold else look.theme.ink_soft)

    def _stage(self, stage: Stage) -> Widget:
        look, theme = self.look, self.look.theme
        pending = stage.state is StageState.PENDING
        texts: list[Widget] = [
            Text(look, stage.title, size=HEADING, bold=not pending, tight=True,
                 colour=theme.ink_soft if pending else theme.ink),
        ]
        note = stage.note or self._state_words(stage.state)
        line = Text(look, note, size=BODY, sid=f"sending.{stage.id}", colour=(
            theme.danger if stage.state is StageState.FAILED else theme.ink_soft))
        if stage.state is StageState.ACTIVE:
            self._elapsed = line
        texts.append(line)
        return Row(look, [(StageMark(look, stage.state), 0),
                          (Column(look, texts, gap=look.mm(1)), 1)],
                   gap=look.mm(GAP_M), stretch=False)

    def _state_words(self, state: StageState) -> str:
        match state:
            case StageState.PENDING:
                return self.say("Comes next")
            case StageState.ACTIVE:
                return self._active_words()
            case StageState.DONE:
                return self.say("Done")
            case _:
                return self.say("Did not work")

    def _active_words(self) -> str:
        seconds = int(self._seconds)
        if seconds < 1:
            return self.say("Under way")
        if seconds < PATIENCE:
            return self.visit.words.plural("Under way for {n} second",
                                           "Under way for {n} seconds", seconds)
        return self.visit.words.plural("Takes a little longer: {n} second so far",
                                       "Takes a little longer: {n} seconds so far", seconds)

    def frame(self, passed: float) -> None:
        before = int(self._seconds)
        self._seconds += passed
        stage = next((one for one in self.visit.stages if one.id == self._active), None)
        if self._elapsed is None or stage is None or stage.note or before == int(self._seconds):
            return
        self._elapsed.text = self._active_words()

    def leave(self) -> None:
        self._active, self._seconds, self._elapsed = "", 0.0, None
        super().leave()
