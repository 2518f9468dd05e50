import type { ComparedConnection, ComparedLane } from '../../src/shared/comparison.ts'

const HEIGHT = 58
const LANE = 10
const MIDDLE = 34

/** Each connection as two lanes, A above B, with the differences between them. */
export function Lanes({ connections }: { connections: readonly ComparedConnection[] }) {
  return (
    <section aria-label="Connections">
      {connections.map((connection) => (
        <article key={`${connection.a} ${connection.b}`}>
          <h2>
            {connection.a ?? connection.b}
            {connection.a === undefined && <em> only in B</em>}
            {connection.b === undefined && <em> only in A</em>}
            {connection.a !== undefined && connection.b !== undefined && connection.a !== connection.b && (
              <span class="dim"> → {connection.b}</span>
            )}
          </h2>
          {connection.lanes
            .filter(({ rows }) => rows > 0)
            .map((lane) => (
              <Lane key={lane.direction} lane={lane} />
            ))}
          {connection.lifecycle.length > 0 && (
            <ul class="lifecycle">
              {connection.lifecycle.map(({ field, before, after }) => (
                <li key={field}>
                  {field}: <del>{before}</del> → <ins>{after}</ins>
                </li>
              ))}
            </ul>
          )}
        </article>
      ))}
    </section>
  )
}

/** Adjacent spans with the same look are one rectangle. */
function rectangles(
  lane: ComparedLane,
  y: number,
  height: number,
  has: (span: ComparedLane['spans'][number]) => boolean,
) {
  let path = ''
  for (let from = 0; from < lane.spans.length; from++) {
    if (!has(lane.spans[from] ?? [0, 0, 0, 0, 0])) continue
    let to = from + 1
    while (to < lane.spans.length && has(lane.spans[to] ?? [0, 0, 0, 0, 0])) to++
    path += `M${from} ${y}H${to}v${height}H${from}z`
    from = to
  }
  return path
}

const STATUSES = [
  { kind: 'changed', at: 1 },
  { kind: 'moved', at: 2 },
  { kind: 'missing', at: 3 },
  { kind: 'extra', at: 4 },
] as const

function Lane({ lane }: { lane: ComparedLane }) {
  const way = lane.direction === 'out' ? '↑ sent' : lane.direction === 'in' ? '↓ received' : 'both ways'
  const different = lane.spans.reduce((sum, [, ...others]) => sum + others.reduce((a, b) => a + b, 0), 0)
  return (
    <figure>
      <figcaption class="dim">
        {way}: {different} of {lane.rows} differ
      </figcaption>
      <svg
        viewBox={`0 0 ${Math.max(1, lane.spans.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${way}: ${different} of ${lane.rows} messages differ`}
      >
        <path
          class="lane-side"
          d={rectangles(
            lane,
            0,
            LANE,
            ([same, changed, moved, missing]) => same + changed + moved + missing > 0,
          )}
        />
        <path
          class="lane-side"
          d={rectangles(
            lane,
            HEIGHT - LANE,
            LANE,
            ([same, changed, moved, , extra]) => same + changed + moved + extra > 0,
          )}
        />
        {STATUSES.map(({ kind, at }, row) => (
          <path
            key={kind}
            class={`kind-${kind}`}
            d={rectangles(
              lane,
              LANE + 2 + (row * MIDDLE) / STATUSES.length,
              MIDDLE / STATUSES.length - 1,
              (span) => (span[at] ?? 0) > 0,
            )}
          />
        ))}
      </svg>
    </figure>
  )
}
