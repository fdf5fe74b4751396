// Reads what a person types to name an event: its number, its uuid, or the address of its page.

const NUMBER = /^#?([1-9]\d{0,18})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PAGE = /\/events\/view2?\/([^/?#\s]+)/;

/**
 * @param {string} typed
 * @returns {string | null} number or uuid; null when it is neither
 */
export function eventReference(typed) {
  const trimmed = typed.trim();
  const named = PAGE.exec(trimmed)?.[1] ?? trimmed;
  const number = NUMBER.exec(named)?.[1];
  return number ?? (UUID.test(named) ? named.toLowerCase() : null);
}
