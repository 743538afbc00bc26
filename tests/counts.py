"""How much a test counts: `make test` takes a share, `make test-full` (SHOAL_TEST_FULL=1) all of it."""

import os

FULL = os.environ.get("SHOAL_TEST_FULL") == "1"
