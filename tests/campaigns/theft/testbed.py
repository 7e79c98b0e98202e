"""The testbed with the canary's card among its cards.

    python -m tests.campaigns.theft.testbed SEED …

Everything after the seed as for python -m devices.testbed.
"""

from __future__ import annotations

import sys

from devices.testbed import cards
from devices.testbed.__main__ import main
from tests.campaigns.theft.canaries import CARD, person

if __name__ == "__main__":
    who = person(int(sys.argv.pop(1)))
    cards._SAMPLES[CARD] = cards._Sample("canary", lambda label: who.card())
    cards.NAMES = (*cards.NAMES, CARD)
    sys.exit(main())
