"""A believable demo world: drops of three source systems in their real media, and the truth beside them.

Plain Python without Django; streaming; the same size, seed and day give the same bytes.
"""

from hongyan.integration.demo.generate import Example, Summary, generate
from hongyan.integration.demo.increment import generate_increment
from hongyan.integration.demo.network import DemoStaff, province_unit

__all__ = ["DemoStaff", "Example", "Summary", "generate", "generate_increment", "province_unit"]
