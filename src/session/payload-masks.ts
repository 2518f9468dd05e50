/** Masks in payloads: fields with a certain name, and JSON values at a certain path. */
import { isUtf8 } from 'node:buffer'
import { compileQuery, PathTooSlow, WatchedPath } from '../capture/filter/watched-path.ts'
import { asBuffer } from '../capture/search/event-text.ts'
import { Failure } from '../shared/failure.ts'
import type { KnownSecrets } from '../shared/secrets/known-secrets.ts'
import { hide, MASK, type Masking } from '../shared/secrets/masking.ts'
import { maskPairs } from '../shared/secrets/pairs.ts'
import { type Location, spansAt } from '../shared/text/json-spans.ts'
import { tryParseJson } from '../shared/text/json-text.ts'

/** Which secrets are masked. */
export interface MaskOptions {
  /** Names of secrets that are not masked. */
  readonly reveal?: readonly string[]
  /** Names of fields (`password`) and JSONPaths (`$.auth.token`), RFC 9535. */
  readonly mask?: readonly string[]
  /** Collects the names of masked secrets. */
  readonly masked?: Set<string>
  /** Values to mask wherever they appear. More may be added later. */
  readonly secrets?: KnownSecrets
}

interface MaskedPath {
  readonly text: string
  readonly path: WatchedPath
}

export interface PayloadMasking extends Masking {
  readonly paths?: readonly MaskedPath[]
  readonly secrets?: KnownSecrets
}

/** Characters of the longest name. */
const LONGEST_NAME = 200

/** Throws a `Failure` `BAD_MASK` if a mask is neither a name nor a JSONPath. */
export function maskingOf({ reveal = [], mask = [], masked, secrets }: MaskOptions): PayloadMasking {
  const paths = mask.filter((each) => each.startsWith('$')).map((text) => ({ text, path: pathOf(text) }))
  const names = mask.filter((each) => !each.startsWith('$')).map(checkedName)
  return {
    reveal,
    ...(masked !== undefined && { masked }),
    ...(names.length > 0 && { names: new Set(names) }),
    ...(paths.length > 0 && { paths }),
    ...(secrets !== undefined && { secrets }),
  }
}

/** Whether anything is masked in payloads. */
export function masksPayloads(masking: PayloadMasking): boolean {
  return masksFields(masking) || masking.secrets?.isEmpty === false
}

/** Whether parts of payloads are masked by their names or paths. */
function masksFields({ names, paths }: PayloadMasking): boolean {
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

/**
 * The payload with values that are masked by their names or paths as `***`. Undefined if nothing is masked, as in a payload
 * that is not UTF-8.
 */
export function maskPayload(payload: Uint8Array, masking: PayloadMasking): Uint8Array | undefined {
  if (payload.length === 0 || !masksFields(masking) || !isUtf8(payload)) return undefined
  const text = asBuffer(payload).toString()
  const masked = maskPayloadText(text, masking)
  return masked === text ? undefined : Buffer.from(masked)
}

/** The text with masked values as `***`. */
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

/** `password` for `user[password]`, a name in a form. */
function innermost(name: string): string {
  return name.endsWith(']') ? name.slice(name.lastIndexOf('[') + 1, -1) : name
}

/** Separators between the JSON texts of a message: of SignalR records, lines, and STOMP frames. */
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

/** Masks a JSON text, with or without a packet type before it (`42[…]` of Engine.IO). Undefined if it is not JSON. */
function maskDocument(text: string, paths: readonly MaskedPath[], masking: Masking): string | undefined {
  for (const start of new Set([0, text.search(/[[{]/)])) {
    const json = text.slice(Math.max(start, 0))
    const document = tryParseJson(json)
    if (document !== undefined)
      return text.slice(0, text.length - json.length) + maskValues(json, document, paths, masking)
  }
  return undefined
}

function maskValues(json: string, document: unknown, paths: readonly MaskedPath[], masking: Masking): string {
  const found: Location[] = []
  for (const { text, path } of paths) {
    const locations = locationsOf(path, document)
    if (locations?.length === 0 || !hide(text, masking)) continue
    // The evaluation of the path was given up, so that it could match anything.
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

/** Undefined if the evaluation takes too long or nests too deeply. */
function locationsOf(path: WatchedPath, document: unknown): Location[] | undefined {
  try {
    return [...path.locations(document)]
  } catch (thrown) {
    if (thrown instanceof PathTooSlow || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** The masks that matched nothing: they may be misspelt. */
export function unmet(mask: readonly string[], masked: Iterable<string>): string[] {
  const met = new Set([...masked].map((name) => name.toLowerCase()))
  return mask.filter((each) => !met.has(each.toLowerCase()))
}
