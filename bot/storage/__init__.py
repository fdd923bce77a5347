"""The only SQL of the hotline: `tables` on one page, one module for each noun, `database` for units."""

from bot.storage.database import Database, Transaction, Unavailable

__all__ = ["Database", "Transaction", "Unavailable"]
