"""Papers under a real camera wire: scanned, looked at again, kept; the form page by page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.testbed.camera import CameraHttp
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.rig import CERTIFICATE, PAGE, STROKES, City, service
from tests.kiosk.visit.guest import Guest

MATERIAL = "social_security_card"
CODE = service(CERTIFICATE)["code"]


@pytest.fixture(scope="module")
def camera() -> Iterator[CameraHttp]:
    with CameraHttp() as camera:
        yield camera


@pytest.fixture
def scanner(
    tmp_path: Path, shop: Store, city: City, reader: SamvPty, printer_line: PrinterPty,
    camera: CameraHttp,
) -> Iterator[Guest]:
    """A person at the papers of the certificate, a rental contract under the camera."""
    reader.heal()
    reader.remove()
    camera.stall(False)
    camera.blur(False)
    camera.lay("rental_contract")
    guest = Guest(tmp_path, shop, city, reader=reader, printer=printer_line,
                  camera_url=camera.address)
    guest.to_form(CODE)
    guest.fill()
    guest.at(Step.MATERIAL)
    yield guest
    guest.close()


def _seen(guest: Guest) -> None:
    guest.until(lambda: guest.visit.live().image is not None, "picture")


def _captured(guest: Guest) -> None:
    def try_again() -> bool:
        if guest.visit.captured is None:
            guest.visit.capture()
        return guest.visit.captured is not None

    guest.until(try_again, "captured")


def test_page_lying_still_is_taken_by_itself_and_kept(scanner: Guest) -> None:
    visit = scanner.visit
    visit.next()
    scanner.at(Step.MATERIAL)
    assert visit.fault is not None
    assert visit.fault.code == "material.missing"
    visit.scan_material(MATERIAL)
    scanner.at(Step.SCAN)
    assert visit.live().image is None
    scanner.until(lambda: visit.captured is not None, "taken by itself")
    captured = visit.captured
    assert captured is not None
    assert captured.problem is None
    assert captured.image.ndim == 3
    visit.keep()
    visit.keep()
    scanner.on(Step.MATERIAL)
    scanner.settle()
    assert visit.materials[0].pages == 1
    assert visit._app.pages[MATERIAL][0].jpeg[:2] == b"\xff\xd8"
    visit.next()
    scanner.at(Step.SIGN)


def test_page_taken_by_hand_may_be_taken_again(scanner: Guest) -> None:
    visit = scanner.visit
    visit.scan_material(MATERIAL)
    _seen(scanner)
    _captured(scanner)
    visit.retake()
    assert visit.captured is None
    _seen(scanner)
    _captured(scanner)
    visit.back()
    scanner.at(Step.MATERIAL)
    scanner.settle()
    assert visit.materials[0].pages == 0


def test_empty_desk_is_explained_by_hand_and_after_a_while(
    scanner: Guest, camera: CameraHttp
) -> None:
    camera.take()
    visit = scanner.visit
    visit.scan_material(MATERIAL)
    _seen(scanner)
    visit.capture()
    scanner.until(lambda: visit.live().fault is not None, "said")
    fault = visit.live().fault
    assert fault is not None
    assert fault.code == "page.absent"
    camera.lay("rental_contract")
    scanner.until(lambda: visit.live().fault is None, "seen")


def test_camera_that_does_not_answer_is_said_and_comes_back(
    scanner: Guest, camera: CameraHttp
) -> None:
    camera.stall()
    visit = scanner.visit
    visit.scan_material(MATERIAL)
    scanner.until(lambda: visit.live().fault is not None, "said")
    fault = visit.live().fault
    assert fault is not None
    assert fault.code == "camera.gone"
    camera.stall(False)
    scanner.until(lambda: visit.live().image is not None and visit.live().fault is None, "back")


def test_full_paper_keeps_its_pages_until_a_new_one_is_kept(scanner: Guest) -> None:
    visit = scanner.visit
    for _ in range(2):
        visit._app.keep_page(MATERIAL, PAGE)
    visit._app.sign(STROKES, ())
    visit.scan_material(MATERIAL)
    visit.back()
    assert visit.materials[0].pages == 2
    assert visit._app.strokes
    visit.scan_material(MATERIAL)
    _seen(scanner)
    _captured(scanner)
    visit.keep()
    scanner.on(Step.MATERIAL)
    assert visit.materials[0].pages == 1
    assert not visit._app.strokes


def test_page_kept_at_the_last_moment_does_not_land_in_another_scan(scanner: Guest) -> None:
    visit = scanner.visit
    visit.scan_material(MATERIAL)
    _seen(scanner)
    _captured(scanner)
    visit.keep()
    visit.back()
    visit.scan_material(MATERIAL)
    scanner.settle()
    scanner.at(Step.SCAN)
    assert visit.materials[0].pages == 0


def test_leaving_the_scan_lets_go_of_camera_and_picture(scanner: Guest) -> None:
    visit = scanner.visit
    visit.scan_material(MATERIAL)
    _seen(scanner)
    part = visit._scanning
    assert part is not None
    visit.quit()
    assert part.seen is None
    assert visit.live().image is None
    scanner.until(lambda: not part._thread.is_alive(), "thread ended")


def test_kiosk_without_a_camera_says_so(guest: Guest) -> None:
    guest.to_form()
    guest.visit.step = Step.MATERIAL
    guest.visit.scan_material(MATERIAL)
    assert guest.visit.fault is not None
    assert guest.visit.fault.code == "camera.gone"
    guest.at(Step.MATERIAL)


def test_the_next_page_of_a_paper_is_taken_and_the_last_one_not_again(
    scanner: Guest, camera: CameraHttp
) -> None:
    visit = scanner.visit
    visit.scan_material(MATERIAL)
    scanner.until(lambda: visit.captured is not None, "first page")
    assert visit.more_pages
    visit.keep_and_go_on()
    same = visit.words("Please turn it over, or lay the next page down.")
    scanner.until(lambda: visit.live().advice == same, "asked for the next page")
    assert visit.material.pages == 1 and visit.captured is None
    camera.lay("household_register")
    scanner.until(lambda: visit.captured is not None, "second page")
    assert not visit.more_pages
    visit.keep()
    scanner.on(Step.MATERIAL)
    assert visit.materials[0].pages == 2
