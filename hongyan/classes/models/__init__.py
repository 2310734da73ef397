"""Tables of classification.

ClassRun                 one classification of everybody: day, rules, how far it is
ClassDue                 whose classes may have changed since
CustomerClass ──< ClassMove   the classes a customer is in, the figures behind them; and who went from one to another
Tag ──< CustomerTag        words that units define, and who bears them
BlacklistEntry ──< BlacklistKey   who is not to be served, and the keyed hashes of their credentials
ClassCount               how many are in each class, per unit
"""

from hongyan.classes.models.blacklist import BlacklistEntry, BlacklistKey
from hongyan.classes.models.classes import ClassCount, ClassDue, ClassMove, ClassRun, CustomerClass
from hongyan.classes.models.tags import CustomerTag, Tag

__all__ = [
    "BlacklistEntry",
    "BlacklistKey",
    "ClassCount",
    "ClassDue",
    "ClassMove",
    "ClassRun",
    "CustomerClass",
    "CustomerTag",
    "Tag",
]
