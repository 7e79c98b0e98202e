"""A page that lay upside down, with the engine that reads text in its own process."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from devices.ocr.text_reader import TextReader
from devices.testbed import papers
from devices.testbed.camera import CameraHttp
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.rig import CERTIFICATE, City, service
from tests.kiosk.visit.guest import Guest


@pytest.fixture
def scanner(
    tmp_path: Path, shop: Store, city: City, reader: SamvPty, printer_line: PrinterPty
) -> Iterator[Guest]:
    """At the papers of the certificate, a rental contract upside down under the camera."""
    reader.heal()
    reader.remove()
    text_reader = TextReader()
    with CameraHttp() as camera:
        camera.lay(papers.paper("rental_contract").rotate(180))
        guest = Guest(tmp_path, shop, city, reader=reader, printer=printer_line,
                      camera_url=camera.address)
        guest.patience = 60.0  # the engine gives way to everything else on a busy machine
        guest.place.rooms = replace(guest.place.rooms, text_reader=text_reader)
        guest.new_visit()
        guest.to_form(service(CERTIFICATE)["code"])
        guest.fill()
        guest.at(Step.MATERIAL)
        yield guest
        guest.close()
    text_reader.close()


def print_of(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What is printed on an RGB page, without the light that falls on it."""
    grey = np.asarray(Image.fromarray(picture).convert("L"))
    small = cv2.resize(grey, (206, 292), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), 12), np.float32)


def likeness(drawn: NDArray[np.float32], taken: NDArray[np.uint8] | None) -> float:
    assert taken is not None
    seen = print_of(np.ascontiguousarray(taken))
    return float(np.corrcoef(drawn.ravel(), seen.ravel())[0, 1])


def test_a_page_that_lies_upside_down_is_turned_without_a_word(scanner: Guest) -> None:
    visit = scanner.visit
    drawn = print_of(np.asarray(papers.paper("rental_contract").convert("RGB")))
    visit.scan_material("social_security_card")
    scanner.until(lambda: visit.captured is not None, "page")

    as_it_lay = visit._captured
    assert as_it_lay is not None and as_it_lay.code is None
    assert likeness(drawn, visit.captured.image if visit.captured else None) < 0.3
    scanner.until(lambda: visit._captured is not as_it_lay, "the page turned")
    assert likeness(drawn, visit.captured.image if visit.captured else None) > 0.6
    visit.keep()
    scanner.on(Step.MATERIAL)
    (page,) = visit._app.pages["social_security_card"]
    kept = cv2.imdecode(np.frombuffer(page.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert likeness(drawn, np.asarray(kept, np.uint8)) > 0.6
