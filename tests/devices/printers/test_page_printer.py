"""Pages through a real cupsd to a printer made of software, with every fault."""

import asyncio
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, cast

import img2pdf
import pytest
from PIL import Image

from devices.errors import DeviceFault
from devices.printers.page_lines import ABORTED
from devices.printers.page_printer import PagePrinter, PageProgress, PagesCancelled, _follow
from devices.testbed.page_printer import PagePrinterRig

PATIENCE = 10.0


def page() -> bytes:
    """An A4 page at 50 dots an inch."""
    sheet = Image.new("1", (413, 585), 1)
    sheet.paste(0, (40, 40, 200, 60))
    return bytes(img2pdf.convert(_png(sheet)))


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return out.getvalue()


PDF = page()


class Job:
    """A job under way on a thread, as a kiosk's printer lane would have it."""

    def __init__(self, driver: PagePrinter) -> None:
        self.progress: list[PageProgress] = []
        self.ended: Exception | None = None
        self.stop = Event()
        self._driver = driver
        self._thread = Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._driver.print(
                PDF, "pages", progress=self.progress.append, stopped=self.stop.is_set
            )
        except (DeviceFault, PagesCancelled) as error:
            self.ended = error

    def wait_inside(self, rig: PagePrinterRig) -> None:
        """Until the printer has the document."""
        wait_until(lambda: PageProgress.PRINTING in self.progress and rig.holds_a_job())

    def end(self) -> Exception | None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return self.ended


def wait_until(condition: Callable[[], Any]) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


@contextmanager
def nothing_more_printed(rig: PagePrinterRig) -> Iterator[None]:
    before = rig.printed()
    yield
    assert rig.printed() == before


def code_of(error: Exception | None) -> str:
    assert isinstance(error, DeviceFault)
    return error.code


@pytest.fixture
def driver(rig: PagePrinterRig) -> PagePrinter:
    return PagePrinter(rig.queue)


def test_prints_both_sides_and_leaves_nothing_in_the_spool(
    rig: PagePrinterRig, driver: PagePrinter
) -> None:
    said: list[PageProgress] = []
    driver.print(PDF, "pages", duplex=True, progress=said.append)
    assert said == list(PageProgress)
    sheet = rig.printed()[-1]
    assert "two-sided-long-edge" in sheet.name
    assert sheet.read_bytes().startswith(b"%PDF-")
    wait_until(lambda: list(rig.spool.iterdir()) == [])


@pytest.mark.parametrize("fault", ["paper_out", "jam", "cover_open", "toner_out"])
def test_refuses_by_name_before_anything_is_spooled(
    rig: PagePrinterRig, driver: PagePrinter, fault: str
) -> None:
    rig.fault(fault)
    assert driver.status().fault == f"page_printer.{fault}"
    with nothing_more_printed(rig), pytest.raises(DeviceFault) as caught:
        driver.print(PDF, "pages")
    assert caught.value.code == f"page_printer.{fault}"
    rig.heal()
    assert driver.status().fault is None


def test_low_toner_is_told_and_printed_with(rig: PagePrinterRig, driver: PagePrinter) -> None:
    rig.fault("toner_low")
    status = driver.status()
    assert (status.fault, status.notes) == (None, ("page_printer.toner_low",))


def test_a_fault_in_the_middle_cancels_the_job_and_mending_it_prints_nothing(
    rig: PagePrinterRig, driver: PagePrinter
) -> None:
    rig.slow()
    with nothing_more_printed(rig):
        job = Job(driver)
        job.wait_inside(rig)
        rig.fault("paper_out")
        assert code_of(job.end()) == "page_printer.paper_out"
        wait_until(lambda: list(rig.spool.iterdir()) == [])
        rig.heal()
        wait_until(lambda: driver.status().fault is None and not rig.holds_a_job())
        # What the queue remembers of that job must not keep the next one from printing.
    driver.print(PDF, "pages")


def test_a_visit_that_ends_takes_its_job_along(rig: PagePrinterRig, driver: PagePrinter) -> None:
    rig.slow()
    with nothing_more_printed(rig):
        job = Job(driver)
        job.wait_inside(rig)
        job.stop.set()
        assert isinstance(job.end(), PagesCancelled)
        wait_until(lambda: list(rig.spool.iterdir()) == [])
        rig.heal()


@pytest.mark.parametrize("command", ["cupsdisable", "cupsdisable --hold", "cupsreject"])
def test_a_queue_that_was_stopped_runs_again_without_what_waited_in_it(
    rig: PagePrinterRig, driver: PagePrinter, command: str
) -> None:
    before = len(rig.printed())
    rig.queue_command("cupsdisable", "kiosk")
    stranger = rig.folder / "stranger.pdf"
    stranger.write_bytes(PDF)
    rig.queue_command("lp", "-d", "kiosk", "-t", "pages", str(stranger))
    rig.queue_command(*command.split(), "kiosk")
    driver.print(PDF, "pages")
    assert len(rig.printed()) == before + 1
    wait_until(lambda: list(rig.spool.iterdir()) == [])


def test_a_document_left_by_a_power_cut_is_purged_at_start(
    rig: PagePrinterRig, driver: PagePrinter
) -> None:
    rig.slow()
    with nothing_more_printed(rig):
        job = Job(driver)
        job.wait_inside(rig)
        rig.kill_spooler()
        assert code_of(job.end()) == "page_printer.unreachable"
        assert [path for path in rig.spool.iterdir() if path.name.startswith("d")]
        rig.start_spooler()
        assert driver.clear() == 1
        wait_until(lambda: list(rig.spool.iterdir()) == [])
        rig.heal()


def test_a_printer_unplugged_in_the_middle_is_unreachable_until_it_is_back(
    rig: PagePrinterRig, driver: PagePrinter
) -> None:
    rig.slow()
    with nothing_more_printed(rig):
        job = Job(driver)
        job.wait_inside(rig)
        rig.unplug()
        assert code_of(job.end()) == "page_printer.unreachable"
        assert driver.status().fault == "page_printer.unreachable"
        rig.plug()
        rig.heal()
        assert driver.status().fault is None


def test_no_spooler_is_unreachable_before_the_job(rig: PagePrinterRig) -> None:
    rig.kill_spooler()
    lone = PagePrinter(rig.queue)
    assert lone.status().fault == "page_printer.unreachable"
    with pytest.raises(DeviceFault) as caught:
        lone.print(PDF, "pages")
    assert caught.value.code == "page_printer.unreachable"


def test_a_queue_that_does_not_exist_is_an_error(rig: PagePrinterRig) -> None:
    assert PagePrinter(rig.queue + "-other").status().fault == "page_printer.error"


def test_a_printer_without_a_spooler_prints_as_well(rig: PagePrinterRig) -> None:
    before = len(rig.printed())
    PagePrinter(rig.printer).print(PDF, "pages")
    assert len(rig.printed()) == before + 1


def test_a_job_the_spooler_gave_up_after_everybody_left_is_no_fault() -> None:
    class GivenUp:
        async def job_state(self, number: int) -> tuple[int, str]:
            return ABORTED, "processing-to-stop-point"

    def follow(stopped: bool) -> None:
        asyncio.run(_follow(cast(Any, GivenUp()), 1, lambda: stopped, lambda _: None))

    with pytest.raises(PagesCancelled):
        follow(stopped=True)
    with pytest.raises(DeviceFault):
        follow(stopped=False)
