/** Payloads in which secrets that are known were masked before they were stored. */
import type { ExtraFields } from '../event.ts'
import { SHORTEST_SECRET } from './secret-forms.ts'

const STAR = '*'.charCodeAt(0)

export interface StoredPayload {
  readonly payload: Uint8Array
  readonly extra?: ExtraFields | undefined
}

/** Whether a payload has stars in place of a secret that is known, so that it is not what was sent. */
export function hidesKnown({ payload, extra }: StoredPayload): boolean {
  if (extra?.masked !== true) return false
  // A known secret has a star for each byte, so at least four. Other masks have three.
  let stars = 0
  for (const byte of payload) {
    stars = byte === STAR ? stars + 1 : 0
    if (stars === SHORTEST_SECRET) return true
  }
  return false
}
