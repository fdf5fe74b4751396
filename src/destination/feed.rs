//! A folder in MISP's feed format.
