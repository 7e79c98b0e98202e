"""Pinyin to Chinese characters with librime (BSD, https://rime.im), called through ctypes.

Privacy: nothing typed here may outlive the visit. Our own small schema therefore turns the user
dictionary off, and librime's writable folder is a private one in memory that is deleted as soon as
the schema is loaded: from then on there is no place it could write to.
The dictionary is Debian's `rime-data-pinyin-simp`, read only.

librime keeps one state for the whole process, so there is one engine for the whole process:
`shared_engine()`. It is loaded on a thread of its own (30–60 ms); until then `ready` is False.
"""

import contextlib
import ctypes
import functools
import tempfile
import threading
from collections.abc import Iterator
from ctypes import POINTER, c_char_p, c_int, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SHARED_DATA = Path("/usr/share/rime-data")
MEMORY = Path("/dev/shm")
LIBRARY = "librime.so.1"
PAGE = 9
"""Candidates a page inside librime; a page's candidates are chosen with the keys 1 to 9."""

_BACKSPACE, _PAGE_UP, _PAGE_DOWN = 0xFF08, 0xFF55, 0xFF56  # X11 key symbols

_SCHEMA = f"""\
schema: {{schema_id: yimen_pinyin, name: Yimen, version: "1"}}
engine:
  processors: [speller, selector, navigator, express_editor]
  segmentors: [abc_segmentor, fallback_segmentor]
  translators: [script_translator]
menu: {{page_size: {PAGE}}}
speller: {{alphabet: zyxwvutsrqponmlkjihgfedcba, delimiter: " '"}}
translator:
  dictionary: pinyin_simp
  enable_user_dict: false
  enable_completion: true
  preedit_format:
    - "xform/([nl])v/$1ü/"
    - "xform/([nl])ue/$1üe/"
    - "xform/([jqxy])v/$1u/"
"""
_DEFAULT = "schema_list:\n  - schema: yimen_pinyin\n"


@dataclass(frozen=True)
class Composition:
    """What is being composed: `preedit` as typed so far, the candidates one may choose from."""

    preedit: str = ""
    candidates: tuple[str, ...] = ()
    more: bool = False
    """There are candidates after these."""


class PinyinEngine(Protocol):
    """What the keyboard needs of a pinyin engine. All calls on one thread."""

    @property
    def ready(self) -> bool: ...
    def type(self, letter: str) -> None: ...
    def delete(self) -> None: ...
    def clear(self) -> None: ...
    def look(self, start: int, count: int) -> Composition: ...
    def select(self, index: int) -> str: ...


class _Traits(ctypes.Structure):
    _fields_ = (
        ("data_size", c_int),
        ("shared_data_dir", c_char_p),
        ("user_data_dir", c_char_p),
        ("distribution_name", c_char_p),
        ("distribution_code_name", c_char_p),
        ("distribution_version", c_char_p),
        ("app_name", c_char_p),
        ("modules", POINTER(c_char_p)),
        ("min_log_level", c_int),
        ("log_dir", c_char_p),
        ("prebuilt_data_dir", c_char_p),
        ("staging_dir", c_char_p),
    )


class _Candidate(ctypes.Structure):
    _fields_ = (("text", c_char_p), ("comment", c_char_p), ("reserved", c_void_p))


class _Commit(ctypes.Structure):
    _fields_ = (("data_size", c_int), ("text", c_char_p))


class _Context(ctypes.Structure):
    _fields_ = (
        ("data_size", c_int),
        # RimeComposition
        ("length", c_int),
        ("cursor_pos", c_int),
        ("sel_start", c_int),
        ("sel_end", c_int),
        ("preedit", c_char_p),
        # RimeMenu
        ("page_size", c_int),
        ("page_no", c_int),
        ("is_last_page", c_int),
        ("highlighted", c_int),
        ("num_candidates", c_int),
        ("candidates", POINTER(_Candidate)),
        ("select_keys", c_char_p),
        ("commit_text_preview", c_char_p),
        ("select_labels", POINTER(c_char_p)),
    )


class _Iterator(ctypes.Structure):
    _fields_ = (("ptr", c_void_p), ("index", c_int), ("candidate", _Candidate))


