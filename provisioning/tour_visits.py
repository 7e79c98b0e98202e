"""Who the tour plays: three people of the testbed, each in one language with one service.

Pages are lists of acts: ("tap", semantic id), ("write", keys), ("picture", name).
"""

import math
from dataclasses import dataclass

Act = tuple[str, str]
Strokes = list[list[tuple[float, float]]]


@dataclass(frozen=True)
class TourVisit:
    language: str
    card: str
    service: str
    group: str
    query: str
    """Typed into the search with the keyboard of the language, until the service shows."""
    pages: tuple[tuple[Act, ...], ...]
    papers: tuple[tuple[str, str], ...]
    """(material, paper on the testbed)."""
    signature: Strokes
    item: str = ""
    """The main item that has to be opened before the service shows."""
    looks: bool = False
    """Also take pictures in large text, high contrast, low reach."""


def _wave(
    x: float, y: float, width: float, height: float, turns: float
) -> list[tuple[float, float]]:
    """A pen stroke that wanders, in 0…1 of the pad."""
    return [
        (x + width * i / 24, y + height * math.sin(i / 24 * turns * math.pi) + 0.04 * (i % 3 - 1))
        for i in range(25)
    ]


_SIGNATURE: Strokes = [
    [(0.20, 0.30), (0.24, 0.50), (0.27, 0.72)],
    [(0.18, 0.45), (0.26, 0.42), (0.33, 0.40)],
    [(0.30, 0.25), (0.31, 0.48), (0.36, 0.74), (0.41, 0.70)],
    _wave(0.45, 0.50, 0.22, 0.14, 3.0),
    _wave(0.66, 0.52, 0.16, 0.18, 4.0),
]

VISITS = (
    TourVisit(
        language="zh",
        card="zhang_wei",
        service="11220100A90100YM3N3000114001001",
        group="social",
        query="shebao",
        pages=(
            (
                ("tap", "form.field.phone"), ("write", "139000012"), ("picture", "digits"),
                ("write", "34"),
            ),
            (
                ("tap", "form.choice.insurance.all"),
                ("tap", "form.choice.period.last_12_months"),
            ),
            (
                ("tap", "form.choice.purpose.other"),
                ("tap", "form.field.purpose_note"),
                ("write", "haiziruxue"), ("picture", "pinyin"), ("tap", "candidate.0"),
                ("tap", "form.choice.delivery.kiosk"),
            ),
        ),
        papers=(("social_security_card", "photo_card"),),
        signature=_SIGNATURE,
        looks=True,
    ),
    TourVisit(
        language="en",
        card="wang_social",
        service="11220100A90400YM6P3000301001001",
        group="transport",
        item="bus_cards",
        query="bus",
        pages=(
            (("tap", "form.field.phone"), ("write", "13900004321")),
            (
                ("tap", "form.choice.request.first"),
                ("tap", "form.choice.lives_at_card_address.true"),
            ),
            (
                ("tap", "form.field.relative_name"), ("write", "lili"), ("picture", "latin"),
                ("tap", "key.done"), ("write", "13900005678"),
            ),
            (("tap", "form.choice.collection.community"),),
        ),
        papers=(("portrait_photo", "photo_card"),),
        signature=_SIGNATURE,
    ),
    TourVisit(
        language="ko",
        card="jin_meihua",
        service="11220100A90300YM523000201002001",
        group="identity",
        query="ㄱㅓㅈㅜ",
        pages=(
            (("tap", "form.field.phone"), ("write", "13900008765")),
            (
                ("tap", "form.field.district"), ("picture", "list"),
                ("tap", "form.choice.district.220104"),
                ("tap", "form.field.present_address"),
                ("write", "changchunshi"), ("tap", "candidate.0"),
                ("write", "tongzhijie"), ("tap", "candidate.0"), ("tap", "key.done"),
                ("picture", "wheels"), ("tap", "date.year.up"), ("tap", "key.done"),
                ("tap", "form.choice.housing.own"),
            ),
            (
                ("tap", "form.choice.reason.other"),
                ("tap", "form.choice.collection.police_station"),
            ),
        ),
        papers=(("proof_of_address", "rental_contract"),),
        signature=_SIGNATURE,
    ),
)
