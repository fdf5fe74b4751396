"""The peer's work for one small mail: a process that makes PyMISP's email object and prints it."""

import sys

from pymisp.tools import EMailObject

print(EMailObject(filepath=sys.argv[1], attach_original_email=False).to_json())
