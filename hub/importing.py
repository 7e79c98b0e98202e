"""Sealed submissions that came on a USB stick, since no line carried them.

A kiosk writes two files for each: NAME.ymn, the sealed bytes, and NAME.json, its announcement.
What is filed here is the same as over the line: the kiosk's signature is in the envelope.
"""

import json
from pathlib import Path

from pydantic import ValidationError

from hub import durable, intake
from hub.city import City
from hub.problems import Refusal
from hub.tables import Kiosk
from kiosk.contract.messages import Announce
from kiosk.contract.sealing import SealError, read_header


class NotImported(Exception):
    """A file that is no export, or that the hub refuses; the text says why."""


def take_in(city: City, envelope: Path) -> str:
    """File one export and return its case number; the same one again gets the same number.

    Raises NotImported.
    """
    try:
        told = json.loads(envelope.with_suffix(".json").read_bytes())
        message = Announce.model_validate(told["announcement"])
        sealed = envelope.read_bytes()
        kiosk_id = read_header(sealed).kiosk_id
    except (OSError, ValueError, KeyError, TypeError, ValidationError, SealError) as error:
        raise NotImported(f"not an export ({type(error).__name__})") from error
    if len(sealed) != message.size:
        raise NotImported("not as long as announced")
    with city.database.transaction() as session:
        if session.get(Kiosk, kiosk_id) is None:
            raise NotImported("of a kiosk this hub does not know")
    try:
        answer = intake.announce(city, kiosk_id, message)
        if isinstance(answer, intake.Offer):
            durable.write(intake.part(city, answer.upload), sealed)
            answer = intake.finish(city, answer.upload)
    except Refusal as error:
        raise NotImported(error.fault.code) from error
    return str(answer["document"]["case_number"])
