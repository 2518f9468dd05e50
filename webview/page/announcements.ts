/** What is worth saying aloud of the connections: seldom, in few words. */
import type { ConnectionState, ConnectionStatus } from '../../src/shared/status.ts'
import { connectionName } from '../format/connection.ts'

/** States that last; what is on its way to one of them is not worth a word. */
const WORDS: Readonly<Partial<Record<ConnectionState, string>>> = {
  open: 'open',
  waiting: 'reconnecting',
  closed: 'closed',
  failed: 'failed',
}

/** Milliseconds of silence after something was said: what changes to and fro meanwhile is said once. */
export const SILENCE = 3000
/** Connections that are said by name; of more only how many are how. */
const MOST_NAMED = 3

export class Announcements {
  /** The state that was said last, by connection. */
  readonly #said = new Map<number, ConnectionState>()
  #at = Number.NEGATIVE_INFINITY
  #text = ''

  /** The text for the live region at a time in ms on any steady clock: another one only where there is news. */
  hear(connections: readonly ConnectionStatus[], now: number): string {
    if (now - this.#at < SILENCE) return this.#text
    const news = connections.filter(({ id, state }) => state in WORDS && this.#said.get(id) !== state)
    if (news.length === 0) return this.#text
    for (const { id, state } of news) this.#said.set(id, state)
    this.#at = now
    this.#text = news.length > MOST_NAMED ? counted(news) : news.map(inWords).join('. ')
    return this.#text
  }
}

function inWords(connection: ConnectionStatus): string {
  const { state, error, retry } = connection
  const why = state === 'open' ? undefined : (error ?? retry?.reason)
  return `${connectionName(connection)} ${WORDS[state]}${why === undefined ? '' : `: ${why}`}`
}

/** `30 connections: 28 open, 2 reconnecting` */
function counted(news: readonly ConnectionStatus[]): string {
  const counts = Object.entries(WORDS).flatMap(([state, word]) => {
    const count = news.filter((each) => each.state === state).length
    return count === 0 ? [] : [`${count} ${word}`]
  })
  return `${news.length} connections: ${counts.join(', ')}`
}
