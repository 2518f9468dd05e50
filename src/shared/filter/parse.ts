/** Parses a filter. `or` binds loosest, then `and` (which may be omitted), then `not`. */
import { DECODED_KINDS } from '../decoded.ts'
import { EVENT_TYPES, isEventType } from '../event-types.ts'
import { parseNumberRanges } from './number-ranges.ts'
import { scan, type Token } from './scan.ts'
import {
  type Comparison,
  DECODED_STATES,
  type DecodedField,
  type Filter,
  FilterError,
  type JsonComparison,
  type JsonLiteral,
  type NumberField,
} from './syntax.ts'
import { lastPlace, parseDuration, parseSize, parseTime } from './units.ts'

/** Deeper nesting than anyone writes; more would overflow the stack. */
const MAX_DEPTH = 100

/** The tree of a filter. An empty text matches everything. Throws a `FilterError` that says what is wrong and where. */
export function parseFilter(text: string): Filter {
  const tokens = scan(text)
  if (tokens.length === 0) return { kind: 'all' }
  const parser = new Parser(tokens, text.length)
  return parser.whole()
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #length: number
  #position = 0
  #depth = 0

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens
    this.#length = length
  }

  whole(): Filter {
    const filter = this.#or()
    const rest = this.#peek()
    if (rest !== undefined) throw new FilterError('This closing bracket has no opening one.', rest)
    return filter
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#position]
  }

  #or(): Filter {
    const items = [this.#and()]
    while (this.#peek()?.kind === 'or') {
      this.#position++
      items.push(this.#and())
    }
    return joined('or', items)
  }

  #and(): Filter {
    const items = [this.#not()]
    for (;;) {
      const token = this.#peek()
      if (token === undefined || token.kind === 'or' || token.kind === 'close') return joined('and', items)
      if (token.kind === 'and') this.#position++
      items.push(this.#not())
    }
  }

  #not(): Filter {
    if (this.#peek()?.kind !== 'not') return this.#term()
    return this.#nested(() => ({ kind: 'not', item: this.#not() }))
  }

  #nested(inner: () => Filter): Filter {
    const token = this.#peek()
    if (token !== undefined && ++this.#depth > MAX_DEPTH) {
      throw new FilterError(`A filter can be nested ${MAX_DEPTH} levels deep at most.`, token)
    }
    this.#position++
    const filter = inner()
    this.#depth--
    return filter
  }

  #term(): Filter {
    const token = this.#peek()
    if (token === undefined) {
      const end = this.#length
      throw new FilterError('A search term is missing at the end.', { start: Math.max(0, end - 1), end })
    }
    switch (token.kind) {
      case 'open':
        return this.#nested(() => this.#bracketed(token))
      case 'word':
      case 'phrase':
        this.#position++
        return { kind: 'text', text: token.text }
      case 'regex':
        this.#position++
        return regexFilter(token)
      case 'field':
        this.#position++
        return fieldFilter(token)
      case 'path':
        this.#position++
        return this.#json(token)
      case 'operator':
        throw new FilterError(
          `A JSON path must come before ${token.operator}, such as $.price; a field has a colon, such as size:>1k. To search for the text, put it in quotes.`,
          token,
        )
      default:
        throw new FilterError('A search term is missing here.', token)
    }
  }

  #bracketed(open: Token): Filter {
    const filter = this.#or()
    if (this.#peek()?.kind !== 'close') throw new FilterError('This bracket is not closed.', open)
    this.#position++
    return filter
  }

  #json(token: Extract<Token, { kind: 'path' }>): Filter {
    const { path, start } = token
    const operator = this.#peek()
    if (operator?.kind !== 'operator') {
      return { kind: 'json', path, comparison: undefined, value: undefined, start, end: token.end }
    }
    this.#position++
    const literal = this.#peek()
    const value = literal === undefined ? undefined : jsonLiteral(literal)
    if (literal === undefined || value === undefined) {
      const message = `A value must follow ${operator.operator}: a number, a "text", true, false or null.`
      throw new FilterError(message, literal ?? operator)
    }
    this.#position++
    return {
      kind: 'json',
      path,
      comparison: operator.operator as JsonComparison,
      value,
      start,
      end: literal.end,
    }
  }
}

function joined(kind: 'and' | 'or', items: Filter[]): Filter {
  const [only] = items
  return items.length === 1 && only !== undefined ? only : { kind, items }
}

function jsonLiteral(token: Token): JsonLiteral | undefined {
  if (token.kind === 'phrase') return token.text
  if (token.kind !== 'word') return undefined
  if (token.text === 'true') return true
  if (token.text === 'false') return false
  if (token.text === 'null') return null
  const number = Number(token.text)
  return Number.isNaN(number) ? undefined : number
}

function regexFilter(token: Extract<Token, { kind: 'regex' }>): Filter {
  const { source, flags, start, end } = token
  try {
    new RegExp(source, flags)
  } catch (thrown) {
    const why =
      thrown instanceof Error
        ? thrown.message.replace(/^Invalid regular expression: /, '')
        : 'it cannot be parsed'
    throw new FilterError(`This is not a regular expression: ${why}.`, token)
  }
  return { kind: 'regex', source, flags, start, end }
}

