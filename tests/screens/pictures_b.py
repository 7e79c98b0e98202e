"""Draws the screens from the form to the receipt into PNG files, to be looked at.

python -m tests.screens.pictures_b --out DIR [--lang zh,en,ko] [--looks normal,large,contrast]
    [--only form,sign] [--size 1080x1920]
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from kiosk.steps import Step
from kiosk.views import StageState
from tests.harness import Hands, KioskApp, PanelSize
from tests.screens.pictures import LOOKS, NOON
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default="zh,en,ko")
    parser.add_argument("--looks", default="normal")
    parser.add_argument("--only", default="")
    parser.add_argument("--size", default="1080x1920")
    arguments = parser.parse_args()
    os.environ.setdefault("YIMEN_FONTS", str(Path(".venv/share/yimen/fonts").resolve()))
    width, height = (int(part) for part in arguments.size.split("x"))
    panel = PanelSize(width, height, 27.0)
    only = [name for name in arguments.only.split(",") if name]
    names = list(poses(SampleVisitB()))
    app = KioskApp(
        lambda: cast(Any, SampleVisitB(Step.REVIEW)),
        lambda: None,
        lambda: None,
        panel,
        lambda: None,
        now=lambda: NOON,
    )
    with Hands(app, panel=panel) as hands:
        for language in arguments.lang.split(","):
            for looks in arguments.looks.split(","):
                for name in names:
                    if only and name not in only:
                        continue
                    visit = SampleVisitB(Step.REVIEW, language, LOOKS[looks])
                    visit.step, set_up, pose = poses(visit)[name]
                    set_up()
                    app.visit = cast(Any, visit)
                    visit.on_change = app._note_change
                    app._renew()
                    app.show()
                    hands.wait(0.5)
                    pose(hands, visit)
                    hands.wait(2.2)
                    hands.picture(arguments.out / f"{name}_{language}_{looks}.png")
                    print(f"{name}_{language}_{looks}", flush=True)


if __name__ == "__main__":
    main()
