"""A believable demo world: drops of ten source systems in their real media, and the truth beside them.

Plain Python without Django; streaming; the same size, seed and day give the same bytes.
"""

from hongyan.integration.demo.generate import TRUTH_JSON, Example, Summary, generate
from hongyan.integration.demo.increment import generate_increment
from hongyan.integration.demo.network import DemoStaff, province_unit

__all__ = ["TRUTH_JSON", "DemoStaff", "Example", "Summary", "generate", "generate_increment", "province_unit"]
