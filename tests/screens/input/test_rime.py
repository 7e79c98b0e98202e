import subprocess
import sys
from pathlib import Path

from screens.input.rime import MEMORY, RimeEngine


def type_letters(engine: RimeEngine, letters: str) -> None:
    for letter in letters:
        engine.type(letter)


def test_letters_give_the_word_a_resident_means(pinyin: RimeEngine) -> None:
    for letters, word in [
        ("changchun", "长春"),
        ("jilinsheng", "吉林省"),
        ("chaoyangqu", "朝阳区"),
    ]:
        pinyin.clear()
        type_letters(pinyin, letters)
        assert pinyin.look(0, 1).candidates == (word,)


def test_choosing_part_leaves_the_other_letters_to_turn(pinyin: RimeEngine) -> None:
    type_letters(pinyin, "changchun")
    rare = pinyin.look(0, 40).candidates.index("敞")

    assert pinyin.select(rare) == ""
    assert pinyin.look(0, 1).preedit == "敞chun"
    assert pinyin.select(0) == "敞春"


def test_a_candidate_far_down_is_chosen_by_its_index(pinyin: RimeEngine) -> None:
    type_letters(pinyin, "yi")
    every = pinyin.look(0, 300).candidates
    assert len(every) > 60
    assert pinyin.select(47) == every[47]


def test_pages_of_candidates_join_without_gap_or_repeat(pinyin: RimeEngine) -> None:
    type_letters(pinyin, "shi")
    whole = pinyin.look(0, 24)
    assert pinyin.look(0, 12).candidates + pinyin.look(12, 12).candidates == whole.candidates
    assert pinyin.look(0, 12).more


def test_deleting_every_letter_ends_the_composition(pinyin: RimeEngine) -> None:
    type_letters(pinyin, "ni")
    pinyin.delete()
    assert pinyin.look(0, 1).preedit == "n"
    pinyin.delete()
    assert pinyin.look(0, 5).candidates == ()


def test_what_was_typed_is_not_learnt(pinyin: RimeEngine) -> None:
    type_letters(pinyin, "shi")
    before = pinyin.look(0, 20).candidates
    for _ in range(5):
        assert pinyin.select(17) == before[17]
        type_letters(pinyin, "shi")
    assert pinyin.look(0, 20).candidates == before


def test_nothing_is_left_on_disk_while_typing(tmp_path: Path) -> None:
    program = (
        "import sys; from screens.input.rime import RimeEngine; e = RimeEngine(); e.load()\n"
        "for letter in 'changchun': e.type(letter)\n"
        "e.select(0); print(e.look(0, 1)); e.close(); e.load(); e.type('a'); e.close()\n"
    )
    before = set(MEMORY.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        env={"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stderr == ""
    assert list(tmp_path.rglob("*")) == []
    assert not {path for path in set(MEMORY.iterdir()) - before if "pinyin" in path.name}


def test_an_engine_that_is_not_loaded_answers_nothing() -> None:
    engine = RimeEngine()
    engine.type("a")
    assert not engine.ready
    assert engine.look(0, 5).candidates == ()
    assert engine.select(0) == ""
