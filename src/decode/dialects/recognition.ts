/** Recognizes a dialect by the facts of a connection, and by its first messages. */

import type { Dialect, Recognition } from '../../shared/dialect.ts'
import type { ConnectionFacts, EncodedMessage } from '../decoder.ts'
import { headerOf } from '../facts.ts'
import { firstJson } from '../first-json.ts'
import { textOf } from '../values.ts'
import { Memory } from './memory.ts'
import { addressOf, NO_SURROUNDINGS, surroundingsOf } from './surroundings.ts'
import { type CompiledTest, compileTests, passesAll } from './tests.ts'

/** Maximum size of a message that is read to recognize a dialect. */
const MAX_FIRST_MESSAGE = 256 * 1024
const NOTHING = new Memory()

export interface MessageRecognition {
  readonly row: Recognition
  readonly tests: readonly CompiledTest[]
  /** Some tests look at what surrounds a message. */
  readonly usesOutside: boolean
  readonly reason: string
}

/** Why the facts of a connection fit one of the rows that do not need a message. */
export function recognizeFacts(rows: readonly Recognition[], facts: ConnectionFacts): string | undefined {
  for (const row of rows) {
    const reasons = row.message === undefined ? factReasons(row, facts) : undefined
    if (reasons !== undefined) return reasons.join(' and ')
  }
  return undefined
}

export function compileRecognition({ recognize }: Dialect): readonly MessageRecognition[] {
  return recognize.flatMap((row) => {
    if (row.message === undefined) return []
    const tests = compileTests(row.message)
    const usesOutside = tests.some(({ path }) => path.isOutside)
    return [{ row, tests, usesOutside, reason: row.as ?? described(row.message) }]
  })
}

export function recognizeMessage(
  rows: readonly MessageRecognition[],
  message: EncodedMessage,
  { batch = false, separator, text = false }: Dialect,
): string | undefined {
  if (message.size > MAX_FIRST_MESSAGE) return undefined
  for (const { row, tests, usesOutside, reason } of rows) {
    if (row.direction !== undefined && row.direction !== message.direction) continue
    const parsed = firstJson(message.payload, separator)
    const root = parsed === undefined && text ? textOf(message.payload) : parsed
    const first = batch && Array.isArray(root) ? root[0] : root
    if (first === undefined) continue
    // Before the facts, because nearly all messages fail the first test.
    if (!passesAll(tests, first, usesOutside ? surroundingsOf(message) : NO_SURROUNDINGS, NOTHING)) continue
    const facts = factReasons(row, message.facts)
    if (facts !== undefined) return [...facts, reason].join(' and ')
  }
  return undefined
}

/** The facts that the row asks for; undefined if one of them differs. */
function factReasons(row: Recognition, facts: ConnectionFacts): string[] | undefined {
  const { subprotocol, transport, host, path, query, requestHeader, responseHeader } = row
  if (subprotocol !== undefined && !isOneOf(subprotocol, facts.subprotocol)) return undefined
  if (transport !== undefined && !isOneOf(transport, facts.transport ?? '')) return undefined
  const reasons = subprotocol === undefined ? [] : [`subprotocol ${facts.subprotocol}`]
  if (host !== undefined || path !== undefined || query !== undefined) {
    const address = addressOf(facts.url)
    if (host !== undefined) {
      if (address.host !== host && !address.host.endsWith(`.${host}`)) return undefined
      reasons.push(`host ${address.host}`)
    }
    if (path !== undefined) {
      if (!(path.endsWith('/') ? address.path.includes(path) : address.path.endsWith(path))) return undefined
      reasons.push(`path ${address.path}`)
    }
    for (const [name, wanted] of Object.entries(query ?? {})) {
      const value = Object.hasOwn(address.query, name) ? address.query[name] : undefined
      if (value === undefined || (wanted !== '' && value !== wanted)) return undefined
      reasons.push(wanted === '' ? `${name} in the URL` : `${name}=${value}`)
    }
  }
  if (requestHeader !== undefined && !hasHeaders(facts.requestHeaders, requestHeader, reasons))
    return undefined
  if (responseHeader !== undefined && !hasHeaders(facts.responseHeaders, responseHeader, reasons))
    return undefined
  return reasons
}

/** Whether the headers have the wanted parts. Adds them to the reasons. */
function hasHeaders(
  headers: ConnectionFacts['requestHeaders'],
  wanted: NonNullable<Recognition['requestHeader']>,
  reasons: string[],
): boolean {
  for (const [name, part] of Object.entries(wanted)) {
    if (headerOf(headers, name)?.includes(part) !== true) return false
    reasons.push(part === '' ? `header ${name}` : `header ${name}: ${part}`)
  }
  return true
}

function isOneOf(wanted: string | readonly string[], value: string | undefined): boolean {
  if (value === undefined) return false
  return typeof wanted === 'string' ? wanted === value : wanted.includes(value)
}

function described(tests: NonNullable<Recognition['message']>): string {
  const parts = Object.entries(tests).map(([path, test]) => {
    const name = path.replace(/^\$\.?/, '') || 'text'
    return typeof test === 'object' ? name : `${name} ${JSON.stringify(test)}`
  })
  return `a message with ${parts.join(' and ')}`
}
