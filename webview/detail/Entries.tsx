import { LinkButton } from '../ui/buttons.tsx'
import type { Entry } from './fields.ts'

/** A list of names and values. Renders nothing if it is empty. */
export function Entries({ title, entries }: { title?: string; entries: readonly Entry[] }) {
  if (entries.length === 0) return null
  return (
    <>
      {title !== undefined && <h2 class="entries-title">{title}</h2>}
      <dl class="entries">
        {entries.map(({ name, value, open }, i) => (
          <div key={`${i} ${name}`}>
            <dt>{name}</dt>
            <dd>{open === undefined ? value : <LinkButton onClick={open}>{value}</LinkButton>}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
