// Buttons with an address in `data-url` lead to the server. The background opens the address if it is the server's.

import { call } from "./service.js";

/**
 * @param {EventTarget} place holds the links
 * @param {(thrown: unknown) => void} onFailure
 */
export function followLinks(place, onFailure) {
  place.addEventListener("click", async ({ target }) => {
    const url = target instanceof Element ? target.closest("[data-url]")?.getAttribute("data-url") : null;
    if (url) {
      try {
        await call("open", { url });
      } catch (thrown) {
        onFailure(thrown);
      }
    }
  });
}
