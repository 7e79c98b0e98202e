"""Colours. Two themes: light, and high contrast for eyes that need it.

Every pair that carries text has at least 7:1 (screens.md, Measures), 15:1 in high contrast; the
pairs are listed in `text_pairs` and measured by tests/screens/test_theme.py.
"""

from dataclasses import dataclass

Colour = tuple[float, float, float, float]
"""Red, green, blue, alpha in 0…1, sRGB."""


def rgb(hexadecimal: str, alpha: float = 1.0) -> Colour:
    """`rgb("#0F48AE")` → (0.06, 0.28, 0.68, 1.0)."""
    digits = hexadecimal.lstrip("#")
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return (red, green, blue, alpha)


def blend(over: Colour, under: Colour, share: float) -> Colour:
    """`share` of `over` on `under`, opaque."""
    pairs = zip(over[:3], under[:3], strict=True)
    red, green, blue = (a * share + b * (1 - share) for a, b in pairs)
    return (red, green, blue, 1.0)


def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two opaque colours, 1…21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True)
class Theme:
    """What a colour is for, never what it looks like."""

    name: str
    page: Colour
    card: Colour
    card_pressed: Colour
    card_line: Colour
    card_line_width: float
    """mm."""
    shadow: Colour
    ink: Colour
    ink_soft: Colour
    """Second line of things; still ≥ 7:1."""
    edge: Colour
    """Outline of fields and chips; ≥ 4.5:1 against page and card."""
    divider: Colour
    """Decoration only."""
    primary: Colour
    primary_pressed: Colour
    text_on_filled: Colour
    """On primary, good and danger."""
    primary_soft: Colour
    """A quiet ground for primary text and icons."""
    good: Colour
    good_soft: Colour
    caution: Colour
    caution_soft: Colour
    danger: Colour
    danger_soft: Colour
    hero: tuple[Colour, Colour, Colour]
    """Ground of header, home and attract: top, middle, bottom."""
    hero_ink: Colour
    hero_ink_soft: Colour
    hero_glass: Colour
    """Controls that lie on the hero."""
    door: Colour
    """The light in the open door, our mark."""
    scrim: Colour
    tints: tuple[tuple[str, Colour], ...]
    """Colours of groups: name → icon colour."""

    @property
    def high_contrast(self) -> bool:
        return self.name == "contrast"

    def tint(self, name: str) -> Colour:
        """The colour of a group by its name in the catalog; unknown names get the primary one."""
        return dict(self.tints).get(name, self.primary)

    def tile(self, name: str) -> Colour:
        """The quiet ground under an icon of that colour."""
        return blend(self.tint(name), self.card, 0.18 if self.high_contrast else 0.11)

    def text_pairs(self) -> dict[str, tuple[Colour, Colour]]:
        """Each text colour with each ground it may stand on."""
        grounds = {"page": self.page, "card": self.card, "card_pressed": self.card_pressed}
        pairs = {
            f"{name} on {ground}": (colour, grounds[ground])
            for name, colour in (
                ("ink", self.ink), ("ink_soft", self.ink_soft), ("primary", self.primary),
                ("danger", self.danger), ("good", self.good), ("caution", self.caution),
            )
            for ground in grounds
        }
        for name in ("primary", "primary_pressed", "good", "danger"):
            pairs[f"text on {name}"] = (self.text_on_filled, getattr(self, name))
        for name in ("primary", "good", "caution", "danger"):
            soft: Colour = getattr(self, f"{name}_soft")
            pairs[f"{name} on its soft ground"] = (getattr(self, name), soft)
            pairs[f"ink on {name}_soft"] = (self.ink, soft)
        for number, ground in enumerate(self.hero):
            pairs[f"hero ink on hero {number}"] = (self.hero_ink, ground)
            pairs[f"soft hero ink on hero {number}"] = (self.hero_ink_soft, ground)
            glass = blend(self.hero_glass, ground, self.hero_glass[3])
            pairs[f"hero ink on glass {number}"] = (self.hero_ink, glass)
        return pairs


LIGHT = Theme(
    name="light",
    page=rgb("#F7F5F1"),
    card=rgb("#FFFFFF"),
    card_pressed=rgb("#E9EFFA"),
    card_line=rgb("#1B2A4A", 0.07),
    card_line_width=0.32,
    shadow=rgb("#1B2A4A", 0.15),
    ink=rgb("#101A33"),
    ink_soft=rgb("#3D4863"),
    edge=rgb("#616B82"),
    divider=rgb("#E3DED4"),
    primary=rgb("#0D43A6"),
    primary_pressed=rgb("#082D73"),
    text_on_filled=rgb("#FFFFFF"),
    primary_soft=rgb("#E8EFFC"),
    good=rgb("#07502F"),
    good_soft=rgb("#E2F2E8"),
    caution=rgb("#6B3A00"),
    caution_soft=rgb("#FDF1DA"),
    danger=rgb("#8E1212"),
    danger_soft=rgb("#FDEBE8"),
    hero=(rgb("#0B1B4A"), rgb("#123A8C"), rgb("#0B5568")),
    hero_ink=rgb("#FFFFFF"),
    hero_ink_soft=rgb("#E4ECFF"),
    hero_glass=rgb("#FFFFFF", 0.06),
    door=rgb("#FFC978"),
    scrim=rgb("#0A1124", 0.62),
    tints=(
        ("blue", rgb("#1653C4")),
        ("violet", rgb("#6B33C9")),
        ("purple", rgb("#6B33C9")),
        ("red", rgb("#BE2430")),
        ("teal", rgb("#0B6F6A")),
        ("cyan", rgb("#0A6A8A")),
        ("orange", rgb("#A84A00")),
        ("amber", rgb("#8A5A00")),
        ("yellow", rgb("#8A5A00")),
        ("green", rgb("#1B7136")),
        ("pink", rgb("#B01F62")),
        ("rose", rgb("#B01F62")),
        ("brown", rgb("#7A4A1E")),
        ("indigo", rgb("#3B3FC4")),
        ("slate", rgb("#46546E")),
        ("grey", rgb("#46546E")),
        ("gray", rgb("#46546E")),
    ),
)

_YELLOW = rgb("#FFE600")

CONTRAST = Theme(
    name="contrast",
    page=rgb("#000000"),
    card=rgb("#000000"),
    card_pressed=rgb("#0E0D00"),
    card_line=rgb("#FFFFFF"),
    card_line_width=0.95,
    shadow=rgb("#000000", 0.0),
    ink=rgb("#FFFFFF"),
    ink_soft=_YELLOW,
    edge=rgb("#FFFFFF"),
    divider=rgb("#FFFFFF"),
    primary=_YELLOW,
    primary_pressed=rgb("#FFFFFF"),
    text_on_filled=rgb("#000000"),
    primary_soft=rgb("#000000"),
    good=rgb("#A4FFB8"),
    good_soft=rgb("#000000"),
    caution=rgb("#FFE600"),
    caution_soft=rgb("#000000"),
    danger=rgb("#FFE2DE"),
    danger_soft=rgb("#000000"),
    hero=(rgb("#000000"), rgb("#000000"), rgb("#000000")),
    hero_ink=rgb("#FFFFFF"),
    hero_ink_soft=_YELLOW,
    hero_glass=rgb("#000000", 1.0),
    door=_YELLOW,
    scrim=rgb("#000000", 0.86),
    tints=tuple((name, _YELLOW) for name, _ in LIGHT.tints),
)
