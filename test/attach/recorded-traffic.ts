/** A host that keeps what a source of traffic reports. */
import type { AttachmentHost } from '../../src/attach/attachment-host.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { TransportEvent } from '../../src/shared/event.ts'
import type { SeenFailure, SeenHead, SeenStart } from '../../src/shared/traffic.ts'

export interface RecordedSocket {
  readonly start: SeenStart
  readonly events: TransportEvent[]
}

export interface RecordedExchange {
  readonly start: SeenStart
  head?: SeenHead
  readonly data: { readonly time: number; readonly text: string }[]
  end?: 'complete' | 'failed'
  failure?: SeenFailure
}

export class RecordedTraffic implements AttachmentHost {
  readonly clock = startClock()
  readonly sockets: RecordedSocket[] = []
  readonly exchanges: RecordedExchange[] = []
  readonly marks: string[] = []
  readonly #waiting = new Set<() => void>()
  readonly #exchangeId: number | undefined

  /** `exchangeId`: the number of the connection of each exchange; absent if exchanges are not recorded. */
  constructor(exchangeId?: number) {
    this.#exchangeId = exchangeId
  }

  changed(): void {
    this.#check()
  }

  mark(text: string): void {
    this.marks.push(text)
    this.#check()
  }

  webSocket(start: SeenStart) {
    const socket: RecordedSocket = { start, events: [] }
    this.sockets.push(socket)
    return {
      id: this.sockets.length,
      emit: (event: TransportEvent) => {
        socket.events.push(event)
        this.#check()
      },
      emitBatch: () => {},
    }
  }

  exchange(start: SeenStart) {
    const exchange: RecordedExchange = { start, data: [] }
    this.exchanges.push(exchange)
    this.#check()
    return {
      id: this.#exchangeId,
      response: (head: SeenHead) => {
        exchange.head = head
        this.#check()
      },
      data: ({ time, bytes }: { readonly time: number; readonly bytes: Uint8Array }) => {
        exchange.data.push({ time, text: Buffer.from(bytes).toString() })
        this.#check()
      },
      end: () => {
        exchange.end = 'complete'
        this.#check()
      },
      fail: (failure: SeenFailure) => {
        exchange.end = 'failed'
        exchange.failure = failure
        this.#check()
      },
    }
  }

  /** Resolves once `isTrue` returns true, which is asked after each report. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!isTrue()) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
      check()
    })
  }

  /** The latest WebSocket to a path, if there is one. */
  socket(path: string): RecordedSocket | undefined {
    return this.sockets.findLast(({ start }) => start.url.endsWith(path))
  }

  /** The latest exchange with a path, if there is one. */
  request(path: string): RecordedExchange | undefined {
    return this.exchanges.findLast(({ start }) => start.url.endsWith(path))
  }

  #check(): void {
    for (const check of this.#waiting) check()
  }
}

/** The texts of the messages of a direction. */
export function texts(socket: RecordedSocket | undefined, direction: 'in' | 'out'): string[] {
  return (socket?.events ?? []).flatMap((event) =>
    event.type === 'message' && event.direction === direction ? [Buffer.from(event.payload).toString()] : [],
  )
}

export function content(exchange: RecordedExchange | undefined): string {
  return (exchange?.data ?? []).map(({ text }) => text).join('')
}
