//! Samples: files zipped with the password `infected`, as MISP itself makes them.
