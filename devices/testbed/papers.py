"""Sample papers, drawn: what a person would lay under the camera. Nobody on them exists.

Every paper carries 样张 SAMPLE across it. `paper(name)` gives the sheet as an RGB picture at
about 150 dpi; `devices.testbed.desk` lays it on a desk.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from PIL import Image, ImageDraw

from devices.testbed import identity_papers
from devices.testbed.cards import sample_card
from devices.testbed.sheets import font as _font
from devices.testbed.sheets import seal as _seal
from devices.testbed.sheets import silhouette as _silhouette
from devices.testbed.sheets import table as _table
from devices.testbed.sheets import text as _text
from devices.testbed.sheets import watermark as _mark

_RED, _BROWN, _GREY = (176, 38, 34), (122, 78, 44), (110, 112, 118)


def _household_register() -> Image.Image:
    person = sample_card("zhang_wei").document
    assert person is not None
    assert person.birth_date is not None
    born = person.birth_date
    birth = f"{born.year} 年 {born.month} 月 {born.day} 日"
    sheet = Image.new("RGB", (1490, 1095), (246, 240, 222))
    pen = ImageDraw.Draw(sheet)
    for y in range(0, sheet.height, 12):
        pen.line((0, y, sheet.width, y + 30), fill=(242, 234, 213), width=2)
    _text(pen, (745, 92), "常住人口登记卡", 50, _BROWN, True, "mm")
    _table(
        pen,
        (90, 160, 1400, 900),
        [
            [("姓名", person.name, 0.5), ("户主或与户主关系", "户主", 0.5)],
            [("曾用名", "", 0.5), ("性别", "男", 0.2), ("民族", "汉族", 0.3)],
            [("出生地", "吉林省长春市朝阳区", 0.6), ("籍贯", "吉林省长春市", 0.4)],
            [
                ("出生日期", birth, 0.6),
                ("宗教信仰", "", 0.4),
            ],
            [("公民身份号码", person.number, 0.6), ("身高", "175 厘米", 0.4)],
            [
                ("文化程度", "大学本科", 0.34),
                ("婚姻状况", "已婚", 0.33),
                ("兵役", "未服役", 0.33),
            ],
            [("服务处所", "长春市样例机械有限公司", 0.6), ("职业", "工程师", 0.4)],
            [("何时由何地迁来本市（县）", "久居", 1.0)],
            [("何时由何地迁来本址", "2012 年 6 月由朝阳区湖西路 12 号迁来", 1.0)],
        ],
    )
    _text(pen, (110, 960), "承办人签章：", 24, _BROWN)
    _text(pen, (700, 960), "登记日期：", 24, _BROWN)
    _text(pen, (850, 960), "2012 年 6 月 18 日", 26)
    _seal(sheet, (400, 965), "样例派出所户口专用", 88)
    return _mark(sheet)


def _rental_contract() -> Image.Image:
    sheet = Image.new("RGB", (1240, 1754), (252, 252, 250))
    pen = ImageDraw.Draw(sheet)
    _text(pen, (620, 170), "房屋租赁合同", 60, bold=True, anchor="mm")
    _text(pen, (1100, 250), "合同编号：YZ-2026-0418", 22, _GREY, anchor="rm")
    y = 330
    lines = [
        ("出租方（甲方）：", "王丽"),
        ("承租方（乙方）：", "张伟"),
        ("房屋坐落：", "长春市南关区样例路 88 号 3 单元 502 室"),
        ("建筑面积：", "68.50 平方米"),
    ]
    for label, value in lines:
        _text(pen, (150, y), label, 30, bold=True)
        start = 150 + _font(30, True).getlength(label)
        _text(pen, (start + 12, y), value, 30)
        pen.line((start, y + 26, 1090, y + 26), fill=_GREY, width=1)
        y += 72
    clauses = (
        "第一条　甲方将上述房屋出租给乙方居住使用，乙方不得改变房屋用途。",
        "第二条　租赁期限自 2026 年 5 月 1 日起至 2027 年 4 月 30 日止，共 12 个月。",
        "第三条　月租金人民币壹仟陆佰元整（1,600 元），按季度支付，先付后住。",
        "第四条　乙方交付押金人民币壹仟陆佰元整，期满结清费用后如数退还。",
        "第五条　租赁期内水、电、燃气、供热、物业等费用由乙方承担。",
        "第六条　甲方应保证房屋及设施安全；自然损坏由甲方负责修理。",
        "第七条　乙方需转租时，应事先征得甲方书面同意。",
        "第八条　任何一方提前解除合同，应提前三十日书面通知对方。",
        "第九条　本合同一式两份，甲乙双方各执一份，自签字之日起生效。",
    )
    y += 30
    for clause in clauses:
        for part in _broken(clause, 940, 28):
            _text(pen, (150, y), part, 28)
            y += 48
        y += 14
    for x, who, name in ((150, "甲方（签字）：", "王丽"), (680, "乙方（签字）：", "张伟")):
        _text(pen, (x, 1480), who, 30, bold=True)
        _text(pen, (x + 225, 1476), name, 44, (32, 48, 120))
        _text(pen, (x, 1550), "日期：2026 年 4 月 18 日", 26)
    _seal(sheet, (980, 1345), "样例房屋租赁登记备案")
    return _mark(sheet)


def _broken(text: str, width: float, size: int) -> list[str]:
    lines = [""]
    for character in text:
        if _font(size).getlength(lines[-1] + character) > width and character not in "，。；、）":
            lines.append("")
        lines[-1] += character
    return lines


def _retirement_certificate() -> Image.Image:
    sheet = Image.new("RGB", (1500, 1060), (250, 246, 238))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((46, 46, 1453, 1013), outline=_RED, width=6)
    pen.rectangle((58, 58, 1441, 1001), outline=_RED, width=2)
    pen.line((750, 58, 750, 1001), fill=(222, 212, 198), width=3)
    _text(pen, (404, 150), "退 休 证", 64, _RED, True, "mm")
    sheet.paste(_silhouette(210, 294, (196, 214, 232)), (299, 240))
    pen.rectangle((299, 240, 508, 533), outline=_GREY, width=2)
    facts = [("姓　　名", "王秀兰"), ("性　　别", "女"), ("民　　族", "汉族")]
    facts += [("出生年月", "1968 年 3 月"), ("证书编号", "吉退字第 20231006 号")]
    _facts(pen, facts, (150, 610, 690))
    facts = [("参加工作", "1987 年 9 月"), ("工作单位", "长春市样例纺织厂")]
    facts += [("职　　务", "工人"), ("退休时间", "2018 年 3 月"), ("退休类别", "正常退休")]
    facts += [("批准机关", "长春市样例人社局"), ("发证日期", "2018 年 3 月 26 日")]
    _facts(pen, facts, (820, 190, 1390), 78)
    _text(pen, (820, 780), "凭此证享受国家规定的", 26, _GREY)
    _text(pen, (820, 825), "退休人员待遇。", 26, _GREY)
    _seal(sheet, (1270, 800), "样例人力资源和社会保障局")
    return _mark(sheet)


def _facts(
    pen: ImageDraw.ImageDraw,
    facts: list[tuple[str, str]],
    place: tuple[int, int, int],
    step: int = 70,
) -> None:
    left, y, right = place
    for label, value in facts:
        _text(pen, (left, y), label, 28, _RED)
        pen.line((left + 140, y + 24, right, y + 24), fill=_GREY, width=1)
        _text(pen, (left + 152, y - 2), value, 30)
        y += step


def _photo_card() -> Image.Image:
    sheet = Image.new("RGB", (900, 1200), (252, 252, 252))
    pen = ImageDraw.Draw(sheet)
    _text(pen, (450, 90), "一寸免冠照片", 46, bold=True, anchor="mm")
    _text(pen, (450, 150), "25 mm × 35 mm · 白底", 26, _GREY, anchor="mm")
    for left, top in ((110, 220), (480, 220), (110, 650), (480, 650)):
        sheet.paste(_silhouette(310, 400, (222, 230, 240)), (left, top))
        pen.rectangle((left, top, left + 310, top + 400), outline=(186, 190, 196), width=2)
    _text(pen, (450, 1105), "姓名：张伟　　拍摄：2026 年 3 月", 26, anchor="mm")
    return _mark(sheet)


_DRAWERS: Mapping[str, Callable[[], Image.Image]] = MappingProxyType(
    {
        "household_register": _household_register,
        "rental_contract": _rental_contract,
        "retirement_certificate": _retirement_certificate,
        "photo_card": _photo_card,
        **identity_papers.DRAWERS,
    }
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "household_register": "户口簿",
        "rental_contract": "租房合同",
        "retirement_certificate": "退休证",
        "photo_card": "一寸照片",
        **identity_papers.TITLES,
    }
)


def names() -> tuple[str, ...]:
    """The papers there are."""
    return tuple(_DRAWERS)


@lru_cache(maxsize=16)
def paper(name: str) -> Image.Image:
    """The sheet `name` as an RGB picture. Raises KeyError for a name that is none of `names()`."""
    return _DRAWERS[name]()
