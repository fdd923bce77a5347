import os
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram.warnings import PTBUserWarning

from tests.story import Story, story

REQUIRED = os.environ.get("HOTLINE_TEST_REQUIRE", "").split(",")


def without(part: str, why: str) -> None:
    """Skip a test for want of a part; where the part is required, fail instead."""
    if part in REQUIRED:
        pytest.fail(f"{part} is required: {why}")
    pytest.skip(why)


@pytest.fixture(autouse=True)
def _library_warning() -> None:
    # The library warns that getUpdates is better called by its own method: that one loses updates.
    warnings.filterwarnings("ignore", message=".*do_api_request", category=PTBUserWarning)


@pytest.fixture
async def hotline(tmp_path: Path) -> AsyncIterator[Story]:
    """The hotline with its desk and staff."""
    async with story(tmp_path) as told:
        yield told
