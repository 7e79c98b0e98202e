"""A form filled from a paper: camera, engine and worker are real, and may fail."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from devices.ocr.text_reader import TextReader
from devices.testbed.camera import CameraHttp
from devices.testbed.identity_papers import COMPANY
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.rig import City, service
from tests.kiosk.visit.guest import Guest

CODE = service("residence_permit")["code"]
SAID = {
    "phone": "13900001234", "district": "220104", "present_address": "长春市朝阳区",
    "living_since": "2026-01-05", "housing": "own",
}


@pytest.fixture(scope="module")
def text_reader() -> Iterator[TextReader]:
    reader = TextReader(idle=300)
    yield reader
    reader.close()


@pytest.fixture
def asked(
    tmp_path: Path, shop: Store, city: City, reader: SamvPty, printer_line: PrinterPty,
    text_reader: TextReader,
) -> Iterator[Guest]:
    """At the question for the employer, a business licence under the camera."""
    reader.heal()
    reader.remove()
    with CameraHttp() as camera:
        camera.lay("business_licence")
        guest = Guest(tmp_path, shop, city, reader=reader, printer=printer_line,
                      camera_url=camera.address)
        guest.patience = 60.0  # the engine gives way to everything else on a busy machine
        guest.place.rooms = replace(guest.place.rooms, text_reader=text_reader)
        guest.new_visit()
        text_reader.turned(np.zeros((64, 64, 3), np.uint8))  # it runs: no test waits for its start
        guest.to_form(CODE)
        visit = guest.visit
        while all(field.id != "reason" for field in visit.form.fields):
            for field in visit.form.fields:
                if field.id in SAID:
                    visit.set_answer(field.id, SAID[field.id])
            visit.next()
        assert not visit.form.paper
        visit.set_answer("reason", "business")
        assert visit.form.paper
        visit.fill_from_paper()
        guest.at(Step.SCAN)
        yield guest
        guest.close()


def employer(guest: Guest) -> str:
    return next(f.value for f in guest.visit.form.fields if f.id == "employer")


def test_a_dead_engine_is_told_and_trying_again_fills_the_form(
    asked: Guest, text_reader: TextReader
) -> None:
    visit = asked.visit
    asked.until(lambda: visit.reading is not None and visit.reading.busy, "the paper is read")
    assert text_reader.pid is not None
    os.kill(text_reader.pid, signal.SIGKILL)
    asked.until(lambda: visit.reading is not None and visit.reading.fault is not None, "told")
    reading = visit.reading
    assert reading is not None and reading.fault is not None
    assert reading.fault.code == "text.engine_gone"
    visit.retry()
    asked.until(lambda: text_reader.pid is not None, "a new engine")
    asked.on(Step.FORM)
    assert employer(asked) == COMPANY["name"]
    assert visit.form.note


def test_who_goes_back_while_the_paper_is_read_finds_the_form_as_it_was(asked: Guest) -> None:
    visit = asked.visit
    asked.until(lambda: visit.reading is not None and visit.reading.busy, "the paper is read")
    page = visit._page
    visit.back()
    asked.at(Step.FORM)
    assert visit._page == page
    asked.settle()
    asked.frame()
    asked.at(Step.FORM)
    assert employer(asked) == ""
    assert visit.captured is None


def test_no_time_runs_out_while_a_paper_is_read_and_quitting_ends_the_engine(
    asked: Guest, text_reader: TextReader
) -> None:
    visit = asked.visit
    asked.until(lambda: visit.reading is not None and visit.reading.busy, "the paper is read")
    asked.place.clock.pass_by(500.0)
    visit.tick()
    assert visit.idle_left is None
    visit.quit()
    asked.at(Step.GOODBYE)
    asked.until(lambda: text_reader.pid is None, "the engine is gone")
