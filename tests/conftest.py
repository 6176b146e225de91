"""What every test relies on, wherever the suite is started from."""

from __future__ import annotations

import signal

# A shell starts what runs in its background with Ctrl-C ignored, and so would run all that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
