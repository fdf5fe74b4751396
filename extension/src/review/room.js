// How large a popup may be. Thunderbird lets it have 800 by 600 pixels and cuts it at the edge of the screen or of the window, without
// telling the page: so the page measures what there is and asks for no more.

const MOST = { width: 740, height: 590 };
/** Border and shadow of the popup, and what a screen keeps free at its edge. */
const EDGE = 8;
/** With less than that the list has no place between head and foot. */
const LEAST = { width: 560, height: 400 };

/** How wide the popup is made to find out from which side it hangs. */
const PROBE = 480;
/** How many frames it may take to be placed anew. */
const PATIENCE = 30;

const screenOf = () => /** @type {{availLeft: number, availTop: number, availWidth: number, availHeight: number}} */ (/** @type {any} */ (window.screen));
const placeOf = () => /** @type {{mozInnerScreenX: number, mozInnerScreenY: number}} */ (/** @type {any} */ (window));

/** What is left below its button. */
function height() {
  const { availTop, availHeight } = screenOf();
  return Math.min(MOST.height, availTop + availHeight - Math.max(placeOf().mozInnerScreenY, availTop) - EDGE);
}

/** @param {{width?: number, height?: number}} room */
function limit(room) {
  for (const [name, pixels] of Object.entries(room)) {
    document.documentElement.style.setProperty(`--room-${name}`, `${Math.floor(pixels)}px`);
  }
}

/** Keeps the popup above the lower edge of the screen, also when it moves as it grows. */
export function keepWithinRoom() {
  const fit = () => limit({ width: Math.min(MOST.width, screenOf().availWidth - EDGE), height: height() });
  fit();
  window.addEventListener("resize", () => limit({ height: height() }));
}

/**
 * Makes a popup narrower that hangs from a button too near to the other side of the screen.
 * @returns {Promise<boolean>} whether it is large enough now
 */
export async function fitIntoRoom() {
  const { availLeft, availWidth } = screenOf();
  const isAtEdge = placeOf().mozInnerScreenX - availLeft < 3;
  if (isAtEdge && innerWidth > PROBE) {
    // It is cut, or just fits. As a narrow one its right edge is that of its button.
    limit({ width: PROBE });
    const right = await rightEdge();
    limit({ width: Math.min(MOST.width, Math.max(right - availLeft, PROBE) - EDGE, availWidth - EDGE) });
  }
  const width = parseFloat(document.documentElement.style.getPropertyValue("--room-width"));
  return width >= LEAST.width && height() >= LEAST.height;
}

/** Where the probe ends, when it is placed. */
async function rightEdge() {
  for (let frame = 0; frame < PATIENCE && (innerWidth !== PROBE || placeOf().mozInnerScreenX - screenOf().availLeft < 3); frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return placeOf().mozInnerScreenX + innerWidth;
}
