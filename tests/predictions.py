"""Turn what ``forthwith assess --json`` prints into the predictions that a scorer of sample letters reads.

forthwith assess LETTERS --customers FILE --json | python -m tests.predictions > predictions.jsonl
"""

import json
import sys
from typing import Any


def prediction(row: dict[str, Any]) -> dict[str, Any]:
    """One mail's prediction: the assessment with the authority's domain beside it."""
    return {**row, "authority_domain": row["authority"]["domain"]}


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(prediction(json.loads(line)), ensure_ascii=False) + "\n")
