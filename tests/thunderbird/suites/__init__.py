"""What must hold, told as facts; each file is about one part of the product."""
