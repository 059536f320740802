"""What runs in the process that asks a model, and in no other.

``launch.py`` and ``start.py`` are run as files. ``start.py`` lets nothing of trainingloop in but
this package and the few modules of `trainingloop.replay` that it names.
"""
