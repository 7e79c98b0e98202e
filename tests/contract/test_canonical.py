"""The quick way gives the bytes of RFC 8785, always, or the same refusal."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.canonical import canonical

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.text(st.characters()) | st.sampled_from(["\x00\x1f\x7f\u2028", "\ud800", '"\\/', "😀"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def _or_refusal(make: Any, value: Any) -> bytes | str:
    try:
        return bytes(make(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        return "refused"


@given(JSON)
def test_bytes_are_those_of_the_standard(value: Any) -> None:
    assert _or_refusal(canonical, value) == _or_refusal(rfc8785.dumps, value)


@pytest.mark.parametrize("value", [
    {"\ue000": 1, "😀": 2}, {"b": [1, {"a": None}], "a": 1.0}, 2**60, [1e-7], ("a",), {"a": "\x7f"},
])
def test_where_the_standard_library_differs_it_is_not_used(value: Any) -> None:
    assert _or_refusal(canonical, value) == _or_refusal(rfc8785.dumps, value)
