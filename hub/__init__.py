"""The city side: takes in cases, shows them at the desk, watches the fleet."""
