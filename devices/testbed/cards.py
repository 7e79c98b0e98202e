"""Sample cards of fictional people, of every kind a kiosk meets.

The numbers carry right check digits (GB 11643, ICAO 9303). Nobody here exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Concatenate, ParamSpec

from devices.testbed.card_making import SampleCard, make_card, make_passport, number
from devices.testbed.chips import ForeignChip
from devices.testbed.sample_people import (
    altered_passport,
    foreigner_2017,
    foreigner_2023,
    passport,
    permit,
    resident,
    social,
    strange_passport,
)

__all__ = ["NAMES", "TITLES", "SampleCard", "make_card", "make_passport", "number", "sample_card"]

LONG_NAME = "阿卜杜热合曼·买买提依明·艾尔肯·吐尔逊江"


@dataclass(frozen=True)
class _Sample:
    title: str
    make: Callable[[str], SampleCard]


_Rest = ParamSpec("_Rest")


def _of(
    make: Callable[Concatenate[str, _Rest], SampleCard],
    title: str,
    *words: _Rest.args,
    **more: _Rest.kwargs,
) -> _Sample:
    return _Sample(title, lambda label: make(label, *words, **more))


_SAMPLES: dict[str, _Sample] = {
    "zhang_wei": _of(
        resident,
        "张伟 · 居民身份证",
        "张伟",
        area="220104",
        birth=date(1985, 3, 12),
        sequence=17,
        address="吉林省长春市朝阳区红旗街道湖西路88号3单元502室",
    ),
    "li_rare": _of(
        resident,
        "李𬀩㐂 · 生僻字",
        "李𬀩㐂",
        area="220102",
        birth=date(1992, 8, 25),
        sequence=44,
        address="吉林省长春市南关区桃源街道解放大路1号",
        issuer="长春市公安局南关分局",
    ),
    # Beyond the BMP (𠮷 𫖯), beyond GBK (䶮 㐂): names that exist and many systems cannot write.
    "ouyang_rare": _of(
        resident,
        "欧阳𠮷䶮𫖯 · 生僻字",
        "欧阳𠮷䶮𫖯㐂",
        area="220103",
        birth=date(1971, 2, 28),
        sequence=5,
        address="吉林省长春市宽城区㙟街𠮷巷6号",
        issuer="长春市公安局宽城分局",
    ),
    "jin_meihua": _of(
        resident,
        "金美花 · 朝鲜族 长期",
        "金美花",
        area="222401",
        birth=date(1958, 1, 30),
        sequence=62,
        address="吉林省长春市绿园区春城街道升阳街27号",
        ethnic_group="10",
        valid_from=date(2006, 4, 11),
        valid_to=None,
        issuer="长春市公安局绿园分局",
    ),
    "long_name": _of(
        resident,
        "买买提依明 · 长姓名",
        "买买提依明·阿卜杜热合曼江",
        area="653101",
        birth=date(1990, 12, 1),
        sequence=33,
        address="吉林省长春市宽城区站前街道长江路260号长春站北广场公寓9栋1104室",
        ethnic_group="05",
        issuer="长春市公安局宽城分局",
    ),
    # Fifteen characters of name and thirty-five of address: all that the chip has room for.
    "longest_name": _of(
        resident,
        "阿卜杜热合曼 · 最长",
        "阿卜杜热合曼江·买买提依明江艾",
        area="653101",
        birth=date(1966, 7, 7),
        sequence=71,
        address="新疆维吾尔自治区喀什地区疏附县托克扎克镇阿亚格曼干村三组二十八号院",
        ethnic_group="05",
        issuer="新疆维吾尔自治区疏附县公安局",
    ),
    "moved": _of(
        resident,
        "孙红 · 新地址",
        "孙红",
        area="220104",
        birth=date(1980, 10, 9),
        sequence=28,
        address="吉林省长春市朝阳区延安大街12号",
        newest_address="吉林省长春市净月区福祉大路1号",
    ),
    "zhao_minor": _of(
        resident,
        "赵一诺 · 未成年",
        "赵一诺",
        area="220105",
        birth=date(2016, 9, 3),
        sequence=24,
        address="吉林省长春市二道区东盛街道吉林大路2133号",
        # Under sixteen a card holds for five years.
        valid_from=date(2024, 3, 1),
        valid_to=date(2029, 3, 1),
        issuer="长春市公安局二道分局",
    ),
    # Looks after kiosks: the card of staff mode.
    "staff_liu": _of(
        resident,
        "刘洋 · 工作人员",
        "刘洋",
        area="220103",
        birth=date(1988, 11, 2),
        sequence=43,
        address="吉林省长春市南关区桃源街道桃源路19号",
        issuer="长春市公安局南关分局",
    ),
    "zhao_expired": _of(
        resident,
        "赵敏 · 已过期",
        "赵敏",
        area="220105",
        birth=date(1999, 6, 6),
        sequence=86,
        address="吉林省长春市二道区东盛街道吉林大路2133号",
        valid_from=date(2014, 6, 9),
        valid_to=date(2024, 6, 9),
        issuer="长春市公安局二道分局",
    ),
    "hk_chan": _of(
        permit,
        "陈志明 · 香港居住证",
        name="陈志明",
        area="810000",
        birth=date(1979, 11, 3),
        sequence=15,
    ),
    "macau_ho": _of(
        permit,
        "何美玲 · 澳门居住证",
        name="何美玲",
        area="820000",
        birth=date(1990, 2, 14),
        sequence=22,
    ),
    "taiwan_lin": _of(
        permit,
        "林佳蓉 · 台湾居住证",
        name="林佳蓉",
        area="830000",
        birth=date(1987, 12, 31),
        sequence=36,
    ),
    "smith": _of(
        foreigner_2023,
        "SMITH · 永居证 2023",
        name="史密斯",
        latin="SMITH, JOHNATHAN ALEXANDER BARTHOLOMEW",
    ),
    # Forty-six characters: thirty-five and eleven, all that a 2023 card has room for.
    "longest_foreign_2023": _of(
        foreigner_2023,
        "WOLFE… · 永居证 2023 最长",
        name="沃尔夫施莱格尔施泰因豪森贝格多",
        latin="WOLFESCHLEGELSTEINHAUSENBERGER, HUBERT BLAINES",
        nationality="DEU",
    ),
    "petrova": _of(
        foreigner_2017,
        "PETROVA · 永居证 2017",
        name="彼得罗娃",
        latin="PETROVA, ANNA",
    ),
    # 120 bytes: sixty characters.
    "longest_foreign": _of(
        foreigner_2017,
        "RATSI… · 永居证 2017 最长",
        name="安德里亚",
        nationality="MDG",
        latin="RATSIMANDRESY ANDRIANTSITOHAINA, NIRINA HARIMALALA VOAHANGYX",
    ),
    "wang_social": _of(social, "王秀兰 · 社保卡 2.0", "王秀兰"),
    "wang_social_t1": _of(social, "王秀兰 · 社保卡 2.0 T=1", "王秀兰", protocol=1),
    "wang_social_1": _of(social, "王秀兰 · 社保卡 1.0", "王秀兰", version="1.00"),
    "rare_social": _of(
        social, "欧阳㐂 · 社保卡 生僻字", "欧阳㐂䶮", sequence=53, answers="exact-length"
    ),
    "long_social": _of(social, "阿卜杜 · 社保卡 长姓名", LONG_NAME, sequence=31),
    "psam_social": _of(social, "孙丽 · 社保卡 3.0", "孙丽", version="3.00", sequence=42),
    "psam_social_t1": _of(
        social, "孙丽 · 社保卡 3.0 T=1", "孙丽", version="3.00", protocol=1, sequence=42
    ),
    "kim_passport": _of(passport, "KIM · 护照"),
    "pace_passport": _of(passport, "KIM · 护照 只有 PACE", pace_only=True),
    "altered_passport": _of(altered_passport, "KIM · 护照 被改过"),
    "strange_passport": _of(strange_passport, "KIM · 护照 签发国不明"),
    "novak_expired": _of(
        passport,
        "NOVAK · 护照 已过期",
        document_number="39012345",
        latin="NOVAK, ELISKA",
        state="CZE",
        valid_to=date(2023, 5, 31),
    ),
    "longest_passport": _of(
        passport,
        "PAPANDREOPOULOU… · 护照 最长",
        document_number="AX0000007",
        state="GRC",
        latin="PAPANDREOPOULOU, ALEXANDRA KONSTANTINA",
        protocol=0,
    ),
    "unknown_card": _Sample("不认识的卡", lambda label: SampleCard(label, None, ForeignChip())),
}

NAMES: tuple[str, ...] = tuple(_SAMPLES)
TITLES: dict[str, str] = {name: sample.title for name, sample in _SAMPLES.items()}


def sample_card(name: str) -> SampleCard:
    """A fresh sample card. Raises KeyError for a name not in NAMES."""
    return _SAMPLES[name].make(name)
