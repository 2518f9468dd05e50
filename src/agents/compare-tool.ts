/** `realtime_compare` */
import * as v from 'valibot'
import { toggle, whole } from '../request/spec-fields.ts'
import type { ComparedSide, ListedDifference } from '../shared/comparison.ts'
import { MAX_IGNORED } from '../shared/comparison.ts'
import { Failure } from '../shared/failure.ts'
import { MASK } from '../shared/secrets/masking.ts'
import { maskPairs } from '../shared/secrets/pairs.ts'
import { maskText } from '../shared/secrets.ts'
import { CONNECTION, CURSOR, filterField, inputOf, MAX_CHARACTERS, short } from './inputs.ts'
import { pageOf } from './pages.ts'
import { type ComparedSession, defineTool } from './tool.ts'

const LIVE = 'live'
const MAX_CONNECTIONS = 50
const MAX_DIFFERENCES = 200

const session = (which: string) =>
  v.pipe(
    short(1000),
    v.nonEmpty('must be a path or live'),
    v.description(`${which}: path of a recording, or "${LIVE}" for the live session.`),
  )

export const compareTool = defineTool({
  name: 'realtime_compare',
  title: 'Compare realtime sessions',
  description:
    'Says what differs between two sessions, each a recording or the live session: changed, moved, missing and extra messages with the JSON paths that changed, opens and closes, and with "timingTolerance" late and early ones. Use it to see what a code change did to the traffic. Ignore volatile fields with JSONPaths.',
  effect: 'none',
  input: inputOf({
    a: session('The reference'),
    b: session('The other one'),
    connectionA: v.optional(
      v.pipe(CONNECTION, v.description('Compare only this connection of a, with connectionB.')),
    ),
    connectionB: v.optional(
      v.pipe(CONNECTION, v.description('Compare only this connection of b, with connectionA.')),
    ),
    ignore: v.optional(
      v.pipe(
        v.array(short(1000), 'must be a list of JSONPaths'),
        v.maxLength(MAX_IGNORED, `must have at most ${MAX_IGNORED} JSONPaths`),
        v.description('JSONPaths of values that do not count, such as $.timestamp.'),
      ),
      [],
    ),
    ignoreMessages: v.optional(
      filterField('Messages that are not compared.', 'Written as the filter of realtime_events.'),
      '',
    ),
    normalizeIds: v.optional(
      v.pipe(toggle, v.description('Compare ids only by what they belong to. Default false.')),
      false,
    ),
    timingTolerance: v.optional(
      v.pipe(
        whole(0, 86_400_000, 'milliseconds'),
        v.description('Milliseconds beyond which a message is late or early. Default: times do not count.'),
      ),
    ),
    cursor: CURSOR,
    maxCharacters: MAX_CHARACTERS,
  }),
  async run({ a, b, connectionA, connectionB, cursor, maxCharacters, ...how }, host, signal) {
    if ((connectionA === undefined) !== (connectionB === undefined))
      throw new Failure('BAD_INPUT', 'Give connectionA and connectionB together, or neither.')
    const { ignore, ignoreMessages, normalizeIds, timingTolerance = null } = how
    const compared = await host.compare(
      { a: sessionOf(a), b: sessionOf(b) },
      { ignore, ignoreMessages, normalizeIds, tolerance: timingTolerance },
      connectionA === undefined || connectionB === undefined ? undefined : { a: connectionA, b: connectionB },
      signal,
    )
    const differences = compared.differences.map((each) => describeDifference(each, host.mask))
    const page = pageOf(differences, { cursor, max: MAX_DIFFERENCES, maxCharacters })
    return {
      ...{ same: compared.same, counts: compared.counts },
      connections: compared.connections.slice(0, MAX_CONNECTIONS).map(({ a, b, lifecycle }) => ({
        ...{ a: a ?? null, b: b ?? null },
        ...(lifecycle.length > 0 && {
          lifecycle: lifecycle.slice(0, 20).map(({ field, before, after }) => ({
            ...{ field, before: maskText(before), after: maskText(after) },
          })),
        }),
      })),
      ...{ differences: page.items, next: page.next, total: page.total },
    }
  },
})

function sessionOf(given: string): ComparedSession {
  return given === LIVE ? LIVE : { recording: given }
}

/** A difference as a model reads it. `connection` is a position in the list of connections, from 0. */
export function describeDifference(difference: ListedDifference, mask: readonly string[]) {
  const { kind, direction, connection, a, b, lag, changes } = difference
  const shown = shownText(mask)
  const side = ({ event, time, text }: ComparedSide) => ({
    ...{ event, text: shown(text) },
    ...(time !== undefined && { time }),
  })
  return {
    ...{ kind, connection },
    ...(direction !== undefined && { direction }),
    ...(a !== undefined && { a: side(a) }),
    ...(b !== undefined && { b: side(b) }),
    ...(lag !== undefined && { lag }),
    ...(changes.length > 0 && {
      changes: changes.slice(0, 20).map(({ path, before, after }) => ({
        path,
        ...(before !== undefined && { before: shown(before, path) }),
        ...(after !== undefined && { after: shown(after, path) }),
      })),
    }),
  }
}

/**
 * Masks fields by their names. If one is to be masked by its path, the text is not shown at all: it is only the beginning of
 * a payload, in which paths cannot be found.
 */
function shownText(mask: readonly string[]): (text: string, path?: string) => string {
  if (mask.some((each) => each.startsWith('$'))) return () => MASK
  const names = new Set(mask.map((each) => each.toLowerCase()))
  const isSecret = (name: string) => names.has(name.toLowerCase())
  const hide = () => true
  return (text, path = '') => {
    const steps = path.match(/[\p{L}\p{N}_-]+/gu) ?? []
    if (steps.some(isSecret)) return MASK
    return maskText(names.size === 0 ? text : maskPairs(text, { isSecret, hide, isData: true }))
  }
}
