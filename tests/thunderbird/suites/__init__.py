"""The tests. Each file is about one part of the product."""
