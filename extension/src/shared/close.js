// Closes the page, which may be a popup, a tab or a window.

export async function closePage() {
  const tab = await browser.tabs.getCurrent();
  if (tab?.id === undefined) {
    window.close();
  } else {
    await browser.tabs.remove(tab.id);
  }
}

/** @returns {boolean} whether the page is the popup of a button, which is as large as its content */
export function isPopup() {
  return browser.extension.getViews({ type: "popup" }).includes(window);
}
