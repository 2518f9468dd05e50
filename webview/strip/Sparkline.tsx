import { largest } from '../../src/shared/numbers.ts'
import { usePage } from '../state/page.ts'
import { CONTROL } from '../state/timeline/pyramid.ts'

/** Seconds shown, one point for each. */
const SECONDS = 30
const WIDTH = 60
const HEIGHT = 14

/** Traffic of a connection in the last half minute. */
export function Sparkline({ connection }: { connection: number }) {
  const { session, timeline, clock } = usePage()
  void clock.ticks.value
  void session.status.value
  const lane = timeline.model.lanes.get(connection)
  if (lane === undefined) return null
  const end = Math.floor(Math.max(session.isMoving ? session.now() : 0, timeline.model.end) / 1000)
  const counts = new Uint32Array(SECONDS)
  const first = end - SECONDS
  lane.traffic.visit(Math.max(0, first * 1000), end * 1000, 1000, (start, _end, way, count) => {
    const second = Math.floor(start / 1000) - first
    if (way !== CONTROL && second >= 0) counts[second] = (counts[second] ?? 0) + count
  })
  const most = largest(counts, 1)
  const step = WIDTH / SECONDS
  const line = Array.from(counts, (count, i) => {
    const y = HEIGHT - 1 - (HEIGHT - 2) * (count / most)
    return `H${i * step}V${y.toFixed(1)}h${step}`
  }).join('')
  return (
    <span class="sparkline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} height={HEIGHT} preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 ${HEIGHT}${line}V${HEIGHT}Z`} />
      </svg>
    </span>
  )
}
