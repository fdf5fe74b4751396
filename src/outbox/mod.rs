//! The outbox: a table of the state database in which every submission lives until it is at its destination.
