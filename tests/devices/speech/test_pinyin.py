"""Hanzi as pinyin: the readings our own sentences need, judged by the program that speaks them."""

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.speech.pinyin import to_pinyin
from devices.speech.reading import read
from tests.devices.speech.sentences import sentences

hanzi = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=30)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("长春市", "chang2 chun1 shi4"),
        ("绿园区", "lv4 yuan2 qu1"),
        ("长度", "chang2 du4"),
        ("会长", "hui4 zhang3"),
        ("太长了", "tai4 chang2 le5"),
        ("重新拍摄", "chong2 xin1 pai1 she4"),
        ("请重试", "qing3 chong2 shi4"),
        ("如要重签", "ru2 yao4 chong2 qian1"),
        ("重要", "zhong4 yao4"),
        ("参保", "can1 bao3"),
        ("银行", "yin2 hang2"),
        ("行政", "xing2 zheng4"),
        ("还缺", "hai2 que1"),
        ("便民服务", "bian4 min2 fu2 wu4"),
        ("不用着急", "bu2 yong4 zhao2 ji2"),
        ("看得清", "kan4 de5 qing1"),
        ("没有人应答", "mei2 you3 ren2 ying4 da2"),
        ("空格", "kong4 ge2"),
        ("当场", "dang1 chang3"),
        ("朝前插入卡槽", "chao2 qian2 cha1 ru4 ka3 cao2"),
        ("为保护您", "wei4 bao3 hu4 nin2"),
        ("只要", "zhi3 yao4"),
        ("都在", "dou1 zai4"),
        ("女士", "nv3 shi4"),
    ],
)
def test_one_of_several_readings_is_chosen_by_its_phrase(text: str, wanted: str) -> None:
    assert " ".join(to_pinyin(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一项", "yi2 xiang4"), ("一张", "yi4 zhang1"), ("一个", "yi2 ge4"),
        ("第一步", "di4 yi1 bu4"),
        ("二零一", "er4 ling2 yi1"), ("十一个", "shi2 yi1 ge4"), ("一月一日", "yi1 yue4 yi1 ri4"),
        ("统一", "tong3 yi1"), ("一百", "yi4 bai3"), ("不要", "bu2 yao4"), ("不同", "bu4 tong2"),
        ("要不", "yao4 bu4"),
    ],
)
def test_one_and_not_change_their_tones(text: str, wanted: str) -> None:
    assert " ".join(to_pinyin(text)) == wanted


@given(hanzi)
def test_any_hanzi_give_at_most_one_syllable_each(text: str) -> None:
    syllables = to_pinyin(text)
    assert len(syllables) <= len(text)
    assert all(re.fullmatch(r"[a-z]+[1-5]", syllable) for syllable in syllables)


def test_a_character_nobody_can_read_is_left_out_and_its_neighbours_are_not() -> None:
    assert to_pinyin("王\U000323af明") == ["wang2", "ming2"]


def spoken(voice: str, text: str) -> str:
    """The sounds that espeak-ng makes of a text, in its own letters."""
    done = subprocess.run(
        ["espeak-ng", "--stdin", "-v", voice, "-x", "-q"],
        input=text, capture_output=True, text=True, check=True,
    )
    return done.stdout


def test_every_chinese_sentence_of_ours_is_mandarin_to_the_voice() -> None:
    """The voice marks what it takes for English by (en); each syllable ends in _| with its tone."""
    said = 0
    words = []
    for text in sentences("zh"):
        words += [segment.words for segment in read(text, "zh") if segment.language == "zh"]
    syllables = re.findall(r"[a-z]+[1-5]", " ".join(words))
    assert len(syllables) > 2000
    assert not re.search(r"[A-Za-z\u3400-\u9fff](?![a-z]*[1-5])", " ".join(words))
    sounds = spoken("cmn-latn-pinyin", ".\n".join(words))
    assert "(en)" not in sounds
    said += sounds.count("_|")
    assert said == len(syllables)


def test_every_syllable_there_is_has_a_sound_and_a_tone() -> None:
    syllables = sorted({s for code in range(0x4E00, 0x9FFF) for s in to_pinyin(chr(code))})
    assert len(syllables) > 1300
    sounds = spoken("cmn-latn-pinyin", "".join(f"{s}.\n" for s in syllables)).splitlines()
    heard = [sound for sound in sounds if sound.strip()]
    toneless = [s for s, h in zip(syllables, heard, strict=True) if not re.search(r"\d", h)]
    assert toneless == ["hm5"]  # 噷: a grunt


def test_hanzi_without_pinyin_are_why_all_this_is_needed() -> None:
    assert "(en)" in spoken("cmn", "长春")
