/** Inflates messages in steps, in memory that receivers share. */
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'
import { Lender } from '../lender.ts'
import type { Batcher } from './batcher.ts'
import { messageTooLarge } from './frame-rules.ts'
import type { Inflater } from './inflater.ts'
import type { LentOutput } from './lent-output.ts'
import type { PartialMessage } from './partial-message.ts'
import type { ReceiverOptions } from './received.ts'

/** Bytes that are inflated at once. */
export const STEP = 128 * 1024
/** Bytes of a compressed message that may be larger than the limit, because it is inflated to be passed over. */
export const MAX_COMPRESSED = DEFAULT_MAX_MESSAGE_SIZE
/** Bytes to which a message that is passed over may expand. It has to be inflated, because later ones may refer to it. */
const MAX_EXPANDED = 1 << 30

/** For one step of a message that is inflated in slices. */
const steps = new Lender(() => new Uint8Array(STEP))

/** Messages that were inflated whole, and the memory that holds them. */
export interface Inflated {
  readonly batch: Batcher
  readonly output: LentOutput
}

/** A message that is inflated in slices. */
export interface Inflation {
  readonly message: PartialMessage
  readonly isLast: boolean
  readonly time: number
}

type Limits = Pick<ReceiverOptions, 'maxSize' | 'passesOver'>

/** Inflates until the frame ends, or until a time of `performance.now()`. Returns whether the frame has ended. */
export function inflateSlice(
  inflater: Inflater | undefined,
  message: PartialMessage,
  until: number,
  limits: Limits,
): boolean {
  const step = steps.lend()
  let isInTime = true
  while (inflater?.pending && isInTime) {
    const size = inflater.step(step, 0)
    message.size += size
    if (message.size > limits.maxSize) outgrow(message, limits)
    else if (size > 0) message.parts.push(step.slice(0, size))
    isInTime = performance.now() <= until
  }
  steps.giveBack(step)
  return !inflater?.pending
}

/** The message is larger than the limit: its parts are not kept. Throws if that is an error. */
export function outgrow(message: PartialMessage, { passesOver }: Limits): void {
  if (passesOver !== true || (message.compressed && message.size > MAX_EXPANDED)) throw messageTooLarge()
  message.isTooLarge = true
  message.parts.length = 0
}
