"""The hotline: what it knows and decides. Knows no Telegram, no HTTP, no scheduler."""
