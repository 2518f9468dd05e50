import * as l10n from '@vscode/l10n'
import type { TechniqueConnection, TechniqueReport } from '../../src/shared/techniques.ts'
import { eventCount, formatCount } from '../format/count.ts'
import { DRAWING, placeIn, sentIn, waits } from './drawing.ts'

const MIDDLE = DRAWING.height / 2
/** Height of marks of events and cycles. */
const MARK = 16

interface Props {
  readonly row: TechniqueConnection
  readonly drawn: TechniqueReport['drawn']
}

/** The last ten seconds of a connection: dotted when events were sent, solid when they arrived. */
export function TenSeconds({ row, drawn }: Props) {
  const place = placeIn(drawn)
  const sent = sentIn(drawn)
  return (
    <svg
      class="ten-seconds"
      viewBox={`0 0 ${DRAWING.width} ${DRAWING.height}`}
      role="img"
      aria-label={summaryOf(row)}
    >
      {sent.map((time, at) => (
        <path key={at} class="sent" d={`M${place(time)},0V${DRAWING.height}`} />
      ))}
      {row.transport === 'poll' ? (
        <Polls row={row} place={place} sent={sent} />
      ) : row.transport === 'long-poll' ? (
        <Holds row={row} place={place} />
      ) : (
        <path class="held" d={`M0,${MIDDLE}H${DRAWING.width}`} />
      )}
      {row.transport !== 'poll' &&
        row.arrivals.map((time, at) => (
          <rect
            key={at}
            class="arrival"
            x={place(time) - 1.5}
            y={MIDDLE - MARK / 2}
            width={3}
            height={MARK}
            rx={1}
          />
        ))}
    </svg>
  )
}

interface CyclesProps {
  readonly row: TechniqueConnection
  readonly place: (time: number) => number
}

/** A box for each request that is held. */
function Holds({ row, place }: CyclesProps) {
  return (
    <>
      {row.cycles.map(({ from, to }, at) => {
        const end = to === undefined ? DRAWING.width : place(to)
        const width = Math.max(1, end - place(from) - 2)
        return (
          <rect
            key={at}
            class="hold"
            x={place(from) + 0.5}
            y={MIDDLE - MARK / 2 + 0.5}
            width={width}
            height={MARK - 1}
            rx={2}
          />
        )
      })}
    </>
  )
}

/** A mark for each request, solid if it brought something, and how long its events waited. */
function Polls({ row, place, sent }: CyclesProps & { readonly sent: readonly number[] }) {
  return (
    <>
      {row.cycles.map(({ from, to, empty }, at) => (
        <rect
          key={at}
          class={empty ? 'cycle' : 'cycle full'}
          x={place(to ?? from) - 2.5}
          y={MIDDLE - MARK / 2 + 0.5}
          width={5}
          height={MARK - 1}
          rx={2}
        />
      ))}
      {waits(sent, row).map(({ from, to }, at) => (
        <path key={at} class="wait" d={`M${place(from)},${DRAWING.height - 4.5}H${place(to)}v-6`} />
      ))}
    </>
  )
}

function summaryOf({ arrivals, cycles }: TechniqueConnection): string {
  const events = eventCount(arrivals.length)
  if (cycles.length === 0) return l10n.t('In the last ten seconds: arrivals of {0}', events)
  const empty = cycles.filter((cycle) => cycle.empty).length
  return l10n.t(
    'In the last ten seconds: {0} requests, {1} of them empty',
    formatCount(cycles.length),
    formatCount(empty),
  )
}
