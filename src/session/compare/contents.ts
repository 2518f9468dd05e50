/** Reduces a message to numbers by which it is compared: its exact content, and coarser properties. */
import { idsOf } from '../../decode/ids/ids.ts'
import type { Direction } from '../../shared/event.ts'
import { blur } from './hashing/blur.ts'
import {
  absorb,
  absorbBytes,
  begin,
  finish,
  type HashKey,
  randomKey,
  STATE,
} from './hashing/half-sip-hash.ts'
import { type Hashes, HashInterner } from './hashing/interner.ts'
import { JsonHasher } from './hashing/json-hash.ts'
import type { Ignore } from './ignore.ts'
import { canonical, decode, parseJson } from './lossless-json.ts'
import { contentOf } from './unit-content.ts'
import type { Unit } from './units.ts'

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

/** Hashes of 64 bits in halves. */
type Hash = readonly [low: number, high: number]

/** What a message says besides its data: hashes of what is compared in each of `Contents`. */
export interface Context {
  readonly exact: Hash
  readonly similar: Hash
  readonly kind: Hash
  readonly form: number
}

/** What a hash is of: the same bytes mean something else in another space. */
const SPACES = {
  context: 1,
  text: 2,
  json: 3,
  blurred: 4,
  shape: 5,
  kind: 6,
  form: 7,
  binary: 8,
  dropped: 9,
  id: 10,
}
const NONE: Hash = [0, 0]
/** Kinds of data that have no structure. */
const PLAIN_KINDS = { binary: [1, 0], text: [2, 0], dropped: [3, 0] } as const

/** Longer texts are not blurred: they are compared exactly, or by their shape. In bytes. */
const MAX_BLURRED = 64 * 1024

/** The beginning of the kinds of ids of requests. */
const REQUEST = 'request'
const NO_IDS: readonly number[] = []

/**
 * Reads direction, opcode, SSE event type, what the protocol says, and the data. Data in JSON is compared as JSON, without
 * ignored values. All other data is compared byte by byte. Keeps hashes of 64 bits with a random key of each content.
 */
export class ContentReader {
  readonly #key: HashKey
  readonly #interner = new HashInterner()
  readonly #json: JsonHasher
  readonly #words = new Int32Array(STATE)
  readonly #ignore: Ignore | undefined
  readonly #normalizeIds: boolean
  readonly #shapes = new Latest()
  readonly #kinds = new Latest()
  #blurred = new Uint8Array(1024)

  /** `ignore` may be undefined if no value is ignored. Another reader with the same key makes the same hashes. */
  constructor(ignore: Ignore | undefined, normalizeIds = false, key: HashKey = randomKey()) {
    this.#key = key
    this.#json = new JsonHasher(key)
    this.#ignore = ignore
    this.#normalizeIds = normalizeIds
  }

  /** The hashes of all contents, valid until the next one is read. */
  hashes(): Hashes {
    return this.#interner.hashes()
  }

  /** Adds the hashes of another reader with the same key. Returns their numbers here, by their numbers there. */
  numbersOf(hashes: Hashes): Uint32Array<ArrayBuffer> {
    return this.#interner.internAll(hashes)
  }

