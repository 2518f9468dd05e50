/** Counts the packets of each connection by name, and measures how long answers take. */

import type { PairedRequest } from '../../decode/client-requests.ts'
import type { PairingListener } from '../../decode/pairing.ts'
import type { DecodedEvent, DecodedKind } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { DecodedReport, Distribution } from '../../shared/report.ts'
import { Sample } from './distributions.ts'

/** Different names of a connection that are counted, and those that are reported. */
const MAX_NAMES = 1000
const REPORTED_NAMES = 100

const OBJECT: DecodedEvent = { protocol: 'json', kind: 'event' }

class NameFigures {
  readonly #name: string
  readonly #kinds = new Map<DecodedKind, number>()
  readonly #latency = new Sample()
  #protocol = ''
  packets = 0
  requests = 0

  constructor(name: string) {
    this.#name = name
  }

  add({ protocol, kind }: DecodedEvent): void {
    this.#protocol ||= protocol
    this.packets++
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1)
  }

  answered(latency: number): void {
    this.#latency.add(latency)
  }

  report(): DecodedReport {
    const answered = this.#latency.count
    return {
      protocol: this.#protocol,
      name: this.#name,
      packets: this.packets,
      kinds: Object.fromEntries(this.#kinds),
      requests: this.requests,
      answered,
      unanswered: Math.max(this.requests - answered, 0),
      latency: this.#latency.percentiles() ?? null,
    }
  }
}

export class DecodedFigures implements PairingListener {
  readonly #connections = new Map<number, Map<string, NameFigures>>()
  readonly #answers = new Map<number, Sample>()
  /** Of the latest message that was a JSON object, which most resemble: looking for them takes longer than counting. */
  #connection = 0
  #name: string | undefined
  #figures: NameFigures | undefined

  /** Takes the packets that end in an event. */
  add(event: RealtimeEvent, packets: readonly DecodedEvent[]): void {
    if ('connection' in event)
      for (const packet of packets) this.#of(event.connection, packet.name ?? packet.kind)?.add(packet)
  }

  /** Takes the packet of a message of no known protocol that is a JSON object, as `decodeObject` makes it. */
  addObject(connection: number, name: string | undefined): void {
    if (connection !== this.#connection || name !== this.#name || this.#figures === undefined) {
      this.#figures = this.#of(connection, name ?? OBJECT.kind)
      this.#connection = connection
      this.#name = name
    }
    this.#figures?.add(OBJECT)
  }

  /** Called for each packet that asks. */
  asked({ connection, name = 'request', isHeartbeat }: PairedRequest): void {
    const figures = isHeartbeat ? undefined : this.#of(connection, name)
    if (figures !== undefined) figures.requests++
  }

  /** Called for the first answer to each. */
  answered({ connection, name = 'request', isHeartbeat }: PairedRequest, _by: number, latency: number): void {
    if (isHeartbeat) return
    this.#of(connection, name)?.answered(latency)
    getOrMake(this.#answers, connection, () => new Sample()).add(latency)
  }

  /** The most frequent names first. */
  report(connection: number): DecodedReport[] {
    return [...(this.#connections.get(connection)?.values() ?? [])]
      .sort((one, other) => other.packets - one.packets)
      .slice(0, REPORTED_NAMES)
      .map((figures) => figures.report())
  }

  /** Of all names, also those that are not reported. */
  answers(connection: number): Distribution | null {
    return this.#answers.get(connection)?.percentiles() ?? null
  }

  /** Undefined for a further name if there are too many. */
  #of(connection: number, name: string): NameFigures | undefined {
    const names = this.#connections.get(connection) ?? new Map<string, NameFigures>()
    if (names.size === 0) this.#connections.set(connection, names)
    const known = names.get(name)
    if (known !== undefined || names.size >= MAX_NAMES) return known
    const figures = new NameFigures(name)
    names.set(name, figures)
    return figures
  }
}
