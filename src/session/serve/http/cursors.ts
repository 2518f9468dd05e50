/** Finds the recorded response for a request of a poll by its cursor. */
import type { IncomingHttpHeaders } from 'node:http'
import { fieldBytes, type Headers } from '../../../shared/headers.ts'
import { addTo } from '../../../shared/maps.ts'
import { lowerBound } from '../../../shared/numbers.ts'
import { MASK } from '../../../shared/secrets.ts'
import type { RecordedPoll } from '../recorded-connection.ts'

/** The fields of a conditional request (RFC 9110 section 13.1). */
const CONDITIONS = ['if-none-match', 'if-modified-since'] as const

/** The base of recorded URLs that are relative. */
const LOCAL = 'http://localhost'

/** The cursor of a request, exact and coarse. */
interface Resumption {
  /** The query and the conditional fields. */
  readonly whole: string
  /** The query alone. */
  readonly query: string
}

export class Cursors {
  readonly #count: number
  readonly #masked: ReadonlySet<string>
  /** Ascending numbers of cycles, by the cursors of their requests. */
  readonly #byWhole = new Map<string, number[]>()
  readonly #byQuery = new Map<string, number[]>()

  constructor({ cycles }: RecordedPoll) {
    this.#count = cycles.length
    const urls = cycles.map(({ request: { url } }) =>
      URL.canParse(url, LOCAL) ? new URL(url, LOCAL) : undefined,
    )
    // A masked value is unknown, so it cannot distinguish requests.
    this.#masked = new Set(
      urls.flatMap((url) =>
        [...(url?.searchParams ?? [])].filter(([, value]) => value === MASK).map(([name]) => name),
      ),
    )
    for (const [number, { request }] of cycles.entries()) {
      const { whole, query } = this.#resumption(
        urls[number]?.searchParams ?? new URLSearchParams(),
        sentBytes(request.headers),
      )
      addTo(this.#byWhole, whole, number)
      addTo(this.#byQuery, query, number)
    }
  }

  /**
   * The number of the cycle that answers a request of a client whose next cycle is `next`: that cycle if its cursor is
   * the same, else the next or the first cycle with the same cursor, else `next`.
   */
  find(next: number, url: URL, headers: IncomingHttpHeaders): number {
    const { whole, query } = this.#resumption(url.searchParams, headers)
    const numbers = this.#byWhole.get(whole) ?? this.#byQuery.get(query)
    return numbers === undefined
      ? next
      : (firstFrom(numbers, next) ?? (next < this.#count ? numbers[0] : undefined) ?? next)
  }

  #resumption(params: URLSearchParams, headers: Headers | IncomingHttpHeaders): Resumption {
    const known = [...params].filter(([name]) => !this.#masked.has(name)).sort()
    const query = JSON.stringify(known)
    const fields = new Map(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()[0]]),
    )
    return { query, whole: JSON.stringify([query, ...CONDITIONS.map((name) => fields.get(name) ?? '')]) }
  }
}

/** Sent fields as the bytes that a server receives, one Latin-1 character each. */
function sentBytes(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().map(fieldBytes)]),
  )
}

/** The first number of a rising list that is `from` or more. */
function firstFrom(numbers: readonly number[], from: number): number | undefined {
  return numbers[lowerBound(0, numbers.length, (at) => (numbers[at] ?? 0) >= from)]
}
