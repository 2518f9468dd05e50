import { formatCount } from '../format/count.ts'

export interface Bar {
  readonly name: string
  readonly value: number
}

interface BarsProps {
  readonly name: string
  readonly unit: string
  readonly tone: 'in' | 'out'
  readonly bars: readonly Bar[]
}

const HEIGHT = 60

/** A bar chart, with its data as a table that can be opened below it. */
export function Bars({ name, unit, tone, bars }: BarsProps) {
  const most = bars.reduce((largest, { value }) => Math.max(largest, value), 1)
  const path = bars
    .map(({ value }, at) => {
      const height = value === 0 ? 0 : Math.max(1, (HEIGHT * value) / most)
      return `M${at + 0.06} ${HEIGHT}V${(HEIGHT - height).toFixed(2)}h0.88V${HEIGHT}z`
    })
    .join('')
  return (
    <figure>
      <figcaption>
        {name} <span class="dim">{unit}</span>
      </figcaption>
      <svg
        class={`bars tone-${tone}`}
        viewBox={`0 0 ${Math.max(bars.length, 1)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: ${unit}`}
      >
        <path d={path} />
      </svg>
      <details>
        <summary>As a table</summary>
        <table>
          <tbody>
            {bars.map(({ name: label, value }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td class="tabular">{formatCount(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}
