/** The lifecycle of a connection apart from its messages, and how two lifecycles differ. */

import type { ProtocolIds } from '../../decode/ids/ids.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { maskUrl } from '../../shared/secrets.ts'

/** Largest number of different codes per connection. */
const MAX_CODES = 100
/** Unknown values are not compared. */
const UNKNOWN = 'unknown'

export interface LifecycleDifference {
  readonly field: string
  readonly before: string
  readonly after: string
}

/** Counts how often each code occurred. */
class Tally {
  readonly #counts = new Map<string, number>()

  add(code: string): void {
    const count = this.#counts.get(code)
    if (count !== undefined || this.#counts.size < MAX_CODES) this.#counts.set(code, (count ?? 0) + 1)
  }

  /** The codes without their counts. */
  names(): string {
    return [...this.#counts.keys()].sort().join(', ') || 'none'
  }

  toString(): string {
    const parts = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))
    return parts.map(([code, count]) => (count === 1 ? code : `${code} ×${count}`)).join(', ') || 'none'
  }
}

/** What is compared of a lifecycle. */
export interface LifecycleFacts {
  readonly transport: string
  /** With masked secrets. Empty if the recording lacks the start of the connection. */
  readonly url: string
  /** The path of the URL, by which connections are matched. Hosts can differ between recordings. */
  readonly path: string
  /** Of the first request. */
  readonly method: string | undefined
  /** Values that must be the same, by the names that users see. */
  readonly fields: Readonly<Record<string, string>>
}

export class Lifecycle {
  #transport = UNKNOWN
  #url = ''
  #method: string | undefined
  #path: string | undefined
  #subprotocol = 'none'
  #reconnects = 0
  #missed = 0
  #repeated = 0
  readonly #statuses = new Tally()
  readonly #closes = new Tally()
  readonly #errors = new Tally()

  /** With a protocol, its ids in the path are not compared. */
  add(event: RealtimeEvent, protocol?: ProtocolIds): void {
    switch (event.type) {
      case 'connect':
        if (event.transport !== 'auto') this.#transport = event.transport
        this.#path ??= pathOf(event.url, protocol)
        this.#method ??= event.method ?? 'GET'
        this.#url ||= maskUrl(event.url)
        break
      case 'open':
        this.#transport = event.transport ?? this.#transport
        this.#subprotocol = event.subprotocol ?? 'none'
        this.#statuses.add(String(event.status ?? UNKNOWN))
        break
      case 'response':
        this.#statuses.add(String(event.status ?? UNKNOWN))
        break
      case 'close':
        this.#closes.add([event.code, `by ${event.by ?? UNKNOWN}`].filter(Boolean).join(' '))
        break
      case 'error':
        this.#errors.add(event.code)
        break
      case 'reconnect':
        this.#reconnects++
        break
      case 'gap':
        this.#missed += event.missed ?? 0
        this.#repeated += event.repeated ?? 0
        break
    }
  }

  facts(): LifecycleFacts {
    return {
      ...{ transport: this.#transport, url: this.#url },
      ...{ path: this.#path ?? '', method: this.#method, fields: this.#fields() },
    }
  }

  #fields(): Record<string, string> {
    return {
      transport: this.#transport,
      status: this.#statuses.names(),
      subprotocol: this.#subprotocol,
      close: String(this.#closes),
      errors: String(this.#errors),
      reconnects: String(this.#reconnects),
      missed: String(this.#missed),
      repeated: String(this.#repeated),
    }
  }
}

/** What differs between two lifecycles. */
export function lifecycleDifferences(a: LifecycleFacts, b: LifecycleFacts): LifecycleDifference[] {
  return Object.keys(a.fields)
    .map((field) => ({ field, before: a.fields[field] ?? '', after: b.fields[field] ?? '' }))
    .filter(({ before, after }) => before !== after && before !== UNKNOWN && after !== UNKNOWN)
}

function pathOf(url: string, protocol: ProtocolIds | undefined): string {
  const replaced = protocol?.replaceInRequest?.({ url, headers: {} }, () => 0).url ?? url
  return URL.canParse(replaced) ? new URL(replaced).pathname : replaced
}
