/** Diagnoses a session that is read as a stream of events, such as a file. */
import { decodersWith } from '../decode/decoders.ts'
import { SessionDecoder } from '../decode/session-decoder.ts'
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { Finding } from '../shared/finding.ts'
import { Diagnosis, type DiagnosisOptions } from './diagnosis.ts'
import type { DecodingChoices } from './figures/decoded.ts'
import { CurrentEvent, rowOf } from './rule-event.ts'

export class SessionDiagnosis {
  readonly #diagnosis: Diagnosis
  readonly #decoder: SessionDecoder
  readonly #current: CurrentEvent
  #event: RealtimeEvent | undefined
  #packets: readonly DecodedEvent[] | undefined
  #count = 0
  #now = 0

  constructor({ dialects, choiceFor, ...options }: DiagnosisOptions & DecodingChoices = {}) {
    this.#diagnosis = new Diagnosis(options)
    this.#decoder = new SessionDecoder({
      decoders: decodersWith(dialects),
      ...(choiceFor !== undefined && { choiceFor }),
    })
    this.#current = new CurrentEvent({
      read: () => {
        if (this.#event === undefined) throw new Error('There is no current event.')
        return this.#event
      },
      decoded: () => this.#packets,
    })
  }

  /** Takes the next event. Returns a promise if a decoder has to be loaded first. */
  add(event: RealtimeEvent): Promise<void> | undefined {
    const packets = this.#decoder.decode(this.#count, event)
    const { wanted } = this.#decoder
    if (packets === undefined && wanted !== undefined)
      return this.#decoder.load(wanted).then(() => this.add(event))
    const { time, kind, connection, size, wireSize } = rowOf(event)
    this.#now = Math.max(this.#now, time)
    this.#event = event
    this.#packets = packets
    this.#current.move(this.#count, time, kind, connection, size, wireSize)
    this.#diagnosis.add(this.#current)
    this.#count++
    return undefined
  }

  get events(): number {
    return this.#count
  }

  get failed(): readonly string[] {
    return this.#diagnosis.failed
  }

  /** What was found in the events so far. */
  findings(): Finding[] {
    return this.#diagnosis.findings(this.#now)
  }

  /** What was found by muted rules. */
  muted(): Finding[] {
    return this.#diagnosis.muted(this.#now)
  }
}
