"""The desk: plain pages on which staff see a case and accept it."""
