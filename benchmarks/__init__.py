"""Measurements and campaigns over generated documents: speed, accuracy, fuzzing, kills.

Belongs here: `python -m benchmarks` (speed, writes RESULTS.md), `python -m benchmarks.accuracy`,
`python -m benchmarks.soak`, and what they share. Does not belong here: making documents (`data.generator`) and
anything that the product itself needs.
"""