  read(unit: Unit): Contents {
    const content = contentOf(unit, this.#normalizeIds)
    const { message, opcode, head, data, isText, attachments } = content
    const { direction, event = '', dropped } = message
    const context = this.context(direction, opcode, event, head, attachments)
    if (dropped === undefined) return this.readData(context, data, 0, data.length, isText)
    const exact = this.#idOf(SPACES.dropped, context.exact, this.#hashText(String(dropped)))
    return { exact, similar: exact, ...this.#plain(context, 'dropped') }
  }

  /** The context of messages without their data; `head` is what their protocol says. */
  context(
    direction: Direction,
    opcode: 'text' | 'binary',
    event: string,
    head: Readonly<Record<string, string>> = {},
    attachments: readonly Uint8Array[] = [],
  ): Context {
    const fields = headTexts(head)
    const rest = attachments.map((each) => this.#hashBytes(each, 0, each.length))
    const hash = (...more: readonly unknown[]) =>
      this.#hashText(JSON.stringify([direction, opcode, event, more]))
    return {
      exact: hash(fields.exact, rest),
      similar: hash(fields.similar),
      kind: hash(fields.kind),
      form: this.#idOf(SPACES.form, hash(), NONE),
    }
  }

  /** The contents of the data [from, to), which is UTF-8 if `isText`. */
  readData(context: Context, bytes: Uint8Array, from: number, to: number, isText: boolean): Contents {
    if (!isText) {
      const exact = this.#idOf(SPACES.binary, context.exact, this.#hashBytes(bytes, from, to))
      return { exact, similar: exact, ...this.#plain(context, 'binary') }
    }
    return this.#readJson(context, bytes, from, to) ?? this.#readText(context, bytes, from, to)
  }

  /** The ids of a unit, each as three numbers: its kind with its side, its value, and 1 if a request may use it again. */
  idsOf({ packet }: Unit): readonly number[] {
    if (packet === undefined || !this.#normalizeIds) return NO_IDS
    return idsOf(packet).flatMap(({ kind, id, side }) => [
      this.#idOf(SPACES.id, NONE, this.#hashText(`kind\n${side} ${kind}`)),
      this.#idOf(SPACES.id, NONE, this.#hashText(`id\n${id}`)),
      kind.startsWith(REQUEST) && side === packet.direction ? 1 : 0,
    ])
  }

  /** Undefined if the data is not JSON. */
  #readJson(context: Context, bytes: Uint8Array, from: number, to: number): Contents | undefined {
    const json = this.#json
    const isBlurred = to - from <= MAX_BLURRED
    if (this.#ignore === undefined) {
      const verdict = json.hash(bytes, from, to, false, isBlurred)
      if (verdict === 'not json') return undefined
      if (verdict === 'json') return this.#jsonContents(context)
    }
    const parsed = parseJson(decode(bytes.subarray(from, to)) ?? '')
    if (parsed === undefined) return undefined
    const written = Buffer.from(canonical(this.#ignore?.(parsed) ?? parsed))
    if (json.hash(written, 0, written.length, true, isBlurred) === 'json') return this.#jsonContents(context)
    // Numbers that are too large for JavaScript, or nothing is left.
    return this.#readText(context, written, 0, written.length, SPACES.json)
  }

  #jsonContents(context: Context): Contents {
    const { exactLow, exactHigh, similarLow, similarHigh, shapeLow, shapeHigh, kindLow, kindHigh } =
      this.#json
    const { exact, similar, kind, form } = context
    return {
      exact: this.#id(SPACES.json, exact, exactLow, exactHigh),
      similar: this.#id(SPACES.blurred, similar, similarLow, similarHigh),
      shape: this.#shapes.has(kind, shapeLow, shapeHigh)
        ? this.#shapes.id
        : this.#shapes.set(kind, shapeLow, shapeHigh, this.#id(SPACES.shape, kind, shapeLow, shapeHigh)),
      kind: this.#kinds.has(kind, kindLow, kindHigh)
        ? this.#kinds.id
        : this.#kinds.set(kind, kindLow, kindHigh, this.#id(SPACES.kind, kind, kindLow, kindHigh)),
      form,
    }
  }

  #readText(
    context: Context,
    bytes: Uint8Array,
    from: number,
    to: number,
    space: number = SPACES.text,
  ): Contents {
    const exact = this.#hashBytes(bytes, from, to)
    let similar = exact
    if (to - from <= MAX_BLURRED) {
      if (this.#blurred.length < to - from) this.#blurred = new Uint8Array(MAX_BLURRED)
      const length = blur(bytes, from, to, this.#blurred)
      if (length >= 0) similar = this.#hashBytes(this.#blurred, 0, length)
    }
    return {
      exact: this.#idOf(space, context.exact, exact),
      similar: this.#idOf(SPACES.blurred, context.similar, similar),
      ...this.#plain(context, 'text'),
    }
  }

  #plain({ kind, form }: Context, name: keyof typeof PLAIN_KINDS): Pick<Contents, 'shape' | 'kind' | 'form'> {
    const hash = PLAIN_KINDS[name]
    return { shape: this.#idOf(SPACES.shape, kind, hash), kind: this.#idOf(SPACES.kind, kind, hash), form }
  }

  #hashText(text: string): Hash {
    const bytes = Buffer.from(text)
    return this.#hashBytes(bytes, 0, bytes.length)
  }

  #hashBytes(bytes: Uint8Array, from: number, to: number): Hash {
    const words = this.#words
    begin(words, 0, this.#key)
    absorb(words, 0, to - from)
    absorbBytes(words, 0, bytes, from, to)
    finish(words, 0)
    return [words[0] ?? 0, words[1] ?? 0]
  }

  #idOf(space: number, context: Hash, [low, high]: Hash): number {
    return this.#id(space, context, low, high)
  }

  /** The number of a content in a space and a context. */
  #id(space: number, context: Hash, low: number, high: number): number {
    const words = this.#words
    begin(words, 0, this.#key)
    absorb(words, 0, space)
    absorb(words, 0, context[0])
    absorb(words, 0, context[1])
    absorb(words, 0, low)
    absorb(words, 0, high)
    finish(words, 0)
    return this.#interner.intern(words[0] ?? 0, words[1] ?? 0)
  }
}

/** The number that was asked for last: messages that follow each other are often alike. */
class Latest {
  id = -1
  #context: Hash = NONE
  #low = 0
  #high = 0

  has(context: Hash, low: number, high: number): boolean {
    return this.#context === context && this.#low === low && this.#high === high
  }

  set(context: Hash, low: number, high: number, id: number): number {
    this.#context = context
    this.#low = low
    this.#high = high
    this.id = id
    return id
  }
}

/** Fields of a packet from exact to coarse: the first one says what it is. */
function headTexts(head: Readonly<Record<string, string>>) {
  const [first = ''] = Object.values(head)
  if (first === '') return { exact: '', similar: '', kind: '' }
  const exact = `${JSON.stringify(head)}\n`
  return { exact, similar: blurText(exact), kind: `${first} ` }
}

function blurText(text: string): string {
  const bytes = Buffer.from(text)
  const out = Buffer.alloc(bytes.length)
  const length = blur(bytes, 0, bytes.length, out)
  return length < 0 ? text : out.toString('utf8', 0, length)
}
