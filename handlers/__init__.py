"""The edges: updates, requests and ticks become calls into `bot`. No decisions here."""
