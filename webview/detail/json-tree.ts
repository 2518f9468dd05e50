/**
 * JSON text as a tree that is read only where it is opened. Works on the text, not on parsed values, so
 * that numbers keep their digits, keys their order, and duplicates stay.
 */
import { memberStep } from '../../src/shared/text/json-spans.ts'
import { endOfString, prettyPrint } from '../../src/shared/text/json-text.ts'

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'literal'

/** A value within the text: characters [start, end). */
export interface JsonNode {
  readonly kind: JsonKind
  readonly start: number
  readonly end: number
  /** The member's name, or the element's index. Undefined at the root. */
  readonly key: string | number | undefined
  readonly parent: JsonNode | undefined
}

/** The children of a container: for each, the start and end of its key, then of its value. */
type Spans = readonly number[]

const FIELDS = 4

export class JsonTree {
  readonly text: string
  readonly root: JsonNode
  readonly #spans = new Map<number, Spans>()

  /** The text must be valid JSON. */
  constructor(text: string) {
    this.text = text
    const start = skipSpace(text, 0)
    this.root = {
      kind: kindAt(text, start),
      start,
      end: endOfValue(text, start),
      key: undefined,
      parent: undefined,
    }
  }

  /** The number of members or elements of a container. 0 for other values. */
  count(node: JsonNode): number {
    return isContainer(node) ? this.#spansOf(node).length / FIELDS : 0
  }

  /** Children [from, to) of a container, in their order. */
  children(node: JsonNode, from: number, to: number): JsonNode[] {
    const spans = this.#spansOf(node)
    const nodes: JsonNode[] = []
    for (let i = from; i < Math.min(to, spans.length / FIELDS); i++) {
      const [keyStart = 0, keyEnd = 0, start = 0, end = 0] = spans.slice(i * FIELDS, (i + 1) * FIELDS)
      const key = node.kind === 'object' ? String(JSON.parse(this.text.slice(keyStart, keyEnd))) : i
      nodes.push({ kind: kindAt(this.text, start), start, end, key, parent: node })
    }
    return nodes
  }

  /** The value as it is in the text, at most `most` characters. */
  source(node: JsonNode, most = Number.POSITIVE_INFINITY): string {
    return this.text.slice(node.start, Math.min(node.end, node.start + most))
  }

  /** The value for the clipboard: a string without quotes and escapes, a container pretty-printed. */
  value(node: JsonNode): string {
    const source = this.source(node)
    if (node.kind === 'string') return String(JSON.parse(source))
    return isContainer(node) ? prettyPrint(source) : source
  }

  #spansOf(node: JsonNode): Spans {
    const known = this.#spans.get(node.start)
    if (known !== undefined) return known
    const spans = readSpans(this.text, node)
    this.#spans.set(node.start, spans)
    return spans
  }
}

export function isContainer({ kind }: JsonNode): boolean {
  return kind === 'object' || kind === 'array'
}

/** The JSONPath of a value (RFC 9535 section 2): `$.venue["odd key"][3]`. */
export function pathOf(node: JsonNode): string {
  const steps: string[] = []
  for (let each = node; each.parent !== undefined; each = each.parent)
    steps.push(typeof each.key === 'string' ? memberStep(each.key) : `[${each.key}]`)
  return `$${steps.reverse().join('')}`
}

function readSpans(text: string, { kind, start, end }: JsonNode): Spans {
  const spans: number[] = []
  let at = skipSpace(text, start + 1)
  while (at < end - 1) {
    let keyStart = 0
    let keyEnd = 0
    if (kind === 'object') {
      keyStart = at
      keyEnd = endOfString(text, at)
      at = skipSpace(text, skipSpace(text, keyEnd) + 1)
    }
    const valueEnd = endOfValue(text, at)
    spans.push(keyStart, keyEnd, at, valueEnd)
    at = skipSpace(text, skipSpace(text, valueEnd) + 1)
  }
  return spans
}

const KINDS: Readonly<Record<string, JsonKind>> = {
  '{': 'object',
  '[': 'array',
  '"': 'string',
  t: 'literal',
  f: 'literal',
  n: 'literal',
}

function kindAt(text: string, at: number): JsonKind {
  return KINDS[text.charAt(at)] ?? 'number'
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return at
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start)
  if (text[start] !== '{' && text[start] !== '[') {
    const delimiter = /[\s,\]}]/g
    delimiter.lastIndex = start
    return delimiter.exec(text)?.index ?? text.length
  }
  const structure = /["[\]{}]/g
  structure.lastIndex = start
  for (let depth = 0; ; ) {
    const match = structure.exec(text)
    if (match === null) return text.length
    if (match[0] === '"') structure.lastIndex = endOfString(text, match.index)
    else if (match[0] === '{' || match[0] === '[') depth++
    else if (--depth === 0) return match.index + 1
  }
}
