/** Exchanges as tests make them, and their bodies as tests look at them. */
import { startClock } from '../../src/shared/clock.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { BodyEnd, ExchangeRequest, HttpResponse } from '../../src/transport/http/exchange.ts'
import { exchange } from '../../src/transport/http/request.ts'

export interface Asked extends Partial<Omit<ExchangeRequest, 'spec'>> {
  readonly spec?: Partial<ConnectionSpec>
}

/** Sends a GET, or what is asked instead, straight to the URL. */
export function ask(url: string, asked: Asked = {}): Promise<HttpResponse> {
  return exchange({
    method: 'GET',
    headers: {},
    body: undefined,
    network: { noProxy: '*' },
    clock: startClock(),
    signal: new AbortController().signal,
    headTimeout: 5000,
    ...asked,
    url,
    spec: { url, ...asked.spec },
  })
}

export interface Piece {
  readonly text: string
  readonly time: number
}

/** A body while it is read: what came so far, and how it ended. */
export class Reading {
  readonly pieces: Piece[] = []
  readonly end: Promise<BodyEnd>
  #arrived: () => void = () => {}

  constructor(response: HttpResponse, each: (bytes: Uint8Array) => void = () => {}) {
    this.end = response.read({
      data: (bytes, time) => {
        this.pieces.push({ text: Buffer.from(bytes).toString('latin1'), time })
        each(bytes)
        this.#arrived()
      },
    })
  }

  get text(): string {
    return this.pieces.map(({ text }) => text).join('')
  }

  /** Settles once the text so far has that ending. */
  async until(ending: string): Promise<void> {
    while (!this.text.endsWith(ending))
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
  }
}

/** The whole body as text, with its end. */
export async function readAll(response: HttpResponse): Promise<{ text: string; end: BodyEnd }> {
  const reading = new Reading(response)
  const end = await reading.end
  return { text: reading.text, end }
}
