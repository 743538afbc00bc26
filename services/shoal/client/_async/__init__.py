"""The client, written once: `_sync` is generated from this package by `generate_sync.py`."""
