"""State reasons: stems count, suffixes do not, and nothing is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import FAULT_CODES
from devices.printers.page_status import judge, read_reasons

SUFFIX = st.sampled_from(("", "-error", "-warning", "-report"))
STEMS = st.sampled_from(
    ("none", "media-empty", "media-jam", "cover-open", "door-open", "marker-supply-low",
     "toner-empty", "offline", "connecting-to-device", "spool-area-full", "paused", "other", "")
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30), st.lists, max_leaves=6
)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("none", None),
        (["none"], None),
        (None, None),
        ("media-empty-error", "page_printer.paper_out"),
        ("media-needed", "page_printer.paper_out"),
        (["cups-waiting-for-job-completed", "media-jam-warning"], "page_printer.jam"),
        ("door-open-report", "page_printer.cover_open"),
        ("marker-supply-low-warning", None),
        ("toner-empty-error", "page_printer.toner_out"),
        (["toner-empty", "media-jam"], "page_printer.jam"),
        ("offline-report", "page_printer.unreachable"),
        ("fuser-over-temp-error", "page_printer.error"),
        ("spool-area-full-report", None),
        (["cups-missing-filter-warning"], None),
    ],
)
def test_reasons_give_the_fault_a_person_must_mend_first(said: object, code: str | None) -> None:
    assert judge(read_reasons(said)).fault == code


def test_low_toner_is_a_note_beside_whatever_else_is_wrong() -> None:
    assert judge(read_reasons("toner-low-report")).notes == ("page_printer.toner_low",)
    both = judge(read_reasons(["toner-low", "media-empty"]))
    assert (both.fault, both.notes) == ("page_printer.paper_out", ("page_printer.toner_low",))


@given(st.lists(st.tuples(STEMS, SUFFIX)))
def test_the_suffix_never_changes_what_a_known_reason_means(said: list[tuple[str, str]]) -> None:
    known = [(stem, suffix) for stem, suffix in said if read_reasons(stem)]
    assert read_reasons([stem + suffix for stem, suffix in known]) == read_reasons(
        [stem for stem, _ in known]
    )


@given(ANY)
def test_whatever_a_printer_says_only_named_faults_come_of_it(said: object) -> None:
    status = judge(read_reasons(said))
    assert {status.fault, *status.notes} - {None} <= FAULT_CODES
