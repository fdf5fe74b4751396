//! Outlook's .msg files.
use super::builder::Builder;
pub(super) fn is_msg(_bytes: &[u8]) -> bool {
    false
}
pub(super) fn read(_bytes: &[u8], _into: &mut Builder<'_>) {}
