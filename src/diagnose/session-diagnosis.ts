/** Diagnoses a session that is read as a stream of events, such as a file. */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { Finding } from '../shared/finding.ts'
import { Diagnosis, type DiagnosisOptions } from './diagnosis.ts'
import type { ObjectMessage } from './object-message.ts'
import type { ObservedConnection } from './observed-connection.ts'
import { CurrentEvent, type EventRow, rowOf } from './rule-event.ts'
import type { EventTaker } from './session-pass.ts'

export class SessionDiagnosis implements EventTaker {
  readonly #diagnosis: Diagnosis
  readonly #current: CurrentEvent
  #event: RealtimeEvent | undefined
  /** If the current event is a message by its columns. */
  #object: ObjectMessage | undefined
  #packets: readonly DecodedEvent[] | undefined
  #count = 0
  #now = 0

  constructor(options: DiagnosisOptions = {}) {
    this.#diagnosis = new Diagnosis(options)
    this.#current = new CurrentEvent({
      read: () => {
        this.#event ??= this.#object?.read()
        if (this.#event === undefined) throw new Error('There is no current event.')
        return this.#event
      },
      integerAt: (place) => this.#object?.integerAt(place),
      decoded: () => this.#packets,
    })
  }

  /** Takes the next event with the packets that end in it. */
  add(event: RealtimeEvent, packets?: readonly DecodedEvent[]): void {
    this.#event = event
    this.#object = undefined
    this.#packets = packets
    this.#add(rowOf(event))
  }

  /** Takes the next event, a message of no known protocol that is a JSON object. */
  addObject(message: ObjectMessage): void {
    this.#event = undefined
    this.#object = message
    this.#packets = undefined
    this.#add(message)
  }

  #add({ time, kind, connection, size, wireSize }: EventRow): void {
    this.#now = Math.max(this.#now, time)
    this.#current.move(this.#count, time, kind, connection, size, wireSize)
    this.#diagnosis.add(this.#current)
    this.#count++
  }

  get events(): number {
    return this.#count
  }

  /** The connections of the session, in the order of their first events. */
  get connections(): readonly ObservedConnection[] {
    return this.#diagnosis.connections
  }

  get failed(): readonly string[] {
    return this.#diagnosis.failed
  }

  /** What was found in the events so far. */
  findings(): Finding[] {
    return [...this.#diagnosis.findings(this.#now)]
  }

  /** What was found by muted rules. */
  muted(): Finding[] {
    return [...this.#diagnosis.muted(this.#now)]
  }
}
