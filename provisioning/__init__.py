"""How technicians set up and look after kiosks; the `yimen` command."""
