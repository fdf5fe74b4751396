// The shapes of what pages get from the background, for the type checker only: those of the host follow
// `protocol/protocol.schema.json`, the others are the background's own.

/** @typedef {number | string | string[] | Said} Argument */
/** @typedef {{code: string, arguments: {[name: string]: Argument}, text: string}} Said what the program says, `text` in English */
/** @typedef {"auto" | "report" | "sample" | "carrier"} Mode */
/** @typedef {{target: "misp", url: string} | {target: "feed", folder: string}} Destination */
/** @typedef {{pending: number, failed: number}} Backlog */

/**
 * @typedef {object} Indicator
 * @property {"indicator"} item
 * @property {number} event index in `events`
 * @property {string} type
 * @property {string} value
 * @property {string} shown the value defanged
 * @property {string} [host] as `hosts.exclude` would name it
 * @property {string} category
 * @property {boolean} to_ids
 * @property {Said} [why] why it has the IDS flag, or has none
 * @property {string} comment
 * @property {Said[]} [remarks] what the comment is made of
 * @property {"add" | "link" | "skip"} action
 * @property {Said} [reason]
 * @property {string} found_in
 * @property {number} line
 * @property {string} [found_as] how it was found, as the schema names it
 * @property {string} [owner] in whose hands its host is
 * @property {string} [context]
 */

/**
 * @typedef {object} Attachment
 * @property {"attachment"} item
 * @property {number} event
 * @property {string | null} name
 * @property {string} content_type
 * @property {string | null} filetype
 * @property {number} size
 * @property {string} sha256
 * @property {number} [inside] the item of the file that it is in
 * @property {string} [password] what opened it
 * @property {"sample" | "benign" | "skip"} action
 * @property {Said} [reason]
 */

/** @typedef {Indicator | Attachment} Item */
/** @typedef {{items: Item[], next: number | null}} ItemPage */
/** @typedef {{part: string, event: number, subject: string | null} | {text: string, items?: number[]}} TextPiece */
/** @typedef {{pieces: TextPiece[], next: number | null}} TextPage */

/**
 * @typedef {object} Earlier
 * @property {number} id
 * @property {number} delivered seconds since 1970
 * @property {string} destination
 * @property {string | null} event_uuid
 * @property {string | null} event_id
 * @property {string | null} url
 */

/** @typedef {{name: string, attributes: {relation: string, type: string, shown: string, to_ids: boolean, why?: Said}[], more: number}} EmailObject */

/**
 * @typedef {object} EventDraft
 * @property {string} identity names its mail
 * @property {string} uuid
 * @property {string | null} subject
 * @property {string} info
 * @property {string} date
 * @property {number} threat_level
 * @property {number} analysis
 * @property {boolean} publish
 * @property {string[]} tags
 * @property {number | null} sharing_group
 * @property {Said | null} authentication what servers found out about who sent the mail
 * @property {EmailObject[]} objects
 * @property {Earlier[]} already
 */

/** @typedef {{is: "report" | "sample" | "carrier", by: "chosen" | "configured" | "detected", facts?: Said[]}} Judgement what a mail is taken for */
/** @typedef {{result: string, domain?: string}} Checked */
/** @typedef {{server: string, trusted: boolean, spf: Checked | null, dkim: Checked[], dmarc: Checked | null}} Authentication */

/**
 * @typedef {object} PreviewHead
 * @property {string | null} subject
 * @property {string | null} from
 * @property {string | null} date
 * @property {string | null} message_id
 * @property {number} size
 * @property {"none" | "unread" | "decrypted"} encryption
 * @property {Judgement & {asked: Mode, facts: Said[], attached: number}} mode
 * @property {string | null} profile
 * @property {Destination} destination
 * @property {{already: Earlier[]}} [together] when all mails become one event
 * @property {EventDraft[]} events
 * @property {{tag: string, choices: string[]}} tlp
 * @property {{is: number, choices: number[]}} distribution
 * @property {{items: number, sent: number, skipped: number, attachments: number}} counts
 * @property {Said[]} notes
 * @property {string[]} taken_out one's own people who were taken out of the mail
 * @property {boolean} kept nobody was taken out, because that was asked for
 * @property {boolean} unread attached files were not read to their end
 */
/** @typedef {PreviewHead & ItemPage} Preview */

/**
 * @typedef {object} Known
 * @property {Record<string, string[]>} warninglists value to names of lists
 * @property {Record<string, {event_id: string, info: string, url: string}[]>} events value to events that have it
 * @property {Said[]} notes
 */

/**
 * @typedef {object} Overrides
 * @property {[string, string][]} [deselected]
 * @property {[string, string][]} [selected]
 * @property {string} [comment]
 * @property {string} [event]
 * @property {string} [tlp]
 * @property {number} [distribution]
 * @property {boolean} [keep_people]
 * @property {string} [title]
 * @property {string} [pap]
 * @property {string[]} [tags_added]
 * @property {string[]} [tags_removed]
 * @property {number} [threat_level]
 * @property {number} [sharing_group]
 * @property {RowEdit[]} [rows]
 * @property {string[]} [left_out] mails that are not sent, by identity
 */
