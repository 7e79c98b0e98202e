"""What a visit says aloud: the question of whether somebody is still there, for a second sense."""

from devices.speech import Voice
from kiosk.visit.core import VisitCore


class Speaking(VisitCore):
    """Screens show everything; whoever cannot see it hears it."""

    def _say_idle_question(self) -> None:
        """A time limit is told to two senses (EN 301 549 §5.1)."""
        question = self.words("Are you still there?")
        promise = self.words(
            "Take your time. Without an answer everything you entered is deleted to protect you."
        )
        for voice in self._voices():
            voice.say(f"{question} {promise}", self.language)

    def _hush(self) -> None:
        for voice in self._voices():
            voice.stop()

    def _voices(self) -> list[Voice]:
        return [voice for voice in (self._rooms.voice, self._rooms.speaker) if voice is not None]
