"""A strict, stateful stand-in for a MISP server, for tests: Python's standard library only."""
