"""Draws the screens from the form to the receipt into PNG files, to be looked at.

    python -m tests.screens.pictures_b --out DIR …    # see tests/screens/drawing.py
"""

from collections.abc import Callable
from typing import Any

from kiosk.steps import Step
from kiosk.views import Looks, StageState
from tests.harness import Hands
from tests.screens.drawing import Stage, draw
from tests.screens.sample_pages import signature
from tests.screens.samples_b import SampleVisitB

Pose = Callable[[Hands, SampleVisitB], None]


def _tap(*sids: str) -> Pose:
    def pose(hands: Hands, _: SampleVisitB) -> None:
        for sid in sids:
            hands.tap(sid)

    return pose


def _write_pinyin(hands: Hands, visit: SampleVisitB) -> None:
    from screens.input.rime import shared_engine

    assert shared_engine().wait(10)
    hands.tap("form.field.address")
    hands.type_text("changchun")


def _sign(hands: Hands, visit: SampleVisitB) -> None:
    x, y, width, height = hands.widgets()["sign.pad"]
    for stroke in signature():
        finger = hands.touch(x + stroke[0][0] * width, y + stroke[0][1] * height)
        for px, py, _ in stroke:
            finger.move(x + px * width, y + py * height)
            hands.frame()
        finger.lift()
        hands.frame()


def _wrong_phone(hands: Hands, visit: SampleVisitB) -> None:
    for sid in ("form.field.phone", "key.1", "key.3", "key.9"):
        hands.tap(sid)
    hands.tap("form.field.id")


def poses(visit: SampleVisitB) -> dict[str, tuple[Step, Callable[[], None], Pose]]:
    """Picture name → (step, set up before it is shown, what hands do then)."""

    def put(**values: Any) -> Callable[[], None]:
        def set_up() -> None:
            for name, value in values.items():
                setattr(visit, name, value)

        return set_up

    def of_material(index: int, then: Callable[[], object]) -> Callable[[], None]:
        def set_up() -> None:
            visit.material_index = index
            then()

        return set_up

    still: Pose = _tap()
    nothing = put()
    failed = (StageState.DONE, StageState.FAILED, StageState.ACTIVE)
    return {
        "form": (Step.FORM, nothing, still),
        "form_pinyin": (Step.FORM, nothing, _write_pinyin),
        "form_pad": (Step.FORM, nothing, _wrong_phone),
        "form_choices": (Step.FORM, put(page=1), still),
        "form_date": (Step.FORM, put(page=1), _tap("form.field.born")),
        "form_list": (Step.FORM, put(page=1), _tap("form.field.group")),
        "form_latin": (Step.FORM, put(page=1), _tap("form.field.note", "key.shift")),
        "form_hangul": (
            Step.FORM,
            nothing,
            _tap("form.field.address", "key.mode", "key.ㄱ", "key.ㅣ", "key.ㅁ"),
        ),
        "form_symbols": (Step.FORM, nothing, _tap("form.field.address", "key.symbols")),
        "material": (Step.MATERIAL, nothing, still),
        "scan_empty": (Step.SCAN, lambda: visit.see(paper=False), still),
        "scan": (Step.SCAN, visit.see, still),
        "scan_captured": (Step.SCAN, visit.take, still),
        "scan_side": (Step.SCAN, of_material(2, visit.see), still),
        "scan_more": (Step.SCAN, of_material(1, visit.take), still),
        "scan_blurred": (Step.SCAN, lambda: visit.take(blurred=True), still),
        "sign": (Step.SIGN, nothing, still),
        "sign_signed": (Step.SIGN, nothing, _sign),
        "sign_fault": (Step.SIGN, put(sign_fault="printer.paper_out"), still),
        "review": (Step.REVIEW, nothing, still),
        "sending": (Step.SENDING, nothing, still),
        "sending_failed": (Step.SENDING, put(stage_states=failed), still),
        "done": (Step.DONE, nothing, still),
        "done_confirmed": (Step.DONE, put(confirmed=True), still),
        "done_unprinted": (Step.DONE, put(printed=False), still),
    }


def _scene(stage: Stage, name: str, language: str, looks: Looks) -> None:
    visit = SampleVisitB(Step.REVIEW, language, looks)
    visit.step, set_up, pose = poses(visit)[name]
    set_up()
    stage.show(visit)
    stage.hands.wait(0.5)
    pose(stage.hands, visit)


if __name__ == "__main__":
    draw(__doc__, list(poses(SampleVisitB())), SampleVisitB(Step.REVIEW), _scene, 2.2)
