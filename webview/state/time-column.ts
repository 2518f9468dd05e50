/** What the time column counts from. To add a mode, add a row. */
import { formatClock, formatOffset, formatSessionTime } from '../format/time.ts'

/** What times are measured against. */
export interface TimeBase {
  /** ISO 8601. Undefined until known. */
  readonly startedAt: string | undefined
  /** Session time of the selected event. */
  readonly selected: number | undefined
}

interface TimeModeTraits {
  readonly name: string
  readonly hint: string
  /** `previous` returns the time of the row above. All times are in milliseconds since the session started. */
  readonly text: (time: number, base: TimeBase, previous: () => number | undefined) => string
}

export const TIME_MODES = {
  session: { name: 'Time', hint: 'Since the session started', text: formatSessionTime },
  clock: {
    name: 'Clock',
    hint: 'On the wall clock',
    text: (time, { startedAt = '' }) => formatClock(startedAt, time),
  },
  selected: {
    name: 'Δ selected',
    hint: 'Before or after the selected event',
    text: (time, { selected }) =>
      selected === undefined ? formatSessionTime(time) : formatOffset(time - selected),
  },
  previous: {
    name: 'Δ previous',
    hint: 'Since the row above',
    text: (time, _, previous) => {
      const before = previous()
      return before === undefined ? '' : formatOffset(time - before)
    },
  },
} as const satisfies Readonly<Record<string, TimeModeTraits>>

export type TimeMode = keyof typeof TIME_MODES

export const TIME_MODE_IDS = Object.keys(TIME_MODES) as readonly TimeMode[]
