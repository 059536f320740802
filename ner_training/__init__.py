"""How the built-in model for names is made: generated chat in, ``names.npz`` out."""
