import pytest

from screens.input.rime import RimeEngine, shared_engine


@pytest.fixture
def pinyin() -> RimeEngine:
    """The engine of this process, loaded, with nothing being composed."""
    engine = shared_engine()
    assert engine.wait(10), "librime did not load"
    engine.clear()
    return engine
