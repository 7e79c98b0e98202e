"""What is plugged in: card readers, cameras, code readers, printers.

Knows nothing of the rest of the house, so another project can use it as it is:

    from devices.cards import CardRead, CardWatch
    from devices.cards.samv import SamvReader
    from devices.cards.social_security import SocialSecurityReader
    watch = CardWatch([SamvReader("/dev/ttyUSB0"), SocialSecurityReader()], deliver=events.put)
    watch.start()  # events: ReaderState, CardSeen, CardRead(document) or CardFault(code), CardGone

Every expected fault is a `devices.errors.DeviceFault` with a code. `devices.testbed` plays the
other end of each wire, so all of it runs without hardware.
"""
