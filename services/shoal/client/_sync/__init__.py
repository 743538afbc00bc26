# GENERATED from ../_async/__init__.py by ../generate_sync.py; never edited.
"""The sync client: generated, never edited."""
