/** Replaces values in MessagePack, and keeps every other byte. */
import { readMsgpackHeader } from '../protocols/payloads/msgpack.ts'
import { asBuffer } from '../values.ts'
import type { NewValue } from './json-edits.ts'

/** Replaces a part of the bytes. */
export interface ByteEdit {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
}

/** The bytes with these edits, which do not overlap; the same array if there are none. */
export function applyByteEdits(bytes: Uint8Array, edits: readonly ByteEdit[]): Uint8Array {
  if (edits.length === 0) return bytes
  const parts: Uint8Array[] = []
  let copied = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(copied, edit.start), edit.bytes)
    copied = edit.end
  }
  return Buffer.concat([...parts, bytes.subarray(copied)])
}

/** Where a value begins: of a map's member or of an array's item. Undefined if there is none. */
export function placeIn(
  bytes: Uint8Array,
  start: number,
  path: readonly (string | number)[],
): number | undefined {
  let at: number | undefined = start
  for (const step of path) {
    if (at === undefined) return undefined
    at = typeof step === 'string' ? memberAt(bytes, at, step) : itemAt(bytes, at, step)
  }
  return at
}

/** The text or the integer at a place; undefined if it is something else, or too large to be exact. */
export function scalarAt(bytes: Uint8Array, start: number | undefined): string | number | undefined {
  const end = start === undefined ? undefined : itemEnd(bytes, start)
  if (start === undefined || end === undefined) return undefined
  const first = bytes[start] ?? 0
  const buffer = asBuffer(bytes)
  if (first < 0x80) return first
  if (first >= 0xe0) return first - 0x100
  const textAt = TEXT_AT[first] ?? (first >= 0xa0 && first < 0xc0 ? 1 : undefined)
  if (textAt !== undefined) return buffer.toString('utf8', start + textAt, end)
  if (first >= 0xcc && first <= 0xce) return buffer.readUIntBE(start + 1, end - start - 1)
  if (first >= 0xd0 && first <= 0xd2) return buffer.readIntBE(start + 1, end - start - 1)
  return undefined
}

/** The edit that replaces the text or the integer at a place; undefined if it stays. */
export function editScalar(
  bytes: Uint8Array,
  start: number | undefined,
  change: NewValue,
): ByteEdit | undefined {
  const value = scalarAt(bytes, start)
  const end = start === undefined ? undefined : itemEnd(bytes, start)
  if (start === undefined || end === undefined || value === undefined || value === '') return undefined
  const replacement = change(value)
  const written = replacement === undefined || replacement === value ? undefined : encode(replacement)
  return written === undefined ? undefined : { start, end, bytes: written }
}

/** By the first byte of a text: where its characters begin. */
const TEXT_AT: Readonly<Record<number, number>> = { 217: 2, 218: 3, 219: 5 }
const MAX_TEXT = 0xffff
const MAX_NUMBER = 0xffff_ffff

function encode(value: string | number): Uint8Array | undefined {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    if (text.length > MAX_TEXT) return undefined
    if (text.length < 32) return Buffer.concat([Buffer.from([0xa0 + text.length]), text])
    const head = Buffer.from([0xda, 0, 0])
    head.writeUInt16BE(text.length, 1)
    return Buffer.concat([head, text])
  }
  if (!Number.isInteger(value) || value < 0 || value > MAX_NUMBER) return undefined
  if (value < 0x80) return Buffer.from([value])
  const size = value <= 0xff ? 1 : value <= 0xffff ? 2 : 4
  const bytes = Buffer.alloc(1 + size)
  bytes[0] = size === 1 ? 0xcc : size === 2 ? 0xcd : 0xce
  bytes.writeUIntBE(value, 1, size)
  return bytes
}

function memberAt(bytes: Uint8Array, start: number, name: string): number | undefined {
  if (!isMap(bytes[start] ?? 0)) return undefined
  const { size = 0, children = 0 } = readMsgpackHeader(bytes, start) ?? {}
  let found: number | undefined
  let at: number | undefined = start + size
  for (let member = 0; member < children / 2 && at !== undefined; member++) {
    const value = itemEnd(bytes, at)
    // As for decoders, the last member with the name counts.
    if (value !== undefined && scalarAt(bytes, at) === name) found = value
    at = value === undefined ? undefined : itemEnd(bytes, value)
  }
  return found
}

/** A negative index counts from the end. */
function itemAt(bytes: Uint8Array, start: number, index: number): number | undefined {
  if (!isArray(bytes[start] ?? 0)) return undefined
  const { size = 0, children = 0 } = readMsgpackHeader(bytes, start) ?? {}
  const wanted = index < 0 ? children + index : index
  if (wanted < 0 || wanted >= children) return undefined
  let at: number | undefined = start + size
  for (let item = 0; item < wanted && at !== undefined; item++) at = itemEnd(bytes, at)
  return at
}

function isMap(first: number): boolean {
  return (first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf
}

function isArray(first: number): boolean {
  return (first >= 0x90 && first < 0xa0) || first === 0xdc || first === 0xdd
}

/** Where the value that begins at `start` ends; undefined if it is incomplete. */
function itemEnd(bytes: Uint8Array, start: number): number | undefined {
  let at = start
  for (let left = 1; left > 0; left--) {
    const header = readMsgpackHeader(bytes, at)
    if (header === undefined) return undefined
    at += header.size
    left += header.children ?? 0
    if (at > bytes.length) return undefined
  }
  return at
}
