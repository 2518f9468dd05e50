/** What the page does with findings: goes to one, and from one to its events. */
import { effect, untracked } from '@preact/signals'
import { formatNumbers } from '../../src/shared/filter/number-ranges.ts'
import type { Finding } from '../../src/shared/finding.ts'
import { MAX_FILTER } from '../../src/shared/protocol/filtering.ts'
import type { KnownFinding } from './findings.ts'
import type { PageState } from './page.ts'

/** The numbers of the events that show a finding and that the page has. */
export function eventsOf({ session: { columns } }: PageState, { events = [] }: Finding): readonly number[] {
  return events.filter((number) => number > columns.first && number <= columns.end)
}

/** Chooses a finding, and brings it into view on the timeline. */
export function chooseFinding(
  { findings, timeline, session }: PageState,
  { key, finding }: KnownFinding,
): void {
  findings.choose(key)
  const time = finding.to ?? finding.from
  if (time !== undefined) timeline.reveal(time, session.viewTime())
}

/** Shows a finding in the view of findings. */
export function openFinding(page: PageState, known: KnownFinding): void {
  page.show('findings')
  chooseFinding(page, known)
}

/** Shows the first of some findings; if one of them is chosen already, the one after it. */
export function openNext(page: PageState, some: readonly KnownFinding[]): void {
  const isShown = page.view.value === 'findings'
  const at = isShown ? some.findIndex(({ key }) => key === page.findings.chosen.value) : -1
  const next = some[(at + 1) % some.length]
  if (next !== undefined) openFinding(page, next)
}

/** Shows all findings on a connection, and no others. */
export function openFindingsOf(page: PageState, connection: number): void {
  page.show('findings')
  page.findings.showAllOf(connection)
}

/** Lists exactly these events, and selects the first one. */
export function showEvents(page: PageState, numbers: readonly number[]): void {
  const { filter, layout, session, timeline } = page
  const [first] = numbers
  if (first === undefined) return
  if (layout.current.value.heartbeats === 'hidden') layout.change({ heartbeats: 'dimmed' })
  session.setScope({ ...session.scope.value, connection: undefined, hidden: new Set() })
  timeline.range.value = undefined
  const text = termFor(numbers)
  page.show('events')
  filter.apply(text)
  page.select(first - 1)
  // The rows are those of the filter once it has found the event, unless the user changes it before.
  const stop = effect(() => {
    void filter.changes.value
    const result = filter.result.value
    const isOther = filter.text.value !== text
    const isFound = result?.text === text && result.scanned >= first
    if (isFound && !isOther) untracked(() => page.reveal(first - 1))
    if (isFound || isOther) queueMicrotask(() => stop())
  })
}

/** A filter for these events; for the first ones, if there are so many that it would be too long. */
function termFor(numbers: readonly number[]): string {
  const text = `number:${formatNumbers(numbers)}`
  return text.length <= MAX_FILTER ? text : termFor(numbers.slice(0, Math.floor(numbers.length / 2)))
}
