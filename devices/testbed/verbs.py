"""What the control socket understands: each verb one small act on one part of the testbed."""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devices.testbed import cards, papers
from devices.testbed.chips import SamChip
from devices.testbed.control import Verb
from devices.testbed.faults import CardAct, Wire, WireFault
from devices.testbed.samv import FindAfterRead

if TYPE_CHECKING:
    from devices.testbed.page_printer import PagePrinterRig
    from devices.testbed.testbed import Testbed

_READERS = ("id_card", "smartcard")


def verbs_of(bench: "Testbed") -> dict[str, Verb]:
    """Every verb with what it does on this bench."""
    printer, camera = bench.printer, bench.camera
    return {
        "status": lambda _: bench.state(),
        "fault": lambda given: _fault(bench, given),
        "heal": lambda given: _run(bench.heal, _wire(given) if "wire" in given else None),
        "reset": lambda _: _run(bench.reset),
        "card.insert": lambda given: _insert(bench, given),
        "card.remove": lambda given: _remove(bench, given),
        "card.fault": lambda given: _card_fault(bench, given),
        "card.after_read": lambda given: _after_read(bench, given),
        "printer.paper_out": _do(printer.paper_out, True),
        "printer.paper_in": _do(printer.paper_out, False),
        "printer.near_end": _switch(printer.near_end),
        "printer.cover_open": _do(printer.cover_open, True),
        "printer.cover_close": _do(printer.cover_open, False),
        "printer.error": _switch(printer.error),
        "printer.cut_after": lambda given: _run(printer.cut_after, _count(given, "bytes")),
        "printer.paper_ends_after": lambda given: _run(
            printer.paper_ends_after, _count(given, "bytes")
        ),
        "printer.pace": lambda given: _run(printer.pace, _pace(given)),
        "printer.paper": lambda _: _paper(bench),
        "printer.jobs": lambda _: _jobs(bench),
        "printer.picture": lambda given: _picture(bench, given),
        "camera.lay": lambda given: _run(camera.lay, _known_paper(given)),
        "camera.take": lambda _: _run(camera.take),
        "camera.blur": _switch(camera.blur),
        "code.show": lambda given: _show(bench, given),
        **page_verbs(lambda: bench.pages),
    }


def page_verbs(pages: "Callable[[], PagePrinterRig | None]") -> dict[str, Verb]:
    """What the page printer does; refused where there is none."""

    def act(do: "Callable[[PagePrinterRig], None]") -> Verb:
        def verb(_: Mapping[str, Any]) -> dict[str, Any]:
            rig = pages()
            if rig is None:
                raise ValueError("no page printer; start the testbed with --page-printer")
            do(rig)
            return rig.state()

        return verb

    faults = {
        f"page_printer.{name}": act(lambda rig, name=name: rig.fault(name))  # type: ignore[misc]
        for name in ("paper_out", "jam", "cover_open", "toner_low", "toner_out")
    }
    return {
        **faults,
        "page_printer.heal": act(lambda rig: rig.heal()),
        "page_printer.gone": act(lambda rig: rig.unplug()),
        "page_printer.back": act(lambda rig: rig.plug()),
    }


def _run(act: Callable[..., None], *arguments: Any) -> dict[str, Any]:
    act(*arguments)
    return {}


def _do(act: Callable[[bool], None], on: bool) -> Verb:
    return lambda _: _run(act, on)


def _switch(act: Callable[[bool], None]) -> Verb:
    """A verb that takes "on": true (the default) or false."""

    def verb(given: Mapping[str, Any]) -> dict[str, Any]:
        on = given.get("on", True)
        if not isinstance(on, bool):
            raise ValueError("“on” is true or false")
        return _run(act, on)

    return verb


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"“{name}” is missing")
    return value


def _count(given: Mapping[str, Any], name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"“{name}” is a number, 0 or more")
    return value


def _pace(given: Mapping[str, Any]) -> float | None:
    value = given.get("bytes_a_second")
    if value is None:
        return None
    if not isinstance(value, int | float) or value <= 0:
        raise ValueError("“bytes_a_second” is a number above 0, or nothing")
    return float(value)


def _reader(given: Mapping[str, Any]) -> str | None:
    reader = given.get("reader")
    if reader is not None and reader not in _READERS:
        raise ValueError(f"“reader” is one of {', '.join(_READERS)}")
    return reader