/** @typedef {{type: string, value: string, to_ids?: boolean, as?: string, category?: string, comment?: string}} RowEdit */
/** An entry of the outbox that was opened. @typedef {{message: string, mode: Mode, profile: string | null, subject: string | null, overrides: Overrides}} Opened */

/**
 * @typedef {object} Delivery
 * @property {number} row
 * @property {string | null} subject
 * @property {string | null} message_id
 * @property {"created" | "updated" | "unchanged" | "queued" | "failed"} status
 * @property {string | null} uuid
 * @property {string | null} event_id
 * @property {string | null} url
 * @property {number} attributes
 * @property {number} objects
 * @property {{attributes: number, objects: number}} [added] to an event that was named
 * @property {Judgement} [mode]
 * @property {Authentication} [authentication]
 * @property {{type: string, value: string, reason: Said}[]} skipped
 * @property {number} skipped_total
 * @property {Said[]} notes
 * @property {Said | null} error
 */
/** @typedef {{deliveries: Delivery[], aftermath: {problems: string[]}}} Sent */

/**
 * @typedef {object} Status
 * @property {string} host
 * @property {{file: string | null, exists: boolean, error: string | null, repair: string | null}} config
 * @property {Destination | null} destination null if the configuration cannot be used
 * @property {boolean} key_set
 * @property {string[]} profiles
 * @property {{mode: Mode, tlp: string, distribution: number}} defaults
 * @property {Backlog} outbox
 * @property {("no_server" | "no_key" | "not_verified" | "not_encrypted")[]} notes
 */

/**
 * @typedef {object} MailHead
 * @property {number} messageId
 * @property {string} subject
 * @property {string} author
 * @property {string} date
 * @property {string} headerMessageId
 * @property {string} folder
 * @property {{url: string | null, event_id: string | null, delivered: number} | null} sent
 */

/** @typedef {{stage: string, done: number, total: number}} Progress */
/** @typedef {{kind: string, message: string, data?: Record<string, any> | null}} TroubleLike */
/** @typedef {(method: string, params?: object, options?: {onProgress?: (progress: Progress) => void, signal?: AbortSignal}) => Promise<any>} Call */

/**
 * @typedef {object} Field a setting of the host
 * @property {"flag" | "number" | "text" | "choice" | "url" | "uuid" | "path" | "secret" | "tlp" | "words" | "map" | "tables"} shape
 * @property {"default" | "file" | "profile" | "environment"} origin
 * @property {boolean} writable whether a page may change it
 * @property {any} [value]
 * @property {boolean} [set]
 * @property {any} [default]
 * @property {number} [min]
 * @property {number} [max]
 * @property {string[]} [choices]
 */
/**
 * @typedef {object} Settings
 * @property {string | null} file
 * @property {boolean} exists
 * @property {string | null} profile
 * @property {string[]} profiles
 * @property {Record<string, Field>} fields
 * @property {Record<string, string[]>} page the settings that each part of the options page shows
 */

/**
 * @typedef {{ok: true, version: string, user: string, organisation: string, role: string, lacks: string[], warnings: string[]}
 *   | {ok: false, problem: string, reason: Said}} ConnectionTest
 */

/**
 * @typedef {object} OutboxRow
 * @property {number} id
 * @property {"pending" | "failed" | "delivered"} state
 * @property {boolean} claimed
 * @property {string} origin
 * @property {string | null} profile
 * @property {string | null} subject
 * @property {string | null} message_id
 * @property {number} size
 * @property {number} created
 * @property {number} due
 * @property {number} attempts
 * @property {Said | null} error
 * @property {number | null} delivered
 * @property {string | null} destination
 * @property {string | null} event_uuid
 * @property {string | null} event_id
 * @property {string | null} url
 */

/**
 * @typedef {object} BatchItem
 * @property {number | string} item
 * @property {number} messageId
 * @property {string} headerMessageId
 * @property {string} subject
 * @property {string} author
 * @property {string} date
 * @property {"waiting" | "uploading" | "sending" | "done" | "failed" | "cancelled" | "left_out"} state
 * @property {string[]} [leftOut] of a carrier: mails in it that are not sent
 * @property {{done: number, total: number} | null} progress
 * @property {Delivery[] | null} deliveries
 * @property {TroubleLike | null} error
 */
/** @typedef {{together: boolean, overrides: Overrides, unchecked?: boolean}} Plan */
/**
 * @typedef {object} Batch
 * @property {string} id
 * @property {number} created
 * @property {Mode} mode
 * @property {string} profile
 * @property {"ready" | "running" | "done" | "cancelled"} state
 * @property {Plan} plan
 * @property {TroubleLike | null} trouble why it is ready again
 * @property {BatchItem[]} items
 */

export {};
