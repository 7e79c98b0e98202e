"""The page printer worked by the testbed's control socket."""

from pathlib import Path

import pytest

from devices.printers.page_printer import PagePrinter
from devices.testbed.control import ControlRefused, ControlServer, ask
from devices.testbed.page_printer import FAULTS, PagePrinterRig
from devices.testbed.verbs import page_verbs


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"toner_low"}))
def test_each_verb_is_what_the_driver_then_sees(
    rig: PagePrinterRig, tmp_path: Path, fault: str
) -> None:
    driver = PagePrinter(rig.queue)
    with ControlServer(tmp_path / "control", page_verbs(lambda: rig)) as server:
        assert ask(server.path, f"page_printer.{fault}")["faults"] == [FAULTS[fault]]
        assert driver.status().fault == f"page_printer.{fault}"
        ask(server.path, "page_printer.heal")
        assert driver.status().fault is None
        ask(server.path, "page_printer.gone")
        assert driver.status().fault == "page_printer.unreachable"
        ask(server.path, "page_printer.back")
        assert driver.status().fault is None


def test_verbs_are_refused_where_there_is_no_page_printer(tmp_path: Path) -> None:
    with (
        ControlServer(tmp_path / "control", page_verbs(lambda: None)) as server,
        pytest.raises(ControlRefused, match="--page-printer"),
    ):
        ask(server.path, "page_printer.jam")
