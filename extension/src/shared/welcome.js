// Opens the page with the first steps, or goes to it if it is open.

export async function openWelcome() {
  const url = browser.runtime.getURL("welcome/welcome.html");
  const open = (await browser.tabs.query({})).find((tab) => tab.url === url);
  if (open?.id === undefined) await browser.tabs.create({ url });
  else await browser.tabs.update(open.id, { active: true });
}