type FieldToken = Extract<Token, { kind: 'field' }>

const FIELDS: Readonly<Record<string, (token: FieldToken) => Filter>> = {
  dir: (token) => {
    const value = token.value.toLowerCase()
    if (value === 'in' || value === 'out') return { kind: 'direction', direction: value }
    throw mistake(token, 'dir is in or out')
  },
  type: (token) => {
    const value = token.value.toLowerCase()
    if (value === 'text' || value === 'binary') return { kind: 'opcode', binary: value === 'binary' }
    if (isEventType(value)) return { kind: 'type', type: value }
    throw mistake(token, `type is ${alternatives(['text', 'binary', ...EVENT_TYPES])}`)
  },
  conn: (token) => {
    if (/^[1-9]\d{0,4}$/.test(token.value)) return { kind: 'connection', id: Number(token.value) }
    throw mistake(token, 'conn is the number of a connection, such as conn:2')
  },
  number: (token) => {
    const ranges = parseNumberRanges(token.value)
    if (ranges !== undefined) return { kind: 'numbers', ranges }
    throw mistake(
      token,
      'number is the number of an event in the session, such as number:7 or number:3,17..19',
    )
  },
  event: (token) => {
    if (token.value !== '') return { kind: 'event', pattern: token.value }
    throw mistake(token, 'event is the name of an event, such as event:price or event:price*')
  },
  size: (token) => numberFilter(token, 'size', parseSize, 'a number of bytes, such as size:>1k'),
  wire: (token) => numberFilter(token, 'wire', parseSize, 'a number of bytes, such as wire:>1k'),
  time: (token) =>
    numberFilter(token, 'time', parseTime, 'a time since the session started, such as time:>02:05'),
  gap: (token) => numberFilter(token, 'gap', parseDuration, 'a duration, such as gap:>500ms'),
  protocol: (token) => decodedFilter(token, 'protocol', 'the name of a protocol, such as protocol:socket.io'),
  kind: (token) => {
    const value = token.value.toLowerCase()
    if (DECODED_KINDS.some((kind) => kind === value))
      return { kind: 'decoded', field: 'kind', pattern: value }
    throw mistake(token, `kind is ${alternatives(DECODED_KINDS)}`)
  },
  name: (token) =>
    decodedFilter(token, 'name', 'the name of a decoded event, such as name:sum or name:price*'),
  channel: (token) =>
    decodedFilter(token, 'channel', 'a namespace, topic or subscription, such as channel:news/*'),
  id: (token) => decodedFilter(token, 'id', 'the ID of a request and its answers, such as id:7'),
  latency: (token) =>
    numberFilter(
      token,
      'latency',
      parseDuration,
      'the time from a request to its answer, such as latency:>200ms',
    ),
  is: (token) => {
    const value = token.value.toLowerCase()
    if (value === 'automatic') return { kind: 'automatic' }
    const state = DECODED_STATES.find((each) => each === value)
    if (state !== undefined) return { kind: 'is', state }
    const all = alternatives([...DECODED_STATES, 'automatic'])
    throw mistake(token, `is is followed by ${all}, such as is:unanswered`)
  },
}

/** `a, b or c` */
function alternatives(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function decodedFilter(token: FieldToken, field: DecodedField, what: string): Filter {
  if (token.value === '') throw mistake(token, `${field} is ${what}`)
  return { kind: 'decoded', field, pattern: token.value }
}

/**
 * Fields whose values are never round: without an operator, a number matches with the precision in which it is written.
 */
const MEASURED: ReadonlySet<NumberField> = new Set(['time', 'gap', 'latency'])

/** Names of the fields a filter knows. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS)

function fieldFilter(token: FieldToken): Filter {
  const name = token.name.toLowerCase()
  const make = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
  if (make !== undefined) return make(token)
  const known = FIELD_NAMES.join(', ')
  throw new FilterError(
    `There is no field ${token.name}; the fields are ${known}. To search for the text, put it in quotes.`,
    token,
  )
}

function mistake(token: FieldToken, sentence: string): FilterError {
  return new FilterError(`${sentence}.`, token)
}

/** Parses `>1k`, `<=1k`, `1k`, and the range `1k..2k`, which includes both ends. */
function numberFilter(
  token: FieldToken,
  field: NumberField,
  parse: (text: string) => number | undefined,
  what: string,
): Filter {
  const [, operator = '==', rest = ''] = /^(<=|>=|==|<|>|=)?(.*)$/.exec(token.value) ?? []
  const comparison = (operator === '=' ? '==' : operator) as Comparison
  const [low = '', high] = rest.split('..', 2)
  const from = parse(low)
  const to = high === undefined ? undefined : parse(high)
  if (from === undefined || (high !== undefined && (to === undefined || comparison !== '=='))) {
    throw mistake(token, `${field} is ${what}`)
  }
  const between = (comparison: '<' | '<=', value: number): Filter => ({
    kind: 'and',
    items: [
      { kind: 'number', field, comparison: '>=', value: from },
      { kind: 'number', field, comparison, value },
    ],
  })
  if (to !== undefined) return between('<=', to)
  if (comparison === '==' && MEASURED.has(field)) return between('<', from + lastPlace(low))
  return { kind: 'number', field, comparison, value: from }
}
