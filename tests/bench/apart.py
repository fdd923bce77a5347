"""Measurements in processes of their own, so that none weighs on another; each uses one thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from bot.config import ROOT

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def apart(module: str, *arguments: str) -> Any:
    """What the module prints as JSON."""
    printed = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return json.loads(printed)
