"""Which class shows which step. Modules are loaded when first needed."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from kiosk.steps import Step

if TYPE_CHECKING:
    from screens.screen import Screen

CLASSES = {
    Step.ATTRACT: "screens.attract:AttractScreen",
    Step.LANGUAGE: "screens.language:LanguageScreen",
    Step.HOME: "screens.home:HomeScreen",
    Step.SEARCH: "screens.search:SearchScreen",
    Step.GROUP: "screens.group:GroupScreen",
    Step.SERVICE: "screens.service:ServiceScreen",
    Step.CHECK: "screens.check:CheckScreen",
    Step.SHEET: "screens.sheet:SheetScreen",
    Step.CONSENT: "screens.consent:ConsentScreen",
    Step.IDENTIFY: "screens.identify:IdentifyScreen",
    Step.PRINTED_LINES: "screens.printed_lines:PrintedLinesScreen",
    Step.FORM: "screens.form:FormScreen",
    Step.MATERIAL: "screens.material:MaterialScreen",
    Step.SCAN: "screens.scan:ScanScreen",
    Step.SIGN: "screens.sign:SignScreen",
    Step.REVIEW: "screens.review:ReviewScreen",
    Step.SENDING: "screens.sending:SendingScreen",
    Step.DONE: "screens.done:DoneScreen",
    Step.DRAFT: "screens.draft:DraftScreen",
    Step.RESUME: "screens.resume:ResumeScreen",
    Step.STATUS: "screens.status:StatusScreen",
    Step.CASE: "screens.case:CaseScreen",
    Step.STAFF_SIGN_IN: "screens.staff_sign_in:StaffSignInScreen",
    Step.STAFF_HOME: "screens.staff_home:StaffHomeScreen",
    Step.STAFF_SETTINGS: "screens.staff_settings:StaffSettingsScreen",
    Step.GOODBYE: "screens.goodbye:GoodbyeScreen",
    Step.OUT_OF_ORDER: "screens.out_of_order:OutOfOrderScreen",
}


def screen_class(step: Step) -> "type[Screen]":
    """The screen of a step. Raises ImportError when its module is not there."""
    module, _, name = CLASSES[step].partition(":")
    return cast("type[Screen]", getattr(import_module(module), name))
