"""The camera: the live picture with the page it sees, then the page it took, to keep or not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from kivy.uix.widget import Widget
from numpy.typing import NDArray

from kiosk.steps import Step
from kiosk.views import FaultView, LiveView, MaterialView, ReadingView, StageState
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import BODY, GAP_L, GAP_M, HEADING, LEAD
from screens.widgets.arrange import Column, Row
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.camera_picture import CameraPicture, Picture
from screens.widgets.card import Card, Notice
from screens.widgets.filling import Filling
from screens.widgets.icon import Icon
from screens.widgets.spinner import StageMark
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class ScanScreen(Screen):
    step: ClassVar[Step] = Step.SCAN
    keeps_scroll: ClassVar[bool] = False

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._live: CameraPicture | None = None
        self._page: Picture | None = None
        self._advice: Text | None = None
        self._live_fault: FaultView | None = None

    def state(self, visit: "Visit") -> object:
        captured = visit.captured
        page = None if captured is None else (_place_of(captured.image), captured.problem)
        return (visit.reading or visit.material, page, self._live_fault)

    def content(self, visit: "Visit") -> Sequence[Widget]:
        self._forget()
        captured = visit.captured
        if captured is not None:
            return self._captured(captured.problem, visit)
        reads = visit.reading is not None
        self._live = CameraPicture(self.look, "scan.picture")
        self._advice = Text(self.look, self.say("Lay the paper inside the frame."), size=HEADING,
                            bold=True, colour=self.look.theme.primary, align="center",
                            sid="scan.advice")
        tall = self.look.portrait
        roomy = tall and not self.look.low_reach
        items: list[Widget] = [
            self._headline(self.say("Fill from a paper") if reads else visit.material.name)
        ]
        if not reads and visit.material.next_side:
            items.append(Text(self.look, visit.material.next_side, size=HEADING, bold=True,
                              sid="scan.side"))
        elif roomy or not tall:
            items.append(self.lead(
                self.say("An identity card, a page of the household register or a business "
                         "licence. It is only read: no picture is kept.")
                if reads else self.say("The picture is taken by itself when the page lies still.")
            ))
        if self._live_fault is not None:
            items.append(self.fault(self._live_fault))
        else:
            items.append(self._banner(self._advice))
        return self._beside(items, self._live, [self._tips()] if roomy else [])

    def _headline(self, text: str) -> Text:
        """The title; smaller where it stands beside the picture."""
        if self.look.portrait:
            return self.title(text)
        return Text(self.look, text, size=HEADING + 1, bold=True, tight=True, sid="scan.title")

    def _beside(
        self, words: Sequence[Widget], picture: Block, below: Sequence[Widget] = ()
    ) -> Sequence[Widget]:
        """The picture as large as there is room: under the words, on wide panels beside them."""
        look = self.look
        if look.portrait:
            return [*words, Filling(look, picture, 90), *below]
        column = Column(look, [*words, *below], gap=look.mm(GAP_M))
        row = Row(look, [(column, 0.42), (picture, 0.58)], gap=look.mm(GAP_L))
        return [Filling(look, row, 120)]

    def _banner(self, advice: Text) -> Card:
        """The one thing to do now, where the eyes are."""
        return Card(self.look, advice, ground=self.look.theme.primary_soft,
                    edge=self.look.theme.primary)

    def _tips(self) -> Row:
        look = self.look
        tips = (("file-text", self.say("Lay it flat")), ("stack-simple", self.say("One page only")),
                ("hand", self.say("Take your hand away")))
        columns = [
            (Column(look, [
                Icon(look, icon, size=16),
                Text(look, text, size=BODY, align="center", balance=True),
            ], gap=look.mm(1.5)), 1.0)
            for icon, text in tips
        ]
        return Row(look, columns, gap=look.mm(GAP_M))

    def _captured(self, problem: FaultView | None, visit: "Visit") -> Sequence[Widget]:
        self._page = Picture(self.look, "scan.page")
        assert visit.captured is not None
        self._page.show(visit.captured.image, 0)
        if visit.reading is not None:
            return self._beside(self._being_read(visit.reading, problem), self._page)
        items: list[Widget] = [self._headline(self.say("Can everything be read?"))]
        if problem is not None:
            items.append(Notice(self.look, problem.sentence, problem.way_on, tone="caution",
                                sid="scan.problem"))
        else:
            items.append(Text(self.look, _called(visit.material), size=LEAD,
                              colour=self.look.theme.ink_soft))
        return self._beside(items, self._page)

    def _being_read(self, reading: ReadingView, problem: FaultView | None) -> list[Widget]:
        """What happens to the page that fills a form, and how long it takes."""
        if reading.fault is not None:
            return [self._headline(self.say("Fill from a paper")), self.fault(reading.fault)]
        if not reading.busy and problem is not None:
            notice = Notice(self.look, problem.sentence, problem.way_on, tone="caution",
                            sid="scan.problem")
            return [self._headline(self.say("Can everything be read?")), notice]
        look = self.look
        words = Column(look, [
            Text(look, self.say("The paper is being read"), size=HEADING, bold=True, tight=True,
                 sid="scan.reading"),
            Text(look, self.visit.words.plural("This takes about {n} second.",
                                               "This takes about {n} seconds.", reading.seconds),
                 size=BODY, colour=look.theme.ink_soft),
        ], gap=look.mm(1))
        mark = StageMark(look, StageState.ACTIVE)
        row = Row(look, [(mark, 0), (words, 1)], gap=look.mm(GAP_M), stretch=False)
        return [self._headline(self.say("Fill from a paper")), Card(look, row)]

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        captured = visit.captured
        if captured is None:
            take = Button(self.look, self.say("Take the picture now"), "scan.capture",
                          visit.capture, icon="camera")
            return [take] if visit.reading is None else [self._type(visit), take]
        if visit.reading is not None:
            return self._reading_actions(visit, visit.reading)
        retake = Button(self.look, self.say("Take it again"), "scan.retake", visit.retake,
                        kind="primary" if captured.problem else "quiet",
                        icon="arrow-counter-clockwise")
        keep = Button(self.look, self.say("Keep this page"), "scan.keep", visit.keep,
                      kind="quiet" if captured.problem else "primary", icon="check")
        if captured.problem:
            return [keep, retake]
        if not visit.more_pages:
            return [retake, keep]
        more = Button(self.look, self.say("Keep, next page"), "scan.more",
                      visit.keep_and_go_on, kind="quiet", icon_after="caret-right")
        return [retake, more, keep]

    def _reading_actions(self, visit: "Visit", reading: ReadingView) -> Sequence[Widget]:
        if reading.busy or reading.fault is not None:
            return [self._type(visit)]
        again = Button(self.look, self.say("Take it again"), "scan.retake", visit.retake,
                       icon="arrow-counter-clockwise")
        anyway = Button(self.look, self.say("Read it anyway"), "scan.read", visit.read_captured,
                        kind="quiet")
        return [anyway, again]

    def _type(self, visit: "Visit") -> Button:
        return Button(self.look, self.say("I would rather type"), "scan.type", visit.skip,
                      kind="quiet", icon="keyboard")

    def frame(self, passed: float) -> None:
        if self._live is None:
            return
        live: LiveView = self.visit.live()
        if live.fault != self._live_fault:
            self._live_fault = live.fault
            self.rebuild(self.visit)
            return
        self._live.look_at(live)
        if self._advice is not None and live.advice and live.advice != self._advice.text:
            self._advice.text = live.advice
            self.arrange()

    def leave(self) -> None:
        self._forget()
        self._live_fault = None
        super().leave()

    def _forget(self) -> None:
        """No picture of a paper stays behind, on the graphics card neither."""
        for picture in (self._live, self._page):
            if picture is not None:
                picture.clear()
        self._live = self._page = self._advice = None


def _called(material: MaterialView) -> str:
    """The paper's name, with that of the side that is next."""
    return f"{material.name} · {material.next_side}" if material.next_side else material.name


def _place_of(image: NDArray[np.uint8]) -> int:
    """Where the pixels lie: the same page is handed out as a new view each time."""
    return int(image.__array_interface__["data"][0])
