/** The word a message is called by in lists. */
import type { Decoder } from './decoder.ts'
import { json } from './json.ts'

/** Tried in this order; the first that sees a label has it. */
const DECODERS: readonly Decoder[] = [json]

/** UTF-16 units of a label at most. */
const MAX_LABEL = 40

/** Bytes of a payload's beginning that are looked at. */
export const LABEL_BYTES = 4096

/** The label of a message: what its payload calls itself, else `text` or `binary`. One line, at most 40 characters. */
export function labelPayload(beginning: Uint8Array, binary: boolean): string {
  const text = binary ? undefined : new TextDecoder().decode(beginning.subarray(0, LABEL_BYTES))
  for (const decoder of DECODERS) {
    const label = tidy(decoder.label({ text }) ?? '')
    if (label !== '') return label
  }
  return binary ? 'binary' : 'text'
}

/** One line without control characters or marks that turn text around, cut where it is long. */
function tidy(label: string): string {
  const line = label
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .replaceAll(/\s+/g, ' ')
  const characters = [...line.slice(0, 2 * MAX_LABEL)]
  return characters.length <= MAX_LABEL ? line : `${characters.slice(0, MAX_LABEL - 1).join('')}…`
}
