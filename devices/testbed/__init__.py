"""The other end of every wire of a kiosk, with every fault; it ships, technicians train on it.

    from devices.testbed.printer import PrinterTcp
    with PrinterTcp() as printer:      # each part works alone; testbed.Testbed composes them all
        ReceiptPrinter(printer.address).print(layout, job="YM0001")
        printer.picture().save("receipt.png")
"""
