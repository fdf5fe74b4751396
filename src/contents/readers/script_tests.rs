//! Facts about the reader.
