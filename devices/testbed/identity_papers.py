"""Sample papers that say who somebody is, drawn: what OCR is asked to read. Nobody on them exists.

Numbers and codes carry right check digits. See `devices.testbed.papers` for laying them down.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFont
from stdnum.cn import uscc

from devices.identity import IdentityDocument
from devices.printers.glyphs import font_path
from devices.testbed.cards import sample_card
from devices.testbed.passport import mrz
from devices.testbed.sheets import INK, font, seal, silhouette, table, text, watermark

_BLUE, _BROWN, _GREY, _RED = (40, 92, 140), (122, 78, 44), (96, 98, 104), (176, 38, 34)
_ETHNIC = {"01": "汉", "05": "维吾尔", "10": "朝鲜"}
_MONO = 5  # index in the collection: the fixed-pitch face
ADDRESS = "吉林省长春市绿园区青年路街道样例小区12栋3单元401室"
"""Where the household of wang_social is registered; her card does not say."""
COMPANY: Mapping[str, str] = MappingProxyType(
    {
        "code": "91220101MA0Y1MEN3" + uscc.calc_check_digit("91220101MA0Y1MEN3"),
        "name": "长春市样例面包坊有限公司",
        "type": "有限责任公司（自然人独资）",
        "representative": "张伟",
        "capital": "伍拾万元整",
        "founded": "2019年04月18日",
        "address": "吉林省长春市朝阳区红旗街道湖西路90号1层",
        "scope": "糕点、面包制售；预包装食品零售；餐饮服务。（依法须经批准的项目，"
                 "经相关部门批准后方可开展经营活动）",
    }
)


def _person(card: str) -> IdentityDocument:
    document = sample_card(card).document
    assert document is not None
    return document


def _day(day: date | None) -> str:
    assert day is not None
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _identity_card(ground: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """85.6 × 54 mm (ISO/IEC 7810 ID-1) with the fine lines such cards have."""
    sheet = Image.new("RGB", (1436, 906), ground)
    pen = ImageDraw.Draw(sheet)
    for y in range(-200, sheet.height, 14):
        pen.line((0, y, sheet.width, y + 180), fill=tuple(part - 7 for part in ground), width=2)
    return sheet, pen


def _front(card: str) -> Image.Image:
    person = _person(card)
    assert person.birth_date is not None
    sheet, pen = _identity_card((232, 240, 244))
    born = person.birth_date
    sex = {"1": "男", "2": "女"}[person.sex]

    def labelled(y: int, parts: list[tuple[int, str, str]]) -> None:
        for x, label, value in parts:
            text(pen, (x, y), label, 36, _BLUE)
            text(pen, (x + 24 + 36 * len(label), y), value, 46)

    labelled(110, [(90, "姓名", person.name)])
    labelled(210, [(90, "性别", sex), (330, "民族", _ETHNIC[person.ethnic_group])])
    text(pen, (90, 310), "出生", 36, _BLUE)
    x = 186.0
    for value, unit in ((born.year, "年"), (born.month, "月"), (born.day, "日")):
        text(pen, (x, 310), str(value), 46)
        x += font(46).getlength(str(value)) + 18
        text(pen, (x, 310), unit, 36, _BLUE)
        x += 58
    text(pen, (90, 412), "住址", 36, _BLUE)
    for row in range(0, len(person.address), 13):
        text(pen, (186, 412 + row // 13 * 66), person.address[row : row + 13], 46)
    text(pen, (90, 800), "公民身份号码", 36, _BLUE)
    text(pen, (340, 800), person.number, 54, bold=True)
    sheet.paste(silhouette(370, 460, (208, 220, 232)), (990, 110))
    return watermark(sheet, turn=0, down=0.71, bold=1.3)  # it runs through no field


def _back(card: str) -> Image.Image:
    person = _person(card)
    sheet, pen = _identity_card((240, 240, 230))
    pen.ellipse((90, 70, 290, 270), outline=_RED, width=10)
    text(pen, (190, 170), "★", 110, _RED, anchor="mm")
    text(pen, (840, 130), "中华人民共和国", 80, anchor="mm")
    text(pen, (840, 270), "居 民 身 份 证", 104, bold=True, anchor="mm")
    text(pen, (330, 640), "签发机关", 40, bold=True)
    text(pen, (540, 640), person.issuer, 46)
    text(pen, (330, 760), "有效期限", 40, bold=True)
    assert person.valid_from is not None
    end = f"{person.valid_to:%Y.%m.%d}" if person.valid_to else "长期"
    text(pen, (540, 760), f"{person.valid_from:%Y.%m.%d}-{end}", 46)
    return watermark(sheet, turn=0, down=0.5, bold=1.3)


def _household_first_page() -> Image.Image:
    """The page of the whole household, with its address."""
    sheet = Image.new("RGB", (1490, 1095), (246, 240, 222))
    pen = ImageDraw.Draw(sheet)
    text(pen, (745, 110), "常住人口登记簿", 52, _BROWN, True, "mm")
    table(
        pen,
        (90, 200, 1400, 560),
        [
            [("户别", "家庭户", 0.5), ("户主姓名", "王秀兰", 0.5)],
            [("户号", "010428816", 0.5), ("登记机关", "样例派出所", 0.5)],
            [("住址", ADDRESS, 1.0)],
        ],
    )
    text(pen, (110, 700), "户口专用章", 24, _BROWN)
    text(pen, (700, 700), "签发日期：", 24, _BROWN)
    text(pen, (850, 700), "2012 年 6 月 18 日", 26)
    seal(sheet, (400, 760), "样例派出所户口专用", 88)
    return watermark(sheet)


def _household_member() -> Image.Image:
    """The page of wang_social in the register of her household."""
    person = _person("wang_social")
    sheet = Image.new("RGB", (1490, 1095), (246, 240, 222))
    pen = ImageDraw.Draw(sheet)
    text(pen, (745, 92), "常住人口登记卡", 50, _BROWN, True, "mm")
    table(
        pen,
        (90, 160, 1400, 900),
        [
            [("姓名", person.name, 0.5), ("户主或与户主关系", "户主", 0.5)],
            [("曾用名", "", 0.5), ("性别", "女", 0.2), ("民族", "汉族", 0.3)],
            [("出生地", "吉林省长春市朝阳区", 0.6), ("籍贯", "吉林省长春市", 0.4)],
            [("出生日期", _day(person.birth_date), 0.6), ("宗教信仰", "", 0.4)],
            [("住址", ADDRESS, 1.0)],
            [("公民身份号码", person.number, 0.6), ("身高", "160 厘米", 0.4)],
            [("文化程度", "高中", 0.34), ("婚姻状况", "已婚", 0.33), ("兵役", "未服役", 0.33)],
            [("服务处所", "长春市样例纺织厂", 0.6), ("职业", "退休", 0.4)],
            [("何时由何地迁来本址", "2012 年 6 月由朝阳区湖西路 12 号迁来", 1.0)],
        ],
    )
    text(pen, (110, 960), "承办人签章：", 24, _BROWN)
    text(pen, (700, 960), "登记日期：", 24, _BROWN)
    text(pen, (850, 960), "2012 年 6 月 18 日", 26)
    seal(sheet, (400, 965), "样例派出所户口专用", 88)
    return watermark(sheet)


def _business_licence() -> Image.Image:
    sheet = Image.new("RGB", (1754, 1240), (250, 246, 232))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((40, 40, 1714, 1200), outline=_BROWN, width=10)
    pen.rectangle((64, 64, 1690, 1176), outline=_BROWN, width=3)
    text(pen, (877, 190), "营 业 执 照", 104, bold=True, anchor="mm")
    text(pen, (877, 280), "（副  本）", 34, anchor="mm")
    text(pen, (130, 330), "统一社会信用代码", 30, bold=True)
    text(pen, (130, 378), COMPANY["code"], 36, bold=True)
    left = (("名称", "name"), ("类型", "type"), ("法定代表人", "representative"))
    for row, (label, key) in enumerate(left):
        text(pen, (130, 490 + 84 * row), label, 32, _BROWN, True)
        text(pen, (330, 490 + 84 * row), COMPANY[key], 34)
    right = (("注册资本", "capital"), ("成立日期", "founded"))
    for row, (label, key) in enumerate(right):
        text(pen, (1010, 490 + 84 * row), label, 32, _BROWN, True)
        text(pen, (1190, 490 + 84 * row), COMPANY[key], 34)
    for label, key, x, y, wide in (("经营范围", "scope", 130, 742, 18),
                                   ("住所", "address", 1010, 658, 12)):
        text(pen, (x, y), label, 32, _BROWN, True)
        for row in range(0, len(COMPANY[key]), wide):
            text(pen, (x + (200 if x < 500 else 180), y + 52 * (row // wide)),
                 COMPANY[key][row : row + wide], 34)
    text(pen, (1010, 980), "登记机关", 36, bold=True)
    text(pen, (1190, 1060), "2019年04月18日", 34)
    seal(sheet, (1330, 990), "样例市场监督管理局", 110)
    return watermark(sheet)


def _passport_page() -> Image.Image:
    person = _person("kim_passport")
    assert person.birth_date is not None and person.valid_to is not None
    sheet = Image.new("RGB", (1476, 1040), (238, 240, 246))
    pen = ImageDraw.Draw(sheet)
    for y in range(0, 800, 16):
        pen.line((0, y, sheet.width, y + 60), fill=(228, 232, 242), width=2)
    text(pen, (90, 70), "여권  PASSPORT", 40, _BLUE, True)
    text(pen, (1386, 70), "대한민국  REPUBLIC OF KOREA", 34, _BLUE, anchor="rm")
    sheet.paste(silhouette(360, 460, (208, 220, 232)), (90, 160))
    family, _, given = person.name_latin.partition(", ")
    cells = (
        ("Type", "PM", 520, 170), ("Issuing country", person.issuer, 760, 170),
        ("Passport No.", person.number, 1080, 170), ("Surname", family, 520, 290),
        ("Given names", given, 520, 410), ("Nationality", "REPUBLIC OF KOREA", 520, 530),
        ("Date of birth", f"{person.birth_date:%d %b %Y}".upper(), 520, 650),
        ("Sex", "F", 860, 650),
        ("Date of expiry", f"{person.valid_to:%d %b %Y}".upper(), 1080, 650),
    )
    for label, value, x, y in cells:
        text(pen, (x, y), label, 24, _GREY)
        text(pen, (x, y + 46), value, 38)
    sheet = watermark(sheet)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 830, sheet.width, sheet.height), fill=(250, 250, 250))
    path = font_path("Regular")
    mono = ImageFont.truetype(path, 58, index=_MONO if path.suffix == ".ttc" else 0)
    for row, line in enumerate(mrz(person).split("\n")):
        step = (sheet.width - 140) / 44
        for place, sign in enumerate(line):  # OCR-B has one width for all (9303-3, 4.3)
            pen.text((70 + place * step, 890 + 80 * row), sign, font=mono, fill=INK, anchor="lm")
    return sheet


DRAWERS: Mapping[str, Callable[[], Image.Image]] = MappingProxyType(
    {
        "id_card_front": lambda: _front("zhang_wei"),
        "id_card_back": lambda: _back("zhang_wei"),
        "id_card_front_long": lambda: _front("long_name"),
        "household_first_page": _household_first_page,
        "household_member": _household_member,
        "business_licence": _business_licence,
        "passport_page": _passport_page,
    }
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "id_card_front": "身份证正面",
        "id_card_back": "身份证背面",
        "id_card_front_long": "身份证（长名）",
        "household_first_page": "户口簿首页",
        "household_member": "户口簿（王秀兰）",
        "business_licence": "营业执照",
        "passport_page": "护照资料页",
    }
)


def says(name: str) -> dict[str, str]:
    """What stands on one of these papers, as `devices.ocr.papers` names it: what a reader that
    makes no mistake finds. Raises KeyError for another paper."""
    if name == "business_licence":
        names = {"code": "credit_code", "name": "company"}
        truth = {names.get(key, key): value for key, value in COMPANY.items()}
        return {**truth, "founded": "2019-04-18"}
    if name == "household_first_page":
        return {"householder": "王秀兰", "household_number": "010428816", "address": ADDRESS}
    person = _person(
        {
            "id_card_front": "zhang_wei",
            "id_card_back": "zhang_wei",
            "id_card_front_long": "long_name",
            "household_member": "wang_social",
            "passport_page": "kim_passport",
        }[name]
    )
    assert person.birth_date is not None
    if name == "id_card_back":
        assert person.valid_from is not None and person.valid_to is not None
        return {
            "issuer": person.issuer,
            "valid_from": person.valid_from.isoformat(),
            "valid_to": person.valid_to.isoformat(),
        }
    common = {"sex": person.sex, "birth_date": person.birth_date.isoformat()}
    if name == "passport_page":
        assert person.valid_to is not None
        return {
            **common,
            "document_number": person.number,
            "name_latin": person.name_latin,
            "nationality": person.nationality,
            "valid_to": person.valid_to.isoformat(),
        }
    common |= {"name": person.name, "number": person.number, "ethnic_group": person.ethnic_group}
    if name == "household_member":
        return {**common, "relation": "户主", "address": ADDRESS}
    return {**common, "address": person.address}
