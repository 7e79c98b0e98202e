"""What known papers say: lines laid by hand as engines give them, then the drawn samples read."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ocr.business_licence import parse_licence
from devices.ocr.fields import CERTAIN, Paper, PaperKind
from devices.ocr.household import parse_household
from devices.ocr.id_card import parse_back, parse_front
from devices.ocr.lines import TextLine
from devices.ocr.papers import parse_paper
from devices.ocr.text_reader import TextReader
from devices.testbed import desk, identity_papers, papers
from devices.vision.pages import find_page, flatten_page
from tests.devices.ocr.laid import any_lines, laid, turned_by

TODAY = date(2026, 6, 1)
FRONT = [
    ("姓名张伟", 80, 80), ("性别男", 80, 180), ("民族汉", 320, 180), ("出生1985年3月12日", 80, 280),
    ("住址吉林省长春市朝阳区红旗街道", 80, 380), ("湖西路88号3单元502室", 140, 430),
    ("公民身份号码220104198503120177", 80, 780), ("样张", 700, 550),
]
FRONT_IN_PIECES = [
    ("姓名", 80, 80), ("张伟", 190, 80), ("性别", 80, 180), ("男", 190, 180), ("民族", 320, 180),
    ("汉", 430, 180), ("出生", 80, 280), ("1985", 190, 280), ("年", 270, 280), ("3", 320, 280),
    ("月", 350, 280), ("12", 400, 280), ("日", 450, 280), ("住址", 80, 380),
    ("吉林省长春市朝阳区红旗街道", 190, 380), ("湖西路88号3单元502室", 190, 430),
    ("公民身份号码", 80, 780), ("220104198503120177", 330, 780),
]
FRONT_SAYS = {
    "name": "张伟", "sex": "1", "ethnic_group": "01", "birth_date": "1985-03-12",
    "address": "吉林省长春市朝阳区红旗街道湖西路88号3单元502室", "number": "220104198503120177",
}
BACK = [
    ("中华人民共和国", 500, 100), ("居民身份证", 480, 220), ("签发机关", 330, 640),
    ("长春市公安局朝阳分局", 540, 640), ("有效期限", 330, 760), ("2016.05.20-长期", 540, 760),
]
BACK_SAYS = {"issuer": "长春市公安局朝阳分局", "valid_from": "2016-05-20", "valid_to": "长期"}
MEMBER = [
    ("常住人口登记卡", 560, 70), ("姓名", 100, 180), ("王秀兰", 190, 180),
    ("户主或与户主关系", 750, 180), ("妻", 1020, 180), ("曾用名", 100, 270), ("性别女", 750, 270),
    ("民族", 1010, 270), ("朝鲜族", 1100, 270), ("出生地", 100, 350), ("吉林省", 200, 350),
    ("籍贯", 880, 350), ("吉林省长春市", 960, 350), ("出生日期", 100, 430),
    ("1968年3月9日", 230, 430), ("宗教信仰", 880, 430), ("住址", 100, 510),
    ("吉林省长春市绿园区青年路88号", 190, 510), ("公民身份号码", 100, 590),
    ("220104196803090281", 300, 590), ("身高", 880, 590), ("160厘米", 960, 590),
]
MEMBER_SAYS = {
    "name": "王秀兰", "relation": "妻", "sex": "2", "ethnic_group": "10",
    "birth_date": "1968-03-09", "number": "220104196803090281",
    "address": "吉林省长春市绿园区青年路88号",
}
LICENCE = [
    ("营业执照", 700, 150), ("统一社会信用代码", 130, 330),
    (identity_papers.COMPANY["code"], 130, 380), ("名称", 130, 480), ("长春市样例面包坊", 330, 480),
    ("有限公司", 330, 525), ("类型", 130, 580), ("有限责任公司", 330, 580),
    ("法定代表人张伟", 130, 660), ("经营范围", 130, 740), ("糕点、面包制售;", 330, 740),
    ("餐饮服务。", 330, 785), ("注册资本", 1010, 480), ("伍拾万元整", 1190, 480),
    ("成立日期", 1010, 580), ("2019年04月18日", 1190, 580), ("住所", 1010, 660),
    ("长春市朝阳区湖西路", 1190, 660), ("90号1层", 1190, 705),
]
LICENCE_SAYS = {
    "credit_code": identity_papers.COMPANY["code"], "company": "长春市样例面包坊有限公司",
    "type": "有限责任公司", "representative": "张伟", "scope": "糕点、面包制售；餐饮服务。",
    "capital": "伍拾万元整", "founded": "2019-04-18", "address": "长春市朝阳区湖西路90号1层",
}
Laid = Sequence[tuple[str, float, float]]
Parser = Callable[[Sequence[TextLine]], Paper | None]
KNOWN = [
    (PaperKind.ID_CARD_FRONT, parse_front, FRONT, FRONT_SAYS),
    (PaperKind.ID_CARD_FRONT, parse_front, FRONT_IN_PIECES, FRONT_SAYS),
    (PaperKind.ID_CARD_BACK, parse_back, BACK, BACK_SAYS),
    (PaperKind.HOUSEHOLD, parse_household, MEMBER, MEMBER_SAYS),
    (PaperKind.LICENCE, parse_licence, LICENCE, LICENCE_SAYS),
]


def values(paper: Paper | None) -> dict[str, str]:
    assert paper is not None
    return {name: field.value for name, field in paper.fields.items()}


def without(lines: Laid, *texts: str) -> list[tuple[str, float, float]]:
    return [line for line in lines if line[0] not in texts]


@pytest.mark.parametrize(("kind", "parse", "lines", "says"), KNOWN)
def test_every_field_is_found_and_certain(
    kind: PaperKind, parse: Parser, lines: Laid, says: dict[str, str]
) -> None:
    paper = parse_paper(laid(lines), TODAY)
    assert paper is not None and paper.kind is kind
    assert values(paper) == says
    assert all(field.certain for field in paper.fields.values())
    assert values(parse(laid(lines))) == says


@pytest.mark.parametrize(("kind", "parse", "lines", "says"), KNOWN)
@given(seed=st.integers(0, 9999), degrees=st.sampled_from([0, 2, -3, 90, 180, 183, 270]))
def test_the_order_of_lines_and_the_turn_of_the_page_do_not_matter(
    kind: PaperKind, parse: Parser, lines: Laid, says: dict[str, str], seed: int, degrees: int
) -> None:
    shuffled = turned_by(laid(lines), math.radians(degrees))
    random.Random(seed).shuffle(shuffled)
    assert values(parse(shuffled)) == says


@given(any_lines())
def test_any_lines_raise_nothing(lines: list[TextLine]) -> None:
    for parse in (parse_front, parse_back, parse_household, parse_licence):
        parse(lines)
    paper = parse_paper(lines, TODAY)
    if paper is not None:
        assert all(0 <= field.confidence <= 1 for field in paper.fields.values())


@pytest.mark.parametrize(("lines", "key", "right", "wrong"), [
    (FRONT, "number", "0177", "0178"), (MEMBER, "number", "0281", "0231"),
    (LICENCE, "credit_code", "91220101MA0", "91220101MB0"),
])
def test_a_wrong_check_digit_is_never_certain(
    lines: Laid, key: str, right: str, wrong: str
) -> None:
    paper = parse_paper(laid([(text.replace(right, wrong), x, y) for text, x, y in lines]), TODAY)
    assert paper is not None
    assert paper.fields[key].checked is False
    assert not paper.fields[key].certain


def test_letters_taken_for_digits_in_a_number_are_put_right() -> None:
    paper = parse_front(laid([(t.replace("2201041985", "22O1O4I98S"), x, y) for t, x, y in FRONT]))
    assert values(paper) == FRONT_SAYS


@pytest.mark.parametrize(("text", "changed", "doubted"), [
    ("出生1985年3月12日", "出生1985年8月12日", "birth_date"), ("性别男", "性别女", "sex"),
])
def test_what_contradicts_the_number_is_doubtful_and_so_is_the_number(
    text: str, changed: str, doubted: str
) -> None:
    lines = [(changed if line[0] == text else line[0], line[1], line[2]) for line in FRONT]
    paper = parse_front(laid(lines))
    assert paper is not None
    assert not paper.fields[doubted].certain
    assert not paper.fields["number"].certain
    assert paper.fields["name"].certain


def test_what_agrees_with_the_number_is_surer_than_its_line() -> None:
    lines = [*laid(FRONT[-2:-1], 0.99), *laid(FRONT[:-2], 0.8)]
    paper = parse_front(lines)
    assert paper is not None
    assert paper.fields["birth_date"].confidence > CERTAIN > paper.fields["name"].confidence


def test_what_was_not_read_is_taken_from_the_number() -> None:
    paper = parse_front(laid(without(FRONT, "性别男", "出生1985年3月12日")))
    assert values(paper) == FRONT_SAYS


def test_an_empty_cell_does_not_take_its_neighbour() -> None:
    lines = without(MEMBER, "妻", "王秀兰", "吉林省长春市绿园区青年路88号")
    assert not {"relation", "name", "address"} & set(values(parse_household(laid(lines))))


def test_a_validity_that_ends_before_it_begins_is_doubtful() -> None:
    changed = [*BACK[:-1], ("2036.05.20-2016.05.20", 540.0, 760.0)]
    paper = parse_back(laid(changed))
    assert paper is not None
    assert not paper.fields["valid_from"].certain and not paper.fields["valid_to"].certain


def test_other_papers_are_none_of_ours() -> None:
    contract = [("房屋租赁合同", 500, 100), ("出租方王丽", 100, 200), ("承租方张伟", 100, 300),
                ("房屋坐落长春市南关区样例路88号", 100, 400), ("日期2026年4月18日", 100, 500)]
    assert parse_paper(laid(contract), TODAY) is None
    assert parse_paper([], TODAY) is None


def test_nothing_personal_stands_in_a_repr() -> None:
    lines = laid(FRONT)
    paper = parse_front(lines)
    assert "张伟" not in repr(lines) + repr(paper) + repr(paper and paper.fields)
    assert "2201" not in repr(lines) + repr(paper) + repr(paper and paper.fields)


@pytest.mark.parametrize("name", ["id_card_front", "household_member", "business_licence"])
def test_samples_under_the_camera_are_read_without_a_mistake(
    reader: TextReader, name: str
) -> None:
    scene = desk.lay(papers.paper(name), seed=5)
    quad = find_page(scene.image)
    assert quad is not None
    paper = parse_paper(reader.read(flatten_page(scene.image, quad)), TODAY)
    assert values(paper) == identity_papers.says(name)


def test_a_passport_page_upside_down_is_read(reader: TextReader) -> None:
    sheet = np.asarray(papers.paper("passport_page"), np.uint8)[::-1, ::-1, ::-1]
    paper = parse_paper(reader.read(np.ascontiguousarray(sheet)), TODAY)
    assert values(paper) == identity_papers.says("passport_page")
