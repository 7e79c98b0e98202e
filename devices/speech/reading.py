"""What a voice says for a text: segments, each in one voice's own spelling. Pure.

A sentence of the kiosk mixes what no single voice can read: hanzi, Latin words, hangul, numbers,
dates, receipt and identity numbers, parts hidden by stars. Each is put into words here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from devices.speech import numbers
from devices.speech.pinyin import to_pinyin

LANGUAGES = ("zh", "en", "ko")
LONGEST_TEXT = 4000  # characters; a screen holds far less
_HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_STAR = "*•●∗"

# In this order: what identifies comes before what counts.
_TOKEN = re.compile(
    rf"""
      (?P<masked>  [0-9]*(?:\ ?[{_STAR}]{{2,}}\ ?[0-9]*[Xx]?)+ )
    | (?P<date>    (?P<y>[12][0-9]{{3}})[-/.](?P<m>[0-9]{{1,2}})[-/.](?P<d>[0-9]{{1,2}})
                   (?![0-9]) )
    | (?P<clock>   (?P<hour>[01]?[0-9]|2[0-4]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9]) )
    | (?P<money>   ¥\ ?(?P<sum>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)
                 | (?P<amount>[0-9]+\.[0-9]+)\ ?元 )
    | (?P<percent> (?P<share>[0-9]+(?:\.[0-9]+)?)\ ?% )
    | (?P<year>    [0-9]{{4}}(?=\ ?年) )
    | (?P<phone>   0[0-9]{{2,3}}-[0-9]{{7,8}}(?![0-9]) )
    | (?P<ordinal> [0-9]+(?:st|nd|rd|th)\b )
    | (?P<code>    (?=[0-9-]*[A-Za-z])(?=[A-Za-z-]*[0-9])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)* )
    | (?P<count>   [0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?(?![0-9])
                 | [0-9]+\.[0-9]+
                 | [1-9][0-9]*(?=\ ?(?:元|块|万|亿|人|yuan|people|위안|원|명))
                 | (?:0|[1-9][0-9]{{0,3}})(?![0-9]) )
    | (?P<digits>  [0-9]+ )
    | (?P<han>     [{_HAN}]+ )
    | (?P<hangul>  [{_HANGUL}]+ )
    | (?P<latin>   [{_LATIN}]+(?:['’][{_LATIN}]+)* )
    | (?P<until>   (?<=[0-9])\ ?[-–—~至]\ ?(?=[0-9]) )
    | (?P<stop>    [.!?。！？]+ )
    | (?P<pause>   [,;:…、·—–()\[\]【】《》〈〉/|\r\n]+ )
    """,
    re.VERBOSE,
)
_UNTIL = {"zh": "至", "en": "to", "ko": "에서"}
_PAUSE = ", "
_STOPS = {"?": "? ", "!": "! "}
_LETTER_A = "eigh"  # espeak-ng reads a lone A as the article


@dataclass(frozen=True)
class Segment:
    """`words` in the spelling that the voice of `language` reads: numbered pinyin for "zh".

    They may be personal, so repr does not show them.
    """

    language: str
    words: str = field(repr=False)


def check(text: str, language: str) -> None:
    """Raises ValueError for what `read` would refuse."""
    if language not in LANGUAGES:
        raise ValueError(f"no voice for {language!r}")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{len(text)} characters are too many to speak")


def read(text: str, language: str) -> tuple[Segment, ...]:
    """How `text` is spoken to somebody who chose `language` ("zh", "en", "ko").

    Numbers are said in that language, words in the language of their script. Parts hidden by
    stars are a pause. () where nothing is to be said. Raises ValueError for another language and
    for more than LONGEST_TEXT characters.
    """
    check(text, language)
    segments: list[Segment] = []
    for voice, run in _runs(_plain(text), language):
        words = _tidy(_pinyin_of(run) if voice == "zh" else run)
        if any(character.isalnum() for character in words):
            segments.append(Segment(voice, words))
    return tuple(segments)


def _plain(text: str) -> str:
    """Full-width letters, digits and signs as plain ones. A Chinese comma never groups digits."""
    return unicodedata.normalize("NFKC", text.replace("，", ", ").replace("…", ", "))


def _runs(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Voice and words, as long as the voice stays the same; pauses go with what they follow."""
    voice, run = language, ""
    for speaker, words in _pieces(text, language):
        if speaker and speaker != voice:
            if run.strip(" ,."):
                yield voice, run
            voice, run = speaker, ""
        run += words
    if run.strip(" ,."):
        yield voice, run


def _pieces(text: str, language: str) -> Iterator[tuple[str, str]]:
    """(voice, words); voice "" where any will do."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            # Of another script, a voice does its best; signs are not read out.
            strange = text[at].isalpha()
            yield ("en", text[at]) if strange else ("", " ")
            at += 1
            continue
        for speaker, words in _said(found, language):
            yield from _by_script(words) if speaker == "mixed" else [(speaker, words)]
        at = found.end()


def _said(found: re.Match[str], language: str) -> Iterator[tuple[str, str]]:
    whole, kind = found.group(), found.lastgroup or ""
    after = found.string[found.end() :].lstrip(" ")[:1]
    before = found.string[: found.start()].rstrip(" ")[-1:]
    match kind:
        case "han":
            yield "zh", whole
        case "hangul":
            yield "ko", whole
        case "latin" | "ordinal":
            yield "en", _LETTER_A if whole == "A" and language != "en" else whole
        case "stop":
            yield "", _STOPS.get(whole[0], ". ")
        case "pause":
            yield "", _PAUSE
        case "until":
            yield language, f" {_UNTIL[language]} "
        case "masked":
            parts = [numbers.apart(part, language) for part in re.findall(r"[0-9Xx]+", whole)]
            yield "mixed", _PAUSE.join(parts) + _PAUSE
        case "code":
            groups = (numbers.apart(group, language) for group in whole.upper().split("-"))
            yield "mixed", _PAUSE.join(groups)
        case "phone":
            area, _, number = whole.partition("-")
            yield language, numbers.apart(area, language) + _PAUSE
            yield language, numbers.grouped(number, language)
        case "digits":
            yield language, numbers.grouped(whole, language)
        case _:
            yield language, _number(found, kind, language, before, after)


def _by_script(words: str) -> Iterator[tuple[str, str]]:
    """Digits that are words already stay with their voice, letters go to the English one."""
    scripts = rf"[{_HAN}]+|[{_HANGUL}][{_HANGUL} ]*|[A-Z]|[^A-Z{_HAN}{_HANGUL}]+"
    for run in re.findall(scripts, words):
        if "A" <= run[0] <= "Z":
            yield "en", f"{_LETTER_A if run == 'A' else run} "
        else:
            yield _voice_of(run), run


def _voice_of(run: str) -> str:
    return "zh" if re.match(f"[{_HAN}]", run) else "ko" if re.match(f"[{_HANGUL}]", run) else ""


def _number(found: re.Match[str], kind: str, language: str, before: str, after: str) -> str:
    match kind:
        case "date":
            year, month, day = (int(found.group(part)) for part in ("y", "m", "d"))
            try:
                date(year, month, day)
            except ValueError:
                return numbers.grouped(re.sub(r"\D", "", found.group()), language)
            return numbers.date(year, month, day, language)
        case "clock":
            return numbers.clock(int(found.group("hour")), int(found.group("minute")), language)
        case "money":
            return numbers.money(found.group("sum") or found.group("amount"), language)
        case "percent":
            return numbers.percent(found.group("share"), language)
        case "year":
            return numbers.year(found.group()) if language == "zh" else found.group()
    return numbers.count(found.group(), language, after, before)


def _pinyin_of(run: str) -> str:
    """Hanzi as syllables, everything else as it stands."""
    parts = re.split(rf"([{_HAN}]+)", run)
    return " ".join(" ".join(to_pinyin(part)) if at % 2 else part for at, part in enumerate(parts))


def _tidy(words: str) -> str:
    """One space between words, one mark where several pauses met."""
    words = re.sub(r"\s+", " ", words)
    words = re.sub(r" ?([,.?!])", r"\1", words)
    words = re.sub(r",[ ,]*(?=[.?!])|(?<=[.?!])[ ,][ ,.?!]*", " ", words)
    words = re.sub(r" +(?=[.?!])", "", words)
    return re.sub(r",[ ,]*", ", ", words).strip(" ,")
