/** Reduces a message to numbers by which it is compared: its exact content, and coarser properties. */
import { createHash } from 'node:crypto'
import type { MessageEvent } from '../../shared/event.ts'
import type { Ignore } from './ignore.ts'
import { canonical, decode, isArray, isObject, type Json, parseJson } from './lossless-json.ts'

/** Assigns the same number to equal texts. Only keeps a 128-bit hash of each text. */
export class Interner {
  readonly #ids = new Map<string, number>()

  intern(text: string | Uint8Array): number {
    const key = createHash('sha256').update(text).digest().toString('latin1', 0, 16)
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#ids.size
    this.#ids.set(key, id)
    return id
  }
}

/** From exact to coarse. Equal numbers mean that messages are alike. */
export interface Contents {
  readonly exact: number
  /** The same except for numbers, times and identifiers. */
  readonly similar: number
  /** The same member names, or the same kind of payload. */
  readonly shape: number
  /** Objects with the same type or name; arrays; texts; bytes. */
  readonly kind: number
  /** The same direction, opcode and event type, with any payload. */
  readonly form: number
}

/** Numbers, dates and times, UUIDs, and long hex or base64 words: values that differ between runs. */
const VOLATILE =
  /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|\d{4}-\d\d-\d\d[T ][\d:.]+Z?|[\w+/-]{24,}={0,2}|\d+(?:\.\d+)?/gi

function blurText(text: string): string {
  return text.replaceAll(VOLATILE, '#')
}

function blurScalar(value: string | number): string {
  return typeof value === 'number' ? '#' : `"${blurText(value)}"`
}

function shapeOf(value: Json): string {
  if (isArray(value)) return 'array'
  return isObject(value) ? Object.keys(value).sort().join('\n') : typeof value
}

/** The number of a text in a name space. */
type Intern = (space: string, text: string) => number

/** Members that commonly contain the type or name of a message. */
const DISCRIMINATORS = ['type', 'event', 'op', 'action', 'method', 'kind', 'channel', 'topic']

function kindOf(value: Json): string {
  if (isArray(value)) return 'array'
  if (!isObject(value)) return 'scalar'
  const name = DISCRIMINATORS.find((each) => typeof value[each] === 'string')
  return name === undefined ? 'object' : `object ${name} ${value[name]}`
}

/** Longer texts are not blurred: they are compared exactly, or by their shape. In characters. */
const MAX_BLURRED = 64 * 1024

/**
 * Reads direction, opcode, SSE event type and payload of messages. JSON payloads are
 * compared as JSON, without ignored values. All other payloads are compared byte by byte.
 */
export class ContentReader {
  readonly #interner = new Interner()
  readonly #ignore: Ignore

  constructor(ignore: Ignore) {
    this.#ignore = ignore
  }

  read(message: MessageEvent): Contents {
    const { direction, event = '', payload, dropped } = message
    const text = decode(payload)
    const { opcode = text === undefined ? 'binary' : 'text' } = message
    const head = `${direction}\n${opcode}\n${event}\n`
    const intern: Intern = (space, text) => this.#interner.intern(`${space}\n${head}${text}`)
    if (dropped !== undefined) {
      const id = intern('dropped', String(dropped))
      return { exact: id, similar: id, ...this.#plain('dropped', intern) }
    }
    if (text === undefined) return this.#readBinary(payload, intern)
    const parsed = parseJson(text)
    if (parsed === undefined) {
      const similar = text.length > MAX_BLURRED ? text : blurText(text)
      return {
        exact: intern('text', text),
        similar: intern('blur', similar),
        ...this.#plain('text', intern),
      }
    }
    const json = this.#ignore(parsed)
    const exact = canonical(json)
    const similar = exact.length > MAX_BLURRED ? exact : canonical(json, blurScalar)
    return {
      exact: intern('json', exact),
      similar: intern('blur', similar),
      shape: intern('shape', `json ${shapeOf(json)}`),
      kind: intern('kind', `json ${kindOf(json)}`),
      form: intern('form', ''),
    }
  }

  #plain(name: string, intern: Intern): Pick<Contents, 'shape' | 'kind' | 'form'> {
    return { shape: intern('shape', name), kind: intern('kind', name), form: intern('form', '') }
  }

  #readBinary(payload: Uint8Array, intern: Intern): Contents {
    const exact = intern('binary', String(this.#interner.intern(payload)))
    return { exact, similar: exact, ...this.#plain('binary', intern) }
  }
}
