/** What is missing for advice, or for a figure. */
import { plural } from '../../shared/text/quantities.ts'
import { TRANSPORT_TRAITS, TRANSPORTS } from '../../shared/transports.ts'
import { MIN_EVENTS } from './facts.ts'
import type { TechniqueFigures } from './report.ts'

export function missingOf({ connections, feed }: Pick<TechniqueFigures, 'connections' | 'feed'>): string[] {
  if (feed === null || feed.events === 0)
    return ['No event has come on a connection that can be compared, so there is no advice.']
  const members = connections.filter(({ inFeed }) => inFeed)
  if (feed.events < MIN_EVENTS)
    return [
      `Advice needs at least ${MIN_EVENTS} events on one connection, and ${plural(feed.events, 'event')} came on the busiest.`,
    ]
  const few = members.filter(({ events }) => events < MIN_EVENTS)
  const headless = members.filter(({ overhead }) => overhead.heads === null).map(({ id }) => id)
  const measured = new Set(
    members.filter(({ events }) => events >= MIN_EVENTS).map(({ transport }) => transport),
  )
  const unmeasured = TRANSPORTS.filter((name) => !measured.has(name)).map(
    (name) => TRANSPORT_TRAITS[name].label,
  )
  return [
    ...(feed.by === 'busiest'
      ? [
          `No two connections carry the same events, so the advice rests on connection ${feed.connections[0]} alone. Choose connections to compare them all the same.`,
        ]
      : []),
    ...few.map(
      ({ id, events }) =>
        `On connection ${id}, ${plural(events, 'event')} came: its figures count from ${MIN_EVENTS} on.`,
    ),
    ...(feed.latencyFrom === null
      ? ['How long events took is unknown: they have no time, and no other connection carries them.']
      : []),
    ...(headless.length > 0
      ? [`The sizes of heads on ${connectionsText(headless)} are unknown, so the overhead is, too.`]
      : []),
    ...(unmeasured.length > 0
      ? [`Not measured here: ${unmeasured.join(', ')}. What is said of these is what documents say.`]
      : []),
  ]
}

function connectionsText(ids: readonly number[]): string {
  return ids.length === 1 ? `connection ${ids[0]}` : `connections ${ids.join(', ')}`
}
