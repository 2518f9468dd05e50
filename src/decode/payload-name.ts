/** The name that a message gives itself, for lists. */
import type { DecodedEvent } from '../shared/decoded.ts'

/** Maximum number of characters of a name. */
const MAX_NAME = 40

/** The first name among a message's decoded events, else `text` or `binary`: one line, at most 40 characters. */
export function payloadName(events: readonly Pick<DecodedEvent, 'name'>[], binary: boolean): string {
  for (const { name = '' } of events) {
    const line = oneLine(name)
    if (line !== '') return line
  }
  return binary ? 'binary' : 'text'
}

/** The name without control characters and marks that change the direction of text, cut if it is long. */
function oneLine(name: string): string {
  const line = name
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .replaceAll(/\s+/g, ' ')
  const characters = [...line.slice(0, 2 * MAX_NAME)]
  return characters.length <= MAX_NAME ? line : `${characters.slice(0, MAX_NAME - 1).join('')}…`
}