def _sized(struct: "ctypes.Structure") -> None:
    """Set data_size as librime asks: the size of everything after data_size itself."""
    struct.data_size = ctypes.sizeof(struct) - ctypes.sizeof(c_int)


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(LIBRARY)
    session = ctypes.c_size_t
    signatures: dict[str, tuple[object, list[object]]] = {
        "RimeSetup": (None, [POINTER(_Traits)]),
        "RimeInitialize": (None, [POINTER(_Traits)]),
        "RimeFinalize": (None, []),
        "RimeCreateSession": (session, []),
        "RimeDestroySession": (c_int, [session]),
        "RimeProcessKey": (c_int, [session, c_int, c_int]),
        "RimeClearComposition": (None, [session]),
        "RimeGetCommit": (c_int, [session, POINTER(_Commit)]),
        "RimeFreeCommit": (c_int, [POINTER(_Commit)]),
        "RimeGetContext": (c_int, [session, POINTER(_Context)]),
        "RimeFreeContext": (c_int, [POINTER(_Context)]),
        "RimeCandidateListFromIndex": (c_int, [session, POINTER(_Iterator), c_int]),
        "RimeCandidateListNext": (c_int, [POINTER(_Iterator)]),
        "RimeCandidateListEnd": (None, [POINTER(_Iterator)]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _traits(folder: Path) -> _Traits:
    """Write our schema under `folder` and describe to librime where everything lies."""
    staging = folder / "build"
    staging.mkdir()
    (staging / "yimen_pinyin.schema.yaml").write_text(_SCHEMA, encoding="utf-8")
    (staging / "default.yaml").write_text(_DEFAULT, encoding="utf-8")
    traits = _Traits(
        shared_data_dir=str(SHARED_DATA).encode(),
        prebuilt_data_dir=str(SHARED_DATA / "build").encode(),
        user_data_dir=str(folder).encode(),
        staging_dir=str(staging).encode(),
        distribution_name=b"Yimen",
        distribution_code_name=b"yimen",
        distribution_version=b"1",
        app_name=b"rime.yimen",
        min_log_level=3,  # keys typed must never reach a log
        log_dir=b"",
    )
    _sized(traits)
    return traits


_SETTING_UP = threading.Lock()
_SET_UP = threading.Event()


def _set_up(library: ctypes.CDLL, traits: _Traits) -> None:
    """RimeSetup, once a process: librime ends the process when its log is set up twice."""
    with _SETTING_UP:
        if not _SET_UP.is_set():
            library.RimeSetup(ctypes.byref(traits))
            _SET_UP.set()


class RimeEngine:
    """librime with one session. `load` once (any thread), then everything on one thread."""

    def __init__(self) -> None:
        self._library: ctypes.CDLL | None = None
        self._session = 0
        self._loaded = threading.Event()

    @property
    def ready(self) -> bool:
        return self._loaded.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until loaded; for tests and the warm-up, never for the UI thread."""
        return self._loaded.wait(seconds)

    def load(self) -> None:
        """Load library and dictionary; OSError when librime is not installed."""
        library = _library()
        with tempfile.TemporaryDirectory(
            prefix="yimen-pinyin-", dir=MEMORY if MEMORY.is_dir() else None
        ) as folder:
            traits = _traits(Path(folder))
            _set_up(library, traits)
            library.RimeInitialize(ctypes.byref(traits))
            self._session = library.RimeCreateSession()
        self._library = library
        self._loaded.set()

    def close(self) -> None:
        """End the session and librime; the engine can be loaded again."""
        self._loaded.clear()
        if self._library is not None:
            self._library.RimeDestroySession(self._session)
            self._library.RimeFinalize()
            self._library = None

    def type(self, letter: str) -> None:
        """Add one letter a–z or the separator ' to what is being composed."""
        self._key(ord(letter))

    def delete(self) -> None:
        """Take the last letter away."""
        self._key(_BACKSPACE)

    def clear(self) -> None:
        """Throw away what is being composed."""
        if self._library is not None:
            self._library.RimeClearComposition(self._session)

    def look(self, start: int, count: int) -> Composition:
        """The composition with at most `count` candidates from index `start`."""
        library = self._library
        if library is None:
            return Composition()
        with self._context() as context:
            preedit = (context.preedit or b"").decode()
        if not preedit:
            return Composition()
        found: list[str] = []
        iterator = _Iterator()
        if library.RimeCandidateListFromIndex(self._session, ctypes.byref(iterator), start):
            while len(found) <= count and library.RimeCandidateListNext(ctypes.byref(iterator)):
                found.append(iterator.candidate.text.decode())
            library.RimeCandidateListEnd(ctypes.byref(iterator))
        return Composition(preedit, tuple(found[:count]), len(found) > count)

    def select(self, index: int) -> str:
        """Take candidate `index`; the finished text, or "" while letters remain to be turned."""
        if self._library is None:
            return ""
        with self._context() as context:
            page = int(context.page_no)
        step = _PAGE_DOWN if index // PAGE > page else _PAGE_UP
        for _ in range(abs(index // PAGE - page)):
            self._key(step)
        self._key(ord("1") + index % PAGE)
        commit = _Commit()
        _sized(commit)
        if not self._library.RimeGetCommit(self._session, ctypes.byref(commit)):
            return ""
        text: str = commit.text.decode()
        self._library.RimeFreeCommit(ctypes.byref(commit))
        return text

    def _key(self, code: int) -> None:
        if self._library is not None:
            self._library.RimeProcessKey(self._session, code, 0)

    @contextlib.contextmanager
    def _context(self) -> Iterator[_Context]:
        assert self._library is not None
        context = _Context()
        _sized(context)
        self._library.RimeGetContext(self._session, ctypes.byref(context))
        try:
            yield context
        finally:
            self._library.RimeFreeContext(ctypes.byref(context))


@functools.cache
def shared_engine() -> RimeEngine:
    """The engine of this process, loading in the background from the first call on."""
    engine = RimeEngine()
    threading.Thread(target=_load_quietly, args=(engine,), name="pinyin", daemon=True).start()
    return engine


def _load_quietly(engine: RimeEngine) -> None:
    # Without librime the keyboard stays without candidates and types Latin letters as they are.
    with contextlib.suppress(OSError):
        engine.load()
