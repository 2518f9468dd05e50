/** Finds the bytes of a packet that a value in its tree comes from. */
import type { MappedPacket } from '../../src/shared/packet-map.ts'
import type { Location } from '../../src/shared/text/json-spans.ts'
import type { Bytes } from './hex-pieces.ts'
import { type JsonNode, JsonTree, pathOf } from './json-tree.ts'
import { locationOf } from './value-path.ts'

/** Longer JSON is not looked into: all of it is marked. */
const MOST_JSON = 64 * 1024

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const ENCODER = new TextEncoder()

/** Bytes that have a value of the tree. */
interface Source {
  readonly bytes: Bytes
  /** The path of the value in the tree. */
  readonly path: string
  /** Where the value is in the JSON of the bytes. */
  readonly location: Location
  /** The JSON of the bytes; undefined if they are something else. */
  readonly json: JsonTree | undefined
}

export class NodeBytes {
  readonly #sources: readonly Source[]

  /** `value` is what the tree shows. */
  constructor(payload: Uint8Array, packet: MappedPacket, value: unknown) {
    this.#sources =
      packet.fields.length === 0 ? wholeJson(payload, packet, value) : fieldSources(payload, packet)
  }

  /** The bytes that a value comes from, or those of the field that it is a part of. */
  of(node: JsonNode): Bytes | undefined {
    const keys: (string | number)[] = []
    for (let each: JsonNode | undefined = node; each !== undefined; each = each.parent) {
      const path = pathOf(each)
      const source = this.#sources.find((other) => other.path === path)
      if (source !== undefined) return within(source, keys.reverse())
      if (each.key !== undefined) keys.push(each.key)
    }
    return undefined
  }
}

function fieldSources(payload: Uint8Array, { fields }: MappedPacket): readonly Source[] {
  return fields.flatMap(({ from, to, path }) => {
    const bytes = { from, to }
    return path === undefined ? [] : [{ bytes, path, location: [], json: jsonOf(payload, bytes) }]
  })
}

/** The value in a packet that is JSON as a whole. */
function wholeJson(payload: Uint8Array, { from, to }: MappedPacket, value: unknown): readonly Source[] {
  const bytes = { from, to }
  const json = jsonOf(payload, bytes)
  const location = json && locationOf(JSON.parse(json.text), value)
  return location === undefined ? [] : [{ bytes, path: '$', location, json }]
}

function within({ bytes, json, location }: Source, keys: Location): Bytes {
  let node = json?.root
  for (const key of [...location, ...keys]) node = json && node && childOf(json, node, key)
  if (json === undefined || node === undefined) return bytes
  const from = bytes.from + sizeOf(json.text.slice(0, node.start))
  return { from, to: from + sizeOf(json.text.slice(node.start, node.end)) }
}

function sizeOf(text: string): number {
  return ENCODER.encode(text).length
}

function childOf(tree: JsonTree, node: JsonNode, key: string | number): JsonNode | undefined {
  if (typeof key === 'number') return tree.children(node, key, key + 1)[0]
  // Of duplicate names, the last one counts.
  return tree.children(node, 0, tree.count(node)).findLast((child) => child.key === key)
}

/** Undefined if the bytes are not all there, or are not JSON. */
function jsonOf(payload: Uint8Array, { from, to }: Bytes): JsonTree | undefined {
  if (to > payload.length || to - from > MOST_JSON) return undefined
  try {
    const text = UTF8.decode(payload.subarray(from, to))
    JSON.parse(text)
    return new JsonTree(text)
  } catch {
    return undefined
  }
}
