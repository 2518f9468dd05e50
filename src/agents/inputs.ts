/** Fields that the inputs of several tools have. Messages of schemas continue a sentence about the value. */
import * as v from 'valibot'
import { objectMessage, text, whole } from '../request/spec-fields.ts'

const MAX_PATH = 1000
const MAX_CONNECTION = 65_535

/** The schema of a tool's input. Without a value, it has the defaults. */
export function inputOf<T extends v.ObjectEntries>(entries: T) {
  return v.strictObject(entries, objectMessage('an object'))
}

/** A text of at most so many characters. */
export const short = (max: number) => v.pipe(text, v.maxLength(max, `must have at most ${max} characters`))

export const CONNECTION = whole(1, MAX_CONNECTION)

/** A connection that is one of several to choose. */
export const connectionField = (what: string) =>
  v.optional(v.pipe(CONNECTION, v.description(`${what} Number of a connection, as realtime_list gives it.`)))

export const RECORDING = v.optional(
  v.pipe(
    short(MAX_PATH),
    v.description(
      'Path of a recording (.rtsession or .har) in the workspace or working directory. Leave it out for the live session.',
    ),
  ),
)

const SYNTAX =
  'Terms next to each other must all match; and, or, not and brackets combine them. Terms: dir:in, dir:out, type:message (or connect, open, close, error, reconnect, ping, pong, request, response), a word or "quoted text" in the payload, /regex/i, a JSONPath with or without comparison ($.type == "trade", $.legs[?@.price > 100]), size:>1k, time:5s..10s, gap:>500ms, number:7, event:NAME (Server-Sent Events), and for decoded protocols name:sum, kind:request, channel:NAME, id:7, latency:>200ms, is:unanswered, is:heartbeat.'

/** `what` says what the filter does. The syntax is described if the tool is likely to be used for its filter. */
export function filterField(what: string, syntax = SYNTAX) {
  return v.pipe(short(2000), v.description(`${what} ${syntax}`))
}

export const CURSOR = v.optional(
  v.pipe(
    whole(1, Number.MAX_SAFE_INTEGER),
    v.description('The value of "next" in the page before, for the next page.'),
  ),
)

export const MAX_CHARACTERS = v.optional(
  v.pipe(
    whole(1000, 60_000),
    v.description('Characters of the result after which nothing is added. Default 16000.'),
  ),
  16_000,
)
