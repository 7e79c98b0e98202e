"""The parts screens are made of. Each takes the `Look` first and knows no rule of the kiosk."""
