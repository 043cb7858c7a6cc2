"""Runs a checkout's validation system with the enhancer, and prints its issues.

The checkout is the current folder. The arguments are the names of the scripts. Standard output is one JSON list of the
issues that the system reports.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path


def main() -> None:
    """Validate the scripts in the arguments, with the training enhancer replaced."""
    sys.path.insert(0, str(Path.cwd()))
    steps = Path("src/cursus/steps")
    folders = [str(steps / name) for name in ("scripts", "contracts", "specs", "builders", "configs")]
    # Importing the SDK writes to standard output as well.
    with contextlib.redirect_stdout(sys.stderr):
        from src.cursus.validation.alignment.unified_alignment_tester import (  # type: ignore[import-not-found]
            UnifiedAlignmentTester,
        )
        from training_alignment import TrainingStepEnhancer

        tester = UnifiedAlignmentTester(*folders)
        tester.step_type_enhancement_router.enhancers["Training"] = TrainingStepEnhancer()
        report = tester.run_full_validation(target_scripts=sys.argv[1:])
    json.dump(
        [
            {
                "script": script,
                "passed": result.passed,
                "severity": issue.level.value,
                "category": issue.category,
                "message": issue.message,
                "path": issue.details.get("path"),
                "line": issue.details.get("line"),
                "recommendation": issue.recommendation,
            }
            for script, result in report.level1_results.items()
            for issue in result.issues
        ],
        sys.stdout,
    )


if __name__ == "__main__":
    main()
