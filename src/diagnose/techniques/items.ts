/** The events of a feed in a message. A poll may bring several in one body. */

/** Members in which bodies of polls list their events. */
const LISTS = ['events', 'messages', 'items', 'data', 'results', 'updates', 'entries', 'changes']
/** Members beside the list at most: a body with more is an event of its own. */
const MAX_BESIDE = 4
/** Events of one message at most. */
const MAX_ITEMS = 10_000

export interface Item {
  /** What makes it equal to the same event on another connection. */
  readonly content: string
  /** The event as JSON; undefined if it is not JSON. */
  readonly json: unknown
}

/** `text` is the payload; undefined if it is not text. */
export function itemsOf(text: string | undefined, payload: Uint8Array, isPoll: boolean): Item[] {
  if (text === undefined) return [{ content: Buffer.from(payload).toString('base64'), json: undefined }]
  const content = text.trim()
  try {
    return itemsIn(text, isPoll) ?? (content === '' ? [] : [{ content, json: undefined }])
  } catch {
    // JSON.parse takes deeper values than JSON.stringify.
    return [{ content, json: undefined }]
  }
}

/** Undefined if the text is not JSON. */
function itemsIn(text: string, isPoll: boolean): Item[] | undefined {
  const json = parsed(text)
  if (json === undefined) return isPoll ? linesOf(text) : undefined
  const list = isPoll ? listIn(json) : undefined
  return (list ?? [json]).slice(0, MAX_ITEMS).map(itemOf)
}

function itemOf(json: unknown): Item {
  return { content: JSON.stringify(json), json }
}

/** The events that a body lists; undefined if it is one event itself. */
function listIn(json: unknown): readonly unknown[] | undefined {
  if (isList(json)) return json
  if (typeof json !== 'object' || json === null) return undefined
  const members = Object.entries(json)
  if (members.length > MAX_BESIDE + 1) return undefined
  const lists = members.filter(([name, value]) => LISTS.includes(name) && isList(value))
  return lists.length === 1 ? (lists[0]?.[1] as readonly unknown[]) : undefined
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)
}

/** Lines that are all JSON. */
function linesOf(text: string): Item[] | undefined {
  const lines = text.split('\n', MAX_ITEMS).filter((line) => line.trim() !== '')
  if (lines.length < 2) return undefined
  const values = lines.map(parsed)
  return values.includes(undefined) ? undefined : values.map(itemOf)
}

/** The object or list in a text; undefined if it is none. */
export function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
