/** Reduces a message to numbers by which it is compared: its exact content, and coarser properties. */
import { createHash } from 'node:crypto'
import { idsOf } from '../../decode/ids/ids.ts'
import type { Ignore } from './ignore.ts'
import { canonical, isArray, isObject, type Json, parseJson } from './lossless-json.ts'
import { contentOf } from './unit-content.ts'
import type { Unit } from './units.ts'

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
 * Reads direction, opcode, SSE event type, what the protocol says, and the data. Data in JSON is compared as JSON, without
 * ignored values. All other data is compared byte by byte.
 */
export class ContentReader {
  readonly #interner = new Interner()
  readonly #ignore: Ignore
  readonly #normalizeIds: boolean

  constructor(ignore: Ignore, normalizeIds = false) {
    this.#ignore = ignore
    this.#normalizeIds = normalizeIds
  }

  read(unit: Unit): Contents {
    const content = contentOf(unit, this.#normalizeIds)
    const { message, opcode, head, data, text, attachments } = content
    const { direction, event = '', dropped } = message
    const intern: Intern = (space, text) =>
      this.#interner.intern(`${space}\n${direction}\n${opcode}\n${event}\n${text}`)
    if (dropped !== undefined) {
      const id = intern('dropped', String(dropped))
      return { exact: id, similar: id, ...plain('dropped', intern) }
    }
    const fields = headTexts(head)
    const rest = attachments.map((each) => this.#interner.intern(each)).join()
    const whole = `${fields.exact}${rest}\n`
    if (text === undefined) {
      const exact = intern('binary', whole + this.#interner.intern(data))
      return { exact, similar: exact, ...plain(`binary ${fields.kind}`, intern) }
    }
    const parsed = parseJson(text)
    if (parsed === undefined) {
      const similar = text.length > MAX_BLURRED ? text : blurText(text)
      return {
        exact: intern('text', whole + text),
        similar: intern('blur', fields.similar + similar),
        ...plain(`text ${fields.kind}`, intern),
      }
    }
    const json = this.#ignore(parsed)
    const exact = canonical(json)
    const similar = exact.length > MAX_BLURRED ? exact : canonical(json, blurScalar)
    return {
      exact: intern('json', whole + exact),
      similar: intern('blur', fields.similar + similar),
      shape: intern('shape', `json ${fields.kind}${shapeOf(json)}`),
      kind: intern('kind', `json ${fields.kind}${kindOf(json)}`),
      form: intern('form', ''),
    }
  }

  /** The ids of a unit, each as three numbers: its kind with its side, its value, and 1 if a request may use it again. */
  idsOf({ packet }: Unit): readonly number[] {
    if (packet === undefined || !this.#normalizeIds) return NO_IDS
    return idsOf(packet).flatMap(({ kind, id, side }) => [
      this.#interner.intern(`kind\n${side} ${kind}`),
      this.#interner.intern(`id\n${id}`),
      kind.startsWith(REQUEST) && side === packet.direction ? 1 : 0,
    ])
  }
}

const NO_IDS: readonly number[] = []
/** The beginning of the kinds of ids of requests. */
const REQUEST = 'request'

/** Fields of a packet from exact to coarse: the first one says what it is. */
function headTexts(head: Readonly<Record<string, string>>) {
  const [first = ''] = Object.values(head)
  if (first === '') return { exact: '', similar: '', kind: '' }
  const exact = `${JSON.stringify(head)}\n`
  return { exact, similar: blurText(exact), kind: `${first} ` }
}

function plain(name: string, intern: Intern): Pick<Contents, 'shape' | 'kind' | 'form'> {
  return { shape: intern('shape', name), kind: intern('kind', name), form: intern('form', '') }
}
