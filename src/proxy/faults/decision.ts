/** Decides what the faults do to one message. */
import type { GatedMessage } from '../message-gate.ts'
import type { ActiveFault } from './active-fault.ts'
import { corrupted } from './corrupt.ts'

export interface Decision {
  /** What is done to it, as events record it. */
  readonly faults: readonly string[]
  /** How often it is passed on: 0, 1 or 2 times. */
  readonly copies: number
  /** Milliseconds that it is held. */
  readonly delay: number
  /** Bytes a second; infinite if there is no limit. */
  readonly rate: number
  /** The payload to pass on, if it is another one. */
  readonly payload?: Uint8Array
  /** It passes behind the next message. */
  readonly isReordered: boolean
  /** It waits until the user releases it. */
  readonly isHeld: boolean
}

/**
 * `found` are the faults whose filter finds the message. `random` gives the random numbers of a fault; each fault that needs
 * some takes as many whatever the others do, so that one fault does not change the choices of another.
 */
export function decide(
  { event }: GatedMessage,
  found: readonly ActiveFault[],
  random: (fault: ActiveFault) => () => number,
): Decision {
  let [isDropped, isDuplicate, isReordered, isHeld] = [false, false, false, false]
  let delay = 0
  let rate = Number.POSITIVE_INFINITY
  let payload: Uint8Array | undefined
  const faults: string[] = []
  for (const fault of found) {
    const { kind, value } = fault.spec
    const hits = () => random(fault)() < value
    if (kind === 'delay') {
      delay += value
      faults.push(`delay=${value}`)
    } else if (kind === 'jitter') {
      const time = Math.round(random(fault)() * value)
      delay += time
      faults.push(`jitter=${time}`)
    } else if (kind === 'drop') isDropped = hits() || isDropped
    else if (kind === 'duplicate') isDuplicate = hits() || isDuplicate
    else if (kind === 'reorder') isReordered = hits() || isReordered
    else if (kind === 'hold') isHeld = true
    else if (kind === 'throttle') rate = Math.min(rate, value)
    else if (kind === 'corrupt' && hits())
      payload = corrupted(payload ?? event.payload, event.opcode !== 'binary', random(fault))
  }
  if (isDropped) return { faults: ['drop'], copies: 0, delay: 0, rate, isReordered: false, isHeld: false }
  if (payload !== undefined) faults.push('corrupt')
  if (isDuplicate) faults.push('duplicate')
  return {
    faults,
    copies: isDuplicate ? 2 : 1,
    delay,
    rate,
    isReordered,
    isHeld,
    ...(payload !== undefined && { payload }),
  }
}
