"""Speech without a line, in Mandarin, English and Korean, by espeak-ng and a sound server.

from devices.speech import Voice

voice = Voice("earphone")  # an outlet's name; "" for the default one
voice.say("请把卡平放在读卡器上。", "zh")
voice.stop()
"""

from devices.speech.voice import Ending, Voice

__all__ = ["Ending", "Voice"]
