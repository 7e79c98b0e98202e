"""Hanzi as the numbered pinyin that the Mandarin voice of espeak-ng reads.

espeak-ng (Debian 12) spells hanzi as English, but speaks pinyin well. Readings come from pypinyin,
which knows phrases; a few words of ours that it does not know stand here. The third tone before a
third tone is left to espeak-ng; 一 and 不 change their tones here.
"""

import re

# Words that pypinyin 0.55 reads with the wrong one of two sounds, or whose sound it lacks.
_OWN_WORDS = {
    "重试": ("chong2", "shi4"),
    "重签": ("chong2", "qian1"),
    "重拍": ("chong2", "pai1"),
    "重印": ("chong2", "yin4"),
    "重填": ("chong2", "tian2"),
    "重扫": ("chong2", "sao3"),
    "重连": ("chong2", "lian2"),
    "太长": ("tai4", "chang2"),
    "很长": ("hen3", "chang2"),
    "过长": ("guo4", "chang2"),
    "等了": ("deng3", "le5"),
    "看得清": ("kan4", "de5", "qing1"),
    "查得到": ("cha2", "de5", "dao4"),
    "听得见": ("ting1", "de5", "jian4"),
    "嗯": ("en5",),
    "呣": ("mu2",),
}
_OWN = re.compile("|".join(sorted(_OWN_WORDS, key=len, reverse=True)))
_BEFORE_PLAIN_ONE = frozenset("零〇一二三四五六七八九十点幺第初")
_AFTER_PLAIN_ONE = frozenset("零〇一二三四五六七八九十点幺月号日")
_SYLLABLE = re.compile(r"[a-zü]+[1-5]$")


def load() -> None:
    """Load the phrase tables now (0.3 s, 55 MB), so that the first sentence need not wait."""
    to_pinyin("重新开始")


def to_pinyin(hanzi: str) -> list[str]:
    """One numbered syllable a character (5: neutral tone, ü as v): 长春 → chang2 chun1.

    A character without a known reading is left out.
    """
    # Two tables of 40,000 entries: only a kiosk with a voice pays for them.
    from pypinyin import Style, lazy_pinyin

    syllables: list[str] = []
    characters: list[str] = []
    for part in _parts(hanzi):
        own = _OWN_WORDS.get(part)
        if own is not None:
            syllables += own
            characters += part
            continue
        read = lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True)
        if len(read) != len(part):  # a character without a reading swallowed its neighbours
            read = [lazy_pinyin(c, style=Style.TONE3, neutral_tone_with_five=True)[0] for c in part]
        for character, syllable in zip(part, read, strict=True):
            if _SYLLABLE.fullmatch(syllable):
                syllables.append(syllable.replace("ü", "v"))
                characters.append(character)
    return _changed_tones(characters, syllables)


def _parts(hanzi: str) -> list[str]:
    """The text cut around words of our own."""
    parts, last = [], 0
    for found in _OWN.finditer(hanzi):
        parts += [hanzi[last : found.start()], found.group()]
        last = found.end()
    return [part for part in (*parts, hanzi[last:]) if part]


def _changed_tones(characters: list[str], syllables: list[str]) -> list[str]:
    """一 is second tone before a fourth and fourth before others, 不 second before a fourth; in
    ordinals, dates and digit by digit 一 stays."""
    out = list(syllables)
    for at, character in enumerate(characters):
        following = characters[at + 1] if at + 1 < len(characters) else ""
        tone = syllables[at + 1][-1] if following else ""
        if character == "不" and out[at] in ("bu2", "bu4"):
            out[at] = "bu2" if tone == "4" else "bu4"
        elif character == "一" and out[at].startswith("yi"):
            counted = at > 0 and characters[at - 1] in _BEFORE_PLAIN_ONE
            plain = counted or not following or following in _AFTER_PLAIN_ONE
            out[at] = "yi1" if plain else "yi2" if tone in "45" else "yi4"
    return out
