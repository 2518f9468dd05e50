/** Makes HTTP exchanges and reads their bodies. */
import { startClock } from '../../src/shared/clock.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import {
  type BodyEnd,
  type ExchangeRequest,
  type HttpResponse,
  readBody,
} from '../../src/transport/http/exchange.ts'
import { exchange } from '../../src/transport/http/request.ts'

export interface Asked extends Partial<Omit<ExchangeRequest, 'spec'>> {
  readonly spec?: Partial<ConnectionSpec>
}

/** Sends a GET, or the given request, directly to the URL. */
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

/** A body that is being read: what has arrived so far, and how it ended. */
export class Reading {
  readonly pieces: Piece[] = []
  readonly end: Promise<BodyEnd>
  #arrived: () => void = () => {}

  constructor(response: HttpResponse, each: (bytes: Uint8Array) => void = () => {}) {
    this.end = readBody(response, {
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

  /** Settles when the text so far ends with that text. */
  async until(ending: string): Promise<void> {
    while (!this.text.endsWith(ending))
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
  }
}

/** The complete body as text, and how it ended. */
export async function readAll(response: HttpResponse): Promise<{ text: string; end: BodyEnd }> {
  const reading = new Reading(response)
  const end = await reading.end
  return { text: reading.text, end }
}
