/** A request of another program with its response, as a source of traffic reports it. */
import type { EndedBy } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { SeenControl, SeenData, SeenExchange, SeenHead, SeenStart } from '../../shared/traffic.ts'
import { SeenResponse } from '../../transport/seen/seen-response.ts'
import type { SeenConnection } from './seen-connection.ts'

/** What follows an exchange. */
export interface ExchangeReader {
  /** The head has arrived. */
  head(response: SeenResponse): void
  /** There will be no head. */
  failed(ending: CutOff): void
  /** The response has ended, completely or not. */
  over?(): void
}

/** How an exchange ended before it was complete. */
export interface CutOff {
  readonly time: number
  /** Undefined if it is not known. */
  readonly by: EndedBy | undefined
  readonly reason: string | undefined
  /** `CUT_OFF` if nothing failed. */
  readonly failure: Failure
}

/** Code of the failure of a response that a program or a user ended on purpose. It is not recorded as an error. */
export const CUT_OFF = 'CUT_OFF'

export class ObservedExchange implements SeenExchange {
  readonly start: SeenStart
  /** What can be done with it, for the connection that records it. */
  readonly control: SeenControl
  /** Records it. */
  connection: SeenConnection | undefined
  reader: ExchangeReader | undefined
  readonly #source: SeenControl
  #time: number
  #response: SeenResponse | undefined
  #isPaused = false
  #isOver = false
  #cutOff: CutOff | undefined

  constructor(start: SeenStart, source: SeenControl) {
    this.start = start
    this.#source = source
    this.#time = start.time
    this.control = {
      ...(source.disconnect && { disconnect: () => source.disconnect?.() }),
      pause: () => this.#pause(),
      resume: () => this.#resume(),
    }
  }

  get id(): number | undefined {
    return this.connection?.id
  }

  /** When the source last reported something of it. */
  get time(): number {
    return this.#time
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** How it was cut off; undefined if it was not. */
  get cutOff(): CutOff | undefined {
    return this.#cutOff
  }

  response(head: SeenHead): void {
    if (this.#isOver || this.#response !== undefined) return
    this.#time = head.time
    this.#response = new SeenResponse(this.start, head, this.#source)
    if (this.#isPaused) this.#response.pause()
    this.reader?.head(this.#response)
  }

  data(data: SeenData): void {
    if (this.#isOver) return
    this.#time = data.time
    this.#response?.push(data)
  }

  end({ time, trailers }: Parameters<SeenExchange['end']>[0]): void {
    if (this.#isOver) return
    this.#time = time
    this.#isOver = true
    this.#response?.finish({ complete: true, time, ...(trailers && { trailers }) })
    this.reader?.over?.()
  }

  fail({ time, by, reason, error }: Parameters<SeenExchange['fail']>[0]): void {
    if (this.#isOver) return
    this.#time = time
    this.#isOver = true
    const { code = CUT_OFF, message = 'The response was cut off on purpose.' } = error ?? {}
    const failure = new Failure(code, message)
    this.#cutOff = { time, by, reason, failure }
    if (this.#response === undefined) this.reader?.failed(this.#cutOff)
    else this.#response.finish({ complete: false, time, failure })
    this.reader?.over?.()
  }

  #pause(): void {
    this.#isPaused = true
    if (this.#response === undefined) this.#source.pause?.()
    else this.#response.pause()
  }

  #resume(): void {
    this.#isPaused = false
    this.#response?.resume()
    this.#source.resume?.()
  }
}
