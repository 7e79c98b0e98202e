"""`yimen vision`: pictures in, JSON lines out, odd files named with what to do."""

import json
import tempfile
from pathlib import Path

import cv2
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from devices.testbed import desk, papers
from provisioning.__main__ import app
from provisioning.pictures import UnreadableFile, load


def test_codes_prints_one_json_object_a_file(tmp_path: Path) -> None:
    file = tmp_path / "code.png"
    segno.make_qr("长春市".encode("gbk")).save(str(file), scale=5, border=4)
    result = CliRunner().invoke(app, ["vision", "codes", str(file), "--json"])
    assert result.exit_code == 0
    (line,) = map(json.loads, result.stdout.splitlines())
    assert line["file"] == str(file)
    assert [code["text"] for code in line["codes"]] == ["长春市"]


def test_page_tells_corners_and_fault_and_goes_on_after_an_odd_file(tmp_path: Path) -> None:
    good, odd = tmp_path / "desk.png", tmp_path / "odd.jpg"
    cv2.imwrite(str(good), desk.lay(papers.paper("rental_contract"), "mat", 2).image)
    odd.write_bytes(b"no picture at all")
    result = CliRunner().invoke(app, ["vision", "page", str(odd), str(good), "--json"])
    assert result.exit_code == 1
    first, second = map(json.loads, result.stdout.splitlines())
    assert "convert it to JPEG or PNG" in first["error"]
    assert len(second["corners"]) == 4 and second["fault"] is None


@pytest.mark.parametrize(("name", "words"), [("", "is a folder"), ("none.jpg", "does not exist")])
def test_a_path_that_holds_no_picture_is_named(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        load(tmp_path / name)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(data)
        try:
            assert load(file).shape[2] == 3
        except UnreadableFile as error:
            assert ";" in str(error)
