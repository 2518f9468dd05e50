/** What of a unit is compared. */
import { isUtf8 } from 'node:buffer'
import { withoutIds } from '../../decode/ids/ids.ts'
import type { MessageEvent } from '../../shared/event.ts'
import type { Unit } from './units.ts'

export interface UnitContent {
  readonly message: MessageEvent
  readonly opcode: 'text' | 'binary'
  /** What the protocol says, by the names of its fields. Empty if it is not known. */
  readonly head: Readonly<Record<string, string>>
  /** The data of the application, or else the whole payload. */
  readonly data: Uint8Array
  /** Whether the data is UTF-8. */
  readonly isText: boolean
  readonly attachments: readonly Uint8Array[]
}

const NO_HEAD = {}
const NO_ATTACHMENTS: readonly Uint8Array[] = []

/** With `normalizeIds`, every id is a placeholder. */
export function contentOf({ message, packet }: Unit, normalizeIds: boolean): UnitContent {
  const compared = packet !== undefined && normalizeIds ? withoutIds(packet) : packet
  const parts = compared?.protocol.parts?.(compared)
  const data = parts?.data ?? compared?.bytes ?? message.payload
  const isText = isUtf8(data)
  const opcode = message.opcode ?? (isText ? 'text' : 'binary')
  const { attachments = NO_ATTACHMENTS } = compared ?? {}
  return { message, opcode, head: parts?.head ?? NO_HEAD, data, isText, attachments }
}
