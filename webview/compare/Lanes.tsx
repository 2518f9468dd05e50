import * as l10n from '@vscode/l10n'
import type { ComparedConnection, ComparedLane } from '../../src/shared/comparison.ts'

const HEIGHT = 58
const LANE = 10
const MIDDLE = 34

/** Each connection as two lanes, A above B, with the differences between them. */
export function Lanes({ connections }: { connections: readonly ComparedConnection[] }) {
  return (
    <section aria-label={l10n.t('Connections')}>
      {connections.map((connection) => (
        <article key={`${connection.a} ${connection.b}`}>
          <h2>
            {connection.a ?? connection.b}
            {connection.a === undefined && <em> {l10n.t('only in B')}</em>}
            {connection.b === undefined && <em> {l10n.t('only in A')}</em>}
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

interface Stripe {
  readonly look: string
  readonly y: number
  readonly height: number
  /** Which counts of a span it shows. */
  readonly counts: readonly number[]
}

const KINDS = ['changed', 'moved', 'missing', 'extra'] as const

/** The messages of A, those of B, and the differences of each kind in between. */
const STRIPES: readonly Stripe[] = [
  { look: 'lane-side', y: 0, height: LANE, counts: [0, 1, 2, 3] },
  { look: 'lane-side', y: HEIGHT - LANE, height: LANE, counts: [0, 1, 2, 4] },
  ...KINDS.map((kind, i) => ({
    look: `kind-${kind}`,
    y: LANE + 2 + (i * MIDDLE) / KINDS.length,
    height: MIDDLE / KINDS.length - 1,
    counts: [i + 1],
  })),
]

/** The spans of a stripe. Adjacent ones are one rectangle. */
function pathOf(spans: ComparedLane['spans'], { y, height, counts }: Stripe): string {
  const isInStripe = (at: number) => counts.some((count) => (spans[at]?.[count] ?? 0) > 0)
  let path = ''
  for (let from = 0; from < spans.length; from++) {
    if (!isInStripe(from)) continue
    let to = from + 1
    while (isInStripe(to)) to++
    path += `M${from} ${y}H${to}v${height}H${from}z`
    from = to
  }
  return path
}

function Lane({ lane }: { lane: ComparedLane }) {
  const way =
    lane.direction === 'out'
      ? l10n.t('↑ sent')
      : lane.direction === 'in'
        ? l10n.t('↓ received')
        : l10n.t('both directions')
  const different = lane.spans.reduce((sum, [, ...others]) => sum + others.reduce((a, b) => a + b, 0), 0)
  return (
    <figure>
      <figcaption class="dim">{l10n.t('{0}: {1} of {2} differ', way, different, lane.rows)}</figcaption>
      <svg
        viewBox={`0 0 ${Math.max(1, lane.spans.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={l10n.t('{0}: {1} of {2} messages differ', way, different, lane.rows)}
      >
        {STRIPES.map((stripe) => (
          <path key={stripe.y} class={stripe.look} d={pathOf(lane.spans, stripe)} />
        ))}
      </svg>
    </figure>
  )
}