def _insert(bench: "Testbed", given: Mapping[str, Any]) -> dict[str, Any]:
    name = _text(given, "name")
    if name not in cards.NAMES:
        raise ValueError(f"no such card: {name}")
    card = cards.sample_card(name)
    reader = _reader(given) or ("id_card" if isinstance(card.chip, SamChip) else "smartcard")
    (bench.id_card if reader == "id_card" else bench.smartcard).insert(card)
    return {"reader": reader}


def _remove(bench: "Testbed", given: Mapping[str, Any]) -> dict[str, Any]:
    reader = _reader(given)
    if reader in (None, "id_card"):
        bench.id_card.remove()
    if reader in (None, "smartcard"):
        bench.smartcard.remove()
    return {}


def _wire(given: Mapping[str, Any]) -> Wire:
    name = _text(given, "wire")
    if name not in set(Wire):
        raise ValueError(f"“wire” is one of {', '.join(Wire)}")
    return Wire(name)


def _fault(bench: "Testbed", given: Mapping[str, Any]) -> dict[str, Any]:
    """See devices.testbed.faults: "wire", "kind", and "after" in what that wire counts in."""
    kind = _text(given, "kind")
    if kind not in set(WireFault):
        raise ValueError(f"“kind” is one of {', '.join(WireFault)}")
    after = _count(given, "after") if "after" in given else None
    bench.fault(_wire(given), WireFault(kind), after)
    return {}


def _card_fault(bench: "Testbed", given: Mapping[str, Any]) -> dict[str, Any]:
    """Only the next answers of a card go wrong.

    "fault": of WireFault or CardAct, or the status to answer instead, in hex ("41" of a SAM-V
    module, "6982" of a smart card). "times": how many (all when missing). "on": only answers to
    this SAM-V command, in hex. "after": see inject() of the reader.
    """
    times = _count(given, "times") if "times" in given else None
    text = _text(given, "fault")
    fault: WireFault | CardAct | None = None
    if text in set(WireFault):
        fault = WireFault(text)
    elif text in set(CardAct):
        fault = CardAct(text)
    if _reader(given) == "smartcard":
        after = _count(given, "after") if "after" in given else 0
        bench.smartcard.inject(fault or bytes.fromhex(text), after=after, times=times)
    else:
        on = bytes.fromhex(_text(given, "on")) if "on" in given else None
        half = _count(given, "after") if "after" in given else None
        bench.id_card.inject(fault or int(text, 16), on=on, times=times, after=half)
    return {}


def _after_read(bench: "Testbed", given: Mapping[str, Any]) -> dict[str, Any]:
    """How the identity card reader behaves about a card that was read and still lies there:
    "find": "found" or "none"; "select": whether it can be selected again."""
    select = given.get("select", True)
    if not isinstance(select, bool):
        raise ValueError("“select” is true or false")
    bench.id_card.find_after_read = FindAfterRead(_text(given, "find"))
    bench.id_card.select_after_read = select
    return {}


def _known_paper(given: Mapping[str, Any]) -> str:
    name = _text(given, "paper") if "paper" in given else _text(given, "name")
    if name not in papers.names():
        raise ValueError(f"no such paper: {name}")
    return name


def _paper(bench: "Testbed") -> dict[str, Any]:
    jobs = bench.printer.finished_jobs()
    if not jobs:
        raise ValueError("nothing was printed yet")
    coded = base64.b64encode(jobs[-1].raw).decode()
    return {"escpos": coded, "lines": jobs[-1].lines, "codes": jobs[-1].codes, "jobs": len(jobs)}


def _jobs(bench: "Testbed") -> dict[str, Any]:
    """Every job since the start or the last reset, the one being printed included."""
    return {
        "jobs": [
            {
                "escpos": base64.b64encode(job.raw).decode(),
                "lines": job.lines,
                "codes": job.codes,
                "finished": job.finished,
            }
            for job in bench.printer.jobs
        ]
    }


def _picture(bench: "Testbed", given: Mapping[str, Any]) -> dict[str, Any]:
    path = Path(_text(given, "path"))
    partial = path.with_name(path.name + ".part")
    bench.printer.picture().save(partial, format="PNG")
    partial.replace(path)  # whoever waits for the file sees the whole of it
    return {"path": str(path)}


def _show(bench: "Testbed", given: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("last_receipt"):
        codes = [code for job in bench.printer.finished_jobs() for code in job.codes]
        if not codes:
            raise ValueError("no receipt with a code was printed yet")
        text = codes[-1]
    else:
        text = _text(given, "text")
    bench.code_reader.show(text)
    bench.codes += 1
    return {"text": text}
