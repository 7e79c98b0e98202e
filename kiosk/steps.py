"""The steps of a visit. A step's value is the id of the screen that shows it."""

from enum import StrEnum


class Step(StrEnum):
    """Where a visit stands; screens, tests, pictures and speech use the value as id."""

    ATTRACT = "attract"
    LANGUAGE = "language"
    HOME = "home"
    SEARCH = "search"
    GROUP = "group"
    SERVICE = "service"
    CHECK = "check"
    SHEET = "sheet"
    CONSENT = "consent"
    IDENTIFY = "identify"
    PRINTED_LINES = "printed_lines"
    FORM = "form"
    MATERIAL = "material"
    SCAN = "scan"
    SIGN = "sign"
    REVIEW = "review"
    SENDING = "sending"
    DONE = "done"
    DRAFT = "draft"
    RESUME = "resume"
    STATUS = "status"
    CASE = "case"
    STAFF_SIGN_IN = "staff_sign_in"
    STAFF_HOME = "staff_home"
    GOODBYE = "goodbye"
    OUT_OF_ORDER = "out_of_order"
