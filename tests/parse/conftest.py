"""The long search for files that break the parser: `make fuzz`."""

import pytest
from hypothesis import settings

settings.register_profile("fuzz", max_examples=20_000, deadline=None)

pytest.register_assert_rewrite("parse_tools", "profile_examples")
