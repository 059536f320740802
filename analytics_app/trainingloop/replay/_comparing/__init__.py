"""How pairs of answers are counted and tested."""
