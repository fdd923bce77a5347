"""The Telegram edge: `routes.py` shows the whole surface on one screen."""

import os

# The library's coming way of giving times, and no warning about the old one each time Telegram says 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")
