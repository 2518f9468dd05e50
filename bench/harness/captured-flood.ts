/** Captures a flood, while the newest messages are decoded as the list asks for them. */
import { OnDemandDecoder } from '../../src/decode/decode-on-demand.ts'
import type { LoadedProtocol } from '../load/protocols.ts'
import { emptyConversation, startOf, textBatches } from './conversation.ts'

/** Milliseconds between two paints, and rows in view. */
const FRAME = 16
const ROWS = 40

/** Microseconds that the processor ran the thread. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

/**
 * Appends one batch in each turn of the event loop, as a socket delivers them. Resolves to the part of the thread's
 * processor time that decoding takes: its slices, and what the list asks for.
 */
export async function captureFlood(
  protocol: LoadedProtocol,
  messages: number,
  isDecoded: boolean,
): Promise<number> {
  const filled = emptyConversation(protocol)
  const { capture } = filled
  /** When a slice of decoding began: it looks at the number of events first. */
  let began: number | undefined
  let decoding = 0
  const source = Object.create(capture, {
    count: {
      get: () => {
        began ??= threadTime()
        return capture.count
      },
    },
    firstKept: { get: () => capture.firstKept },
    eventNames: { get: () => capture.eventNames },
    row: { value: (index: number) => capture.row(index) },
    peek: { value: (index: number) => capture.peek(index) },
    givePayload: { value: capture.givePayload.bind(capture) },
  }) as typeof capture
  const onProgress = () => {
    decoding += threadTime() - (began ?? threadTime())
  }
  const decoder = new OnDemandDecoder(source, () => startOf(protocol), { onProgress })
  const started = threadTime()
  let painted = performance.now()
  for (const batch of textBatches(protocol, messages)) {
    capture.appendBatch(1, batch)
    began = undefined
    await new Promise((resolve) => setImmediate(resolve))
    if (!isDecoded || performance.now() - painted < FRAME) continue
    painted = performance.now()
    const asked = threadTime()
    for (let n = Math.max(capture.count - ROWS, 0); n < capture.count; n++) decoder.decode(n)
    decoding += threadTime() - asked
  }
  const share = decoding / (threadTime() - started)
  decoder.clear()
  filled.remove()
  return share
}
