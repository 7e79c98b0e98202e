"""What kiosk and hub must agree on to the byte."""
