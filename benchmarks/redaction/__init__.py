"""Measures trainingloop's redaction beside plain Presidio: what is found, what is spared, how fast.

``python -m benchmarks.redaction`` generates every labelled text from a fixed seed, runs both over
them in one process and writes docs/redaction-report.md. The texts are written from how people
write, not from how the detectors look for things.
"""
