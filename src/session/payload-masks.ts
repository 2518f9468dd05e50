/** What a user wants hidden in payloads: fields by their name wherever they stand, and values of JSON by their path. */
import { isUtf8 } from 'node:buffer'
import { compileQuery, PathTooSlow, WatchedPath } from '../capture/filter/watched-path.ts'
import { Failure } from '../shared/failure.ts'
import { hide, MASK, type Masking } from '../shared/secrets/masking.ts'
import { maskPairs } from '../shared/secrets/pairs.ts'
import { type Location, spansAt } from '../shared/text/json-spans.ts'

/** The masks given, and what is revealed in spite of them. */
export interface MaskOptions {
  /** Names of secrets that are written as they are. */
  readonly reveal?: readonly string[]
  /** Names of fields (`password`) and JSONPaths (`$.auth.token`), RFC 9535. */
  readonly mask?: readonly string[]
  /** Collects the names of what was hidden. */
  readonly masked?: Set<string>
}

interface MaskedPath {
  readonly text: string
  readonly path: WatchedPath
}

export interface PayloadMasking extends Masking {
  readonly paths?: readonly MaskedPath[]
}

/** Characters of a name at most. */
const LONGEST_NAME = 200

/** Throws a `Failure` `BAD_MASK` if a mask is neither a name nor a JSONPath. */
export function maskingOf({ reveal = [], mask = [], masked }: MaskOptions): PayloadMasking {
  const paths = mask.filter((each) => each.startsWith('$')).map((text) => ({ text, path: pathOf(text) }))
  const names = mask.filter((each) => !each.startsWith('$')).map(checkedName)
  return {
    reveal,
    ...(masked !== undefined && { masked }),
    ...(names.length > 0 && { names: new Set(names) }),
    ...(paths.length > 0 && { paths }),
  }
}

/** Whether payloads have to be looked through. */
export function masksPayloads({ names, paths }: PayloadMasking): boolean {
  return names !== undefined || paths !== undefined
}

function checkedName(name: string): string {
  if (name.trim() === '' || name.length > LONGEST_NAME)
    throw new Failure(
      'BAD_MASK',
      'A mask is the name of a field, such as password, or a JSONPath, such as $.auth.token.',
    )
  return name.toLowerCase()
}

function pathOf(text: string): WatchedPath {
  try {
    return new WatchedPath(compileQuery(text))
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Failure(
      'BAD_MASK',
      `The mask ${text.slice(0, LONGEST_NAME)} begins with $ and is not a JSONPath: ${why}.`,
    )
  }
}

/** The payload with what is to be hidden as `***`; undefined if there is nothing to hide in it. Bytes that are no text stay. */
export function maskPayload(payload: Uint8Array, masking: PayloadMasking): Uint8Array | undefined {
  if (payload.length === 0 || !masksPayloads(masking) || !isUtf8(payload)) return undefined
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString()
  const masked = maskPayloadText(text, masking)
  return masked === text ? undefined : Buffer.from(masked)
}

/** The same of a text. */
export function maskPayloadText(text: string, masking: PayloadMasking): string {
  const { names, paths = [] } = masking
  const byName = names === undefined ? text : maskFields(text, names, masking)
  return paths.length === 0 ? byName : maskPaths(byName, paths, masking)
}

function maskFields(text: string, names: ReadonlySet<string>, masking: Masking): string {
  return maskPairs(text, {
    isSecret: (name) => names.has(name.toLowerCase()) || names.has(innermost(name).toLowerCase()),
    hide: (name) => hide(innermost(name), masking),
    isData: true,
  })
}

/** `password` of a form's `user[password]`. */
function innermost(name: string): string {
  return name.endsWith(']') ? name.slice(name.lastIndexOf('[') + 1, -1) : name
}

/** What separates JSON texts in one message: SignalR's records, lines, the end of a STOMP frame. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the separators
const SEPARATORS = /([\x00\x1e\n]+)/

function maskPaths(text: string, paths: readonly MaskedPath[], masking: Masking): string {
  const whole = maskDocument(text, paths, masking)
  if (whole !== undefined) return whole
  return text
    .split(SEPARATORS)
    .map((piece, index) => (index % 2 === 1 ? piece : (maskDocument(piece, paths, masking) ?? piece)))
    .join('')
}

/** Masks a JSON text, before which a packet's type may stand as in Engine.IO's `42[…]`; undefined if it is none. */
function maskDocument(text: string, paths: readonly MaskedPath[], masking: Masking): string | undefined {
  for (const start of new Set([0, text.search(/[[{]/)])) {
    const json = text.slice(Math.max(start, 0))
    const document = parsed(json)
    if (document !== undefined)
      return text.slice(0, text.length - json.length) + maskValues(json, document.value, paths, masking)
  }
  return undefined
}

function parsed(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) }
  } catch {
    // Not JSON, so no path leads anywhere in it.
    return undefined
  }
}

function maskValues(json: string, document: unknown, paths: readonly MaskedPath[], masking: Masking): string {
  const found: Location[] = []
  for (const { text, path } of paths) {
    const locations = locationsOf(path, document)
    if (locations?.length === 0 || !hide(text, masking)) continue
    // What a path leads to is not known if it was given up: it may be anything.
    if (locations === undefined) return JSON.stringify(MASK)
    for (const location of locations) found.push(location)
  }
  let masked = ''
  let from = 0
  for (const { start, end } of spansAt(json, found)) {
    masked += json.slice(from, start) + JSON.stringify(MASK)
    from = end
  }
  return masked + json.slice(from)
}

/** Undefined if the path takes too long, or leads too deep. */
function locationsOf(path: WatchedPath, document: unknown): Location[] | undefined {
  try {
    return [...path.locations(document)]
  } catch (thrown) {
    if (thrown instanceof PathTooSlow || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** The masks of which nothing was found among the names of what was hidden: one may be misspelt. */
export function unmet(mask: readonly string[], masked: Iterable<string>): string[] {
  const met = new Set([...masked].map((name) => name.toLowerCase()))
  return mask.filter((each) => !met.has(each.toLowerCase()))
}
