// Thunderbird's mails: folders, message ids that end when a mail is moved, and the functions of `messages` and `folders`.

import { FakeEvent } from "./event.js";

export class Mailbox {
  #headers = new Map();
  #raw = new Map();
  #next = 0;
  /** Ids for which getRaw fails although the mail is there. */
  unreadable = new Set();
  /** What was done to mails: [what, message id, …]. */
  done = [];
  onUpdated = new FakeEvent();
  tags = [{ key: "$label1", tag: "Important", color: "#ff0000", ordinal: "" }];
  folders = [
    { id: "account1://INBOX", accountId: "account1", name: "Inbox", path: "/INBOX", specialUse: ["inbox"] },
    { id: "account1://Trash", accountId: "account1", name: "Trash", path: "/Trash", specialUse: ["trash"] },
    { id: "account1://Junk", accountId: "account1", name: "Junk", path: "/Junk", specialUse: ["junk"] },
    { id: "account1://Archives", accountId: "account1", name: "Archives", path: "/Archives", specialUse: ["archives"] },
    { id: "account1://Archives/2026", accountId: "account1", name: "2026", path: "/Archives/2026", specialUse: [] },
    { id: "news://soc.samples", accountId: "news", name: "soc.samples", path: "/soc.samples", specialUse: [] },
    { id: "account2://Shared", accountId: "account2", name: "Shared", path: "/Shared", specialUse: [], readOnly: true },
    { id: "account2://INBOX", accountId: "account2", name: "Inbox", path: "/INBOX", specialUse: ["inbox"] },
  ];

  /** Puts a mail into a folder (null: a file opened from disk) and returns its header. */
  add({ subject = "Invoice", headerMessageId = `${this.#next}@example.org`, raw = `Subject: ${subject}\n\nhi\n`, folder = "account1://INBOX" } = {}) {
    const id = ++this.#next;
    const header = {
      id,
      headerMessageId,
      subject,
      author: "Eve <eve@example.org>",
      date: new Date("2026-11-23T08:00:00Z"),
      folder: this.folders.find((one) => one.id === folder) ?? null,
      tags: [],
    };
    this.#headers.set(id, header);
    this.#raw.set(id, raw);
    return header;
  }

  /** The mail gets a new id, as when a filter moved it. */
  move(id, folder) {
    const header = this.#headers.get(id);
    const raw = this.#raw.get(id);
    this.remove(id);
    return this.add({ ...header, raw, folder });
  }

  remove(id) {
    this.#headers.delete(id);
    this.#raw.delete(id);
  }

  /** All ids are other ones, as after a restart of Thunderbird. */
  renumber(by = 1000) {
    const mails = [...this.#headers.values()];
    this.#next += by;
    for (const mail of mails) this.move(mail.id, mail.folder?.id);
  }

  header(id) {
    const header = this.#headers.get(id);
    if (!header) throw new Error(`Message not found: ${id}.`);
    return header;
  }

  get messages() {
    return {
      get: async (id) => structuredClone(this.header(id)),
      getRaw: async (id) => {
        this.header(id);
        if (this.unreadable.has(id)) throw new Error(`Error reading message ${id}`);
        return new File([this.#raw.get(id)], "message.eml");
      },
      query: async ({ headerMessageId, folderId }) => ({
        id: null,
        messages: [...this.#headers.values()].filter(
          (one) => one.headerMessageId === headerMessageId && one.folder && (!folderId || one.folder.id === folderId),
        ),
      }),
      continueList: async () => ({ id: null, messages: [] }),
      update: async (id, changes) => {
        const header = this.header(id);
        const before = { tags: header.tags };
        Object.assign(header, changes);
        this.done.push(["update", id, changes]);
        if (changes.tags) this.onUpdated.fire(structuredClone(header), { tags: [...changes.tags] }, before);
      },
      onUpdated: this.onUpdated,
      archive: async (ids) => {
        this.done.push(["archive", ...ids]);
      },
      move: async (ids, folderId) => {
        this.done.push(["move", ...ids, folderId]);
        for (const id of ids) this.move(id, folderId);
      },
      tags: {
        list: async () => this.tags,
        create: async (key, tag, color) => {
          if (this.tags.some((one) => one.key === key || one.tag === tag)) throw new Error(`Specified key or tag already exists: ${key}`);
          this.tags.push({ key, tag, color, ordinal: "" });
        },
        update: async (key, changes) => {
          Object.assign(this.tags.find((one) => one.key === key), changes);
        },
      },
    };
  }

  get accountsApi() {
    return { get: async (id) => ({ id, type: id === "news" ? "nntp" : "imap" }) };
  }

  get foldersApi() {
    return {
      getFolderCapabilities: async (id) => ({ canDeleteMessages: this.folders.find((one) => one.id === id)?.readOnly !== true }),
      query: async ({ accountId, specialUse: [use] }) =>
        this.folders.filter((one) => one.accountId === accountId && one.specialUse.includes(use)),
      getParentFolders: async (id) => this.folders.filter((one) => id.startsWith(`${one.id}/`)),
    };
  }
}
