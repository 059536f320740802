"""``python -m ner_training``: make the model anew, write it into the package, measure it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

# One thread, so that the same seed gives the same weights.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
_ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_ROOT / "processor"), str(_ROOT / "instrumentation")]


def main() -> None:
    """Train with the fixed plan, store the weights and print what they achieve."""
    import numpy as np

    from ner_training.evaluation import held_out, lower, scores
    from ner_training.training import Plan, train
    from trainingloop.processor._names.builtin import WEIGHTS, BuiltinModel
    from trainingloop.processor._names.finder import ModelFinder

    parser = argparse.ArgumentParser(prog="python -m ner_training", description=__doc__)
    parser.add_argument("--steps", type=int, default=Plan().steps)
    parser.add_argument("--threshold", type=float, default=0.55)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    weights = train(Plan(steps=given.steps), _say)
    weights["threshold"] = np.array(given.threshold, dtype=np.float32)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    small = {name: value.astype(np.float16) for name, value in weights.items()}
    np.savez_compressed(given.out, allow_pickle=False, **small)
    _say(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB")
    model = BuiltinModel({name: value.astype(np.float32) for name, value in small.items()})
    finder = ModelFinder(model, "names.builtin")
    texts = held_out(4_000, seed=7)
    _say(f"held-out, as written: {scores(finder, texts)}")
    _say(f"held-out, lower case: {scores(finder, lower(texts))}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
