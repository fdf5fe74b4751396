//! The one way through the stages.
