/** A recording proxy with faults in front of a real server, and the session that it records. */
import { Hub } from '../../src/engine/hub.ts'
import { TrafficSources } from '../../src/engine/traffic/traffic-sources.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { parseFault } from '../../src/shared/faults/fault-text.ts'

export class FaultyProxy {
  readonly events: RealtimeEvent[] = []
  readonly sources: TrafficSources
  /** Recording an event that it finds throws. */
  breaksAt: (event: RealtimeEvent) => boolean = () => false
  readonly #waiting = new Set<() => void>()
  #listening = ''

  private constructor(maxMessageSize: number | undefined) {
    const append = (event: RealtimeEvent) => {
      if (this.breaksAt(event)) throw new Error('the recording is broken here')
      this.events.push('payload' in event ? { ...event, payload: event.payload.slice() } : event)
      this.#changed()
      return true
    }
    const hub = new Hub({ clock: startClock(), network: {}, sink: { append, onWritable: queueMicrotask } })
    this.sources = new TrafficSources(hub, () => this.#changed(), {
      maxMessageSize,
      decoders: () => [],
      started: () => [],
    })
  }

  static async start(
    target: string,
    faults: readonly string[],
    maxMessageSize?: number,
  ): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(maxMessageSize)
    const { listening } = await proxy.sources.handlers.startProxy({
      target,
      faults: faults.flatMap(parseFault),
    })
    proxy.#listening = listening
    return proxy
  }

  get httpUrl(): string {
    return this.#listening
  }

  get wsUrl(): string {
    return this.#listening.replace('http:', 'ws:')
  }

  get status() {
    return this.sources.status().proxies?.[0]
  }

  /** Resolves once the session or the status fulfils the condition. */
  async until(isFulfilled: (proxy: this) => boolean): Promise<void> {
    while (!isFulfilled(this)) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve)
      })
    }
  }

  messages(direction: 'in' | 'out' = 'in') {
    return this.events.flatMap((event) =>
      event.type === 'message' && event.direction === direction
        ? [{ text: Buffer.from(event.payload).toString(), faults: event.faults ?? [] }]
        : [],
    )
  }

  async stop(): Promise<void> {
    await this.sources.stopAll()
  }

  #changed(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
