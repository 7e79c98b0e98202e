"""What is said for texts that mix scripts, numbers and signs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.speech.reading import LONGEST_TEXT, Segment, read
from tests.devices.speech.sentences import sentences

languages = st.sampled_from(["zh", "en", "ko"])


def said(text: str, language: str = "zh") -> str:
    """Segments as `language:words|…`."""
    return "|".join(f"{segment.language}:{segment.words}" for segment in read(text, language))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("第 2 步，共 6 步", "di4 er4 bu4, gong4 liu4 bu4"),
        ("2 个工作日内。", "liang3 ge4 gong1 zuo4 ri4 nei4."),
        ("全部18位", "quan2 bu4 shi2 ba1 wei4"),
        ("拨打 12345", "bo1 da3 yao1 er4 san1 si4 wu3"),
        ("2026年11月23日", "er4 ling2 er4 liu4 nian2 shi2 yi1 yue4 er4 shi2 san1 ri4"),
        ("2026-11-23", "er4 ling2 er4 liu4 nian2 shi2 yi1 yue4 er4 shi2 san1 ri4"),
        ("9:00-17:05", "jiu3 dian3 zhi4 shi2 qi1 dian3 ling2 wu3 fen1"),
        ("¥1,234.50", "yi4 qian1 er4 bai3 san1 shi2 si4 dian3 wu3 yuan2"),
        ("12.50元", "shi2 er4 dian3 wu3 yuan2"),
        ("12000元", "yi2 wan4 er4 qian1 yuan2"),
        ("95%", "bai3 fen1 zhi1 jiu3 shi2 wu3"),
        ("3.14", "san1 dian3 yi1 si4"),
        ("1-3天", "yi1 zhi4 san1 tian1"),
        ("１０５号", "yi4 bai3 ling2 wu3 hao4"),
        ("100000001元", "yi2 yi4 ling2 yi1 yuan2"),
        ("13812345678", "yao1 san1 ba1, yao1 er4 san1 si4, wu3 liu4 qi1 ba1"),
        ("0431-88776655", "ling2 si4 san1 yao1, ba1 ba1 qi1 qi1, liu4 liu4 wu3 wu3"),
        (
            "220104199001011234",
            "er4 er4 ling2 yao1 ling2 si4, yao1 jiu3 jiu3 ling2, ling2 yao1 ling2 yao1, "
            "yao1 er4 san1 si4",
        ),
        ("007", "ling2 ling2 qi1"),
        ("2201 **** 1234", "er4 er4 ling2 yao1, yao1 er4 san1 si4"),
        ("2201**********1234", "er4 er4 ling2 yao1, yao1 er4 san1 si4"),
        ("2201 •••• •••• 1234", "er4 er4 ling2 yao1, yao1 er4 san1 si4"),
        ("你好！请问……有吗？", "ni3 hao3! qing3 wen4, you3 ma5?"),
    ],
)
def test_numbers_in_mandarin(text: str, wanted: str) -> None:
    assert said(text) == f"zh:{wanted}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Call 12345.", "Call 1 2 3 4 5."),
        ("on 2026-11-23 at 14:30", "on 23 November 2026 at 14:30"),
        ("2201 **** 1234", "2 2 0 1, 1 2 3 4"),
        ("No. YM0417-261123-0042-59", "No. Y M 0 4 1 7, 2 6 1 1 2 3, 0 0 4 2, 5 9"),
        ("1,234 people", "1234 people"),
        ("a well-known 1st", "a well known 1st"),
        ("page 2-3", "page 2 to 3"),
        ("¥12.50", "12.5 yuan"),
    ],
)
def test_numbers_in_english(text: str, wanted: str) -> None:
    assert said(text, "en") == f"en:{wanted}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-23", "2026년 11월 23일"),
        ("12345", "일 이 삼 사 오"),
        ("010-12345678", "공 일 공, 일 이 삼 사, 오 육 칠 팔"),
        ("3명", "3명"),
        ("14:30", "14시 30분"),
    ],
)
def test_numbers_in_korean(text: str, wanted: str) -> None:
    assert said(text, "ko") == f"ko:{wanted}"


def test_each_script_gets_its_voice() -> None:
    assert said("点“中/한/En”可换") == "zh:dian3 zhong1|ko:한|en:En|zh:ke3 huan4"
    assert said("Touch 中 to go on", "en") == "en:Touch|zh:zhong1|en:to go on"
    assert said("长春", "ko") == "zh:chang2 chun1"


def test_a_receipt_number_is_spelled() -> None:
    assert said("YM0417-261123-0042-59") == (
        "en:Y M|zh:ling2 si4 yao1 qi1, er4 liu4 yao1 yao1 er4 san1, ling2 ling2 si4 er4, wu3 jiu3"
    )


def test_a_lone_a_is_a_letter_unless_it_is_the_english_article() -> None:
    assert said("A4纸") == "en:eigh|zh:si4 zhi3"
    assert said("A page", "en") == "en:A page"


@pytest.mark.parametrize("hidden", ["••••••", "******", "＊＊＊＊", "●●●●", "****  ", "*", "·"])
@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_a_hidden_secret_is_not_spoken(hidden: str, language: str) -> None:
    assert read(hidden, language) == ()


def test_a_day_that_does_not_exist_is_read_digit_by_digit() -> None:
    assert said("2026-13-99") == "zh:er4 ling2 er4 liu4, yao1 san1 jiu3 jiu3"


@given(languages, st.text(max_size=80))
def test_any_text_gives_words_that_its_voice_can_read(language: str, text: str) -> None:
    for segment in read(text, language):
        assert any(character.isalnum() for character in segment.words)
        if segment.language == "zh":
            assert re.fullmatch(r"[a-z0-5,.?! ]+", segment.words)
            assert re.search(r"[a-z][1-5]", segment.words)


ONE_BY_ONE = {
    "zh": "ling2 yao1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3",
    "en": "0 1 2 3 4 5 6 7 8 9",
    "ko": "공 일 이 삼 사 오 육 칠 팔 구",
}
digits = st.text("0123456789", min_size=1, max_size=24)


@given(languages, digits)
def test_any_row_of_digits_is_said_without_a_digit_lost(language: str, text: str) -> None:
    """Long rows and such as begin with 0 one by one; short ones as a number."""
    words = said(text, language).partition(":")[2]
    if len(text) > 4 or (len(text) > 1 and text[0] == "0"):
        names = " ".join(words.replace(",", "").split())
        for digit, name in enumerate(ONE_BY_ONE[language].split()):
            names = names.replace(name, str(digit))
        assert names.replace(" ", "") == text
    elif language == "zh":
        assert not re.search(r"\d\d", words)
    else:
        assert words == text


@given(languages, st.text(st.sampled_from("0123456789Xx*•● -张"), max_size=30))
def test_stars_are_never_read_out(language: str, text: str) -> None:
    assert not re.search("[*•●]", said(text, language))


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_every_sentence_of_ours_is_said_in_its_language(language: str) -> None:
    for text in sentences(language):
        spoken_in = [segment.language for segment in read(text, language)]
        assert language in spoken_in or not re.search(r"[^\W\d]", text)


def test_a_text_too_long_or_of_no_language_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        read("长" * (LONGEST_TEXT + 1), "zh")
    with pytest.raises(ValueError, match="fr"):
        read("Bonjour", "fr")


def test_repr_does_not_show_what_is_said() -> None:
    assert "zhang1" not in repr(Segment("zh", "zhang1 wei3"))
