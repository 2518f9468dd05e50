/** Takes what a proxy sees, and keeps it for a test. */

import type { ProxyHost } from '../../src/proxy/recording-proxy.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { TransportEvent } from '../../src/shared/event.ts'
import { batchedEvent, type MessageBatch } from '../../src/shared/message-batch.ts'
import type { SeenControl, SeenFailure, SeenHead, SeenStart } from '../../src/shared/traffic.ts'

export interface SeenTestExchange {
  readonly start: SeenStart
  readonly control: SeenControl | undefined
  head?: SeenHead
  readonly data: { readonly time: number; readonly text: string; readonly wireSize: number | undefined }[]
  ended?: { readonly time: number; readonly trailers?: SeenHead['headers'] }
  failed?: SeenFailure
}

export class SeenTraffic implements ProxyHost {
  readonly clock = startClock()
  readonly exchanges: SeenTestExchange[] = []
  readonly sockets: { readonly start: SeenStart; readonly events: TransportEvent[] }[] = []
  readonly marks: string[] = []

  exchange(start: SeenStart, control?: SeenControl) {
    const seen: SeenTestExchange = { start, control, data: [] }
    this.exchanges.push(seen)
    return {
      id: undefined,
      response: (head: SeenHead) => {
        seen.head = head
      },
      data: ({ time, bytes, wireSize }: { time: number; bytes: Uint8Array; wireSize?: number }) => {
        seen.data.push({ time, text: Buffer.from(bytes).toString('latin1'), wireSize })
      },
      end: (ended: NonNullable<SeenTestExchange['ended']>) => {
        seen.ended = ended
      },
      fail: (failed: SeenFailure) => {
        seen.failed = failed
      },
    }
  }

  webSocket(start: SeenStart) {
    const events: TransportEvent[] = []
    this.sockets.push({ start, events })
    return {
      id: this.sockets.length,
      emit: (event: TransportEvent) => void events.push(event),
      emitBatch: (batch: MessageBatch) => {
        for (let index = 0; index < batch.count; index++)
          events.push(structuredClone(batchedEvent(batch, index)))
      },
    }
  }

  mark(text: string): void {
    this.marks.push(text)
  }

  changed(): void {}

  test() {
    return { matches: () => true, stop: () => {} }
  }
}
