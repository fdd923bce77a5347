"""The Telegram edge: `routes.py` shows the whole surface on one screen."""
