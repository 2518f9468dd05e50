/** What screen readers say about connections: rarely, and in few words. */

import * as l10n from '@vscode/l10n'
import type { ConnectionState, ConnectionStatus } from '../../src/shared/status.ts'
import { connectionName } from '../format/connection.ts'
import { connectionCount } from '../format/count.ts'

/** States that last. States in between are not announced. */
const WORDS: Readonly<Partial<Record<ConnectionState, string>>> = {
  open: l10n.t('open'),
  waiting: l10n.t('reconnecting'),
  closed: l10n.t('closed'),
  failed: l10n.t('failed'),
}

/** Milliseconds of silence after an announcement. Changes in this time are announced once. */
export const SILENCE = 3000
/** Connections that are announced by name. For more, only the numbers by state are announced. */
const MOST_NAMED = 3

export class Announcements {
  /** The state announced last, by connection. */
  readonly #said = new Map<number, ConnectionState>()
  #at = Number.NEGATIVE_INFINITY
  #text = ''

  /** The text for the live region. Changes only if there is news. `now` is a time of a monotonic clock in milliseconds. */
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
  return `${connectionCount(news.length)}: ${counts.join(', ')}`
}
