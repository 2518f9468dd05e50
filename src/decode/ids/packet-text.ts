/** Packets that are text. */
import { isUtf8 } from 'node:buffer'
import { asBuffer } from '../values.ts'
import { applyEdits, type Edit } from './json-edits.ts'

/** The text of a packet; undefined if its bytes are not UTF-8, so that the text would not give the same bytes. */
export function packetText(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? asBuffer(bytes).toString() : undefined
}

/** The bytes with edits of their text; the same array if they change nothing. */
export function editedBytes(bytes: Uint8Array, text: string, edits: readonly Edit[]): Uint8Array {
  const edited = applyEdits(text, edits)
  return edited === text ? bytes : Buffer.from(edited)
}
