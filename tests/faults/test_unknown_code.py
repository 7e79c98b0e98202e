"""Somebody shows a code that is no receipt's."""

import pytest

from kiosk.steps import Step
from tests.journeys.resident import Resident


@pytest.mark.parametrize(
    "code", ["https://example.org/menu", "YIMEN1:YM0001-261123-0001-00:K0001:" + "A" * 86, "我的码"]
)
def test_code_that_is_none_of_ours_is_told_and_there_is_a_way_home(
    resident: Resident, code: str
) -> None:
    resident.speaks_at_once("zh").shows_code(code).is_told("code.unknown")
    assert code not in resident.reads
    resident.touches("nav.back").arrives_at(Step.HOME)
