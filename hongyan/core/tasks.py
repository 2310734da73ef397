"""Tasks of the kernel; importing the module registers the rescue of stalled jobs."""

from hongyan.core import jobs  # noqa: F401
