/** Makes candidates for filters from the events of a connection, with what its sub-protocol says in them. */
import { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import type { Decoder } from '../../decode/decoder.ts'
import { SessionDecoder } from '../../decode/session-decoder.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'

const NO_PACKETS: readonly DecodedEvent[] = []

export class Candidates {
  #decoder: SessionDecoder | undefined
  /** Events that were decoded. */
  #count = 0
  /** Time of the latest event. */
  #latest: number | undefined

  /**
   * Decodes from now on. `started` are the events by which the connection started, for decoders that join it later; they
   * are taken once the decoders are loaded.
   */
  async decode(
    decoders: readonly Decoder[],
    started: () => readonly RealtimeEvent[] = () => [],
  ): Promise<void> {
    if (this.#decoder !== undefined) return
    const decoder = new SessionDecoder({ decoders })
    await decoder.loadAll()
    // Another call may have been faster.
    if (this.#decoder !== undefined) return
    this.#decoder = decoder
    for (const event of started()) decoder.decode(this.#count++, event)
  }

  /**
   * Call this or `every` for each event of the connection, in order. Reads a message from the peer, or that the connection
   * opened.
   */
  next(event: RealtimeEvent): LiveCandidate | undefined {
    const { packets, gap } = this.#read(event)
    const isInbound = event.type === 'message' && event.direction === 'in'
    return event.type === 'open' || isInbound ? new LiveCandidate(event, packets, gap) : undefined
  }

  /** Reads an event of any type. */
  every(event: RealtimeEvent): LiveCandidate {
    const { packets, gap } = this.#read(event)
    return new LiveCandidate(event, packets, gap)
  }

  #read(event: RealtimeEvent) {
    const packets = this.#decoder?.decode(this.#count++, event) ?? NO_PACKETS
    const gap = this.#latest === undefined ? undefined : event.time - this.#latest
    this.#latest = event.time
    return { packets, gap }
  }

  /** Whether the latest event carries only a part of a packet, or nothing that its protocol has a meaning for. */
  isIncomplete(connection: number): boolean {
    const decoder = this.#decoder
    if (decoder === undefined) return false
    return (
      decoder.isPart ||
      (decoder.chosenFor(connection) !== undefined && decoder.problemOf(connection) === undefined)
    )
  }
}
