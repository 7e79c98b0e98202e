"""Numbers as people say them: counts as a whole, whatever identifies one by one. Pure.

Mandarin numbers come as hanzi and Korean digits as hangul, since the voices would read them
otherwise; English numbers stay, its voice reads them well.
"""

_HANZI = "零一二三四五六七八九"
# One by one, 1 is said yāo so that it is not heard as 7 (qī): the custom on telephone and radio.
_HANZI_APART = "零幺二三四五六七八九"
_HANGUL_APART = "공일이삼사오육칠팔구"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
_PLACES = ("", "十", "百", "千")
_LARGE = ("", "万", "亿", "万亿")
_LONGEST_COUNT = 4 * len(_LARGE)  # digits; what is longer is no count
# Two of something is 两, not 二, before these measure words.
MEASURES = frozenset("个份张页位次项种天年本人家句遍秒分小条台套处把封件笔")


def apart(digits: str, language: str) -> str:
    """Digits one by one. Letters between them stay letters."""
    if language == "zh":
        return "".join(_HANZI_APART[int(c)] if c.isdigit() else c for c in digits)
    if language == "ko":
        return " ".join(_HANGUL_APART[int(c)] if c.isdigit() else c for c in digits)
    return " ".join(digits)


def grouped(digits: str, language: str) -> str:
    """One by one, with a pause where people pause: 6-4-4-4 in an identity number, 3-4-4 in a
    mobile number, else every four."""
    sizes = {18: (6, 4, 4, 4), 17: (6, 4, 4, 3), 11: (3, 4, 4), 5: (5,), 6: (6,)}.get(len(digits))
    if sizes is None:
        sizes = (4,) * -(-len(digits) // 4)
    groups, at = [], 0
    for size in sizes:
        groups.append(apart(digits[at : at + size], language))
        at += size
    return ", ".join(groups)


def count(number: str, language: str, following: str = "", before: str = "") -> str:
    """A whole or decimal number such as "1,234.5". following, before: the characters beside it."""
    plain = number.replace(",", "")
    if language != "zh":
        return plain
    whole, _, part = plain.partition(".")
    if len(whole) > _LONGEST_COUNT:
        return apart(plain.replace(".", "点"), "zh")
    if plain == "2" and following in MEASURES and following and before != "第":
        return "两"
    said = _whole(int(whole))
    return f"{said}点{''.join(_HANZI[int(c)] for c in part)}" if part else said


def percent(number: str, language: str) -> str:
    said = count(number, language)
    return {"zh": f"百分之{said}", "ko": f"{said} 퍼센트"}.get(language, f"{said} percent")


def money(number: str, language: str) -> str:
    """An amount in yuan."""
    plain = number.replace(",", "")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    said = count(plain, language, "元")
    return {"zh": f"{said}元", "ko": f"{said} 위안"}.get(language, f"{said} yuan")


def year(digits: str) -> str:
    """A year in Mandarin: one by one, but 一 as 一."""
    return "".join(_HANZI[int(c)] for c in digits)


def date(year_: int, month: int, day: int, language: str) -> str:
    if language == "zh":
        return f"{year(f'{year_:04}')}年{_whole(month)}月{_whole(day)}日"
    if language == "ko":
        return f"{year_}년 {month}월 {day}일"
    return f"{day} {_MONTHS[month - 1]} {year_}"


def clock(hour: int, minute: int, language: str) -> str:
    if language == "zh":
        minutes = f"{'零' if minute < 10 else ''}{_whole(minute)}分" if minute else ""
        return f"{_whole(hour)}点{minutes}"
    if language == "ko":
        return f"{hour}시 {minute}분" if minute else f"{hour}시"
    return f"{hour}:{minute:02}" if minute else f"{hour} o'clock"


def _whole(value: int) -> str:
    if value == 0:
        return _HANZI[0]
    said, gap, groups = "", False, []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            gap = bool(said)
            continue
        if said and (gap or group < 1000):
            said += _HANZI[0]
        said += _thousands(group) + _LARGE[place]
        gap = False
    return said[1:] if said.startswith("一十") else said


def _thousands(group: int) -> str:
    """1…9999."""
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += (_HANZI[0] if gap else "") + _HANZI[digit] + _PLACES[place]
        gap = False
    return said
