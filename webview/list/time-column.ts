/** What the time column counts from. */
import { formatClock, formatOffset, formatSessionTime } from '../format/time.ts'

export const TIME_MODES = ['session', 'clock', 'selected', 'previous'] as const
export type TimeMode = (typeof TIME_MODES)[number]

export const TIME_NAMES: Readonly<Record<TimeMode, string>> = {
  session: 'Time',
  clock: 'Clock',
  selected: 'Δ selected',
  previous: 'Δ previous',
}

export const TIME_HINTS: Readonly<Record<TimeMode, string>> = {
  session: 'Since the session started',
  clock: 'On the wall clock',
  selected: 'Before or after the selected event',
  previous: 'Since the row above',
}

/** What times are measured against. */
export interface TimeBase {
  /** ISO 8601; undefined until known. */
  readonly startedAt: string | undefined
  /** Session time of the selected event. */
  readonly selected: number | undefined
}

/** An event's time as the column shows it; `previous` is the time of the row above, all in ms since the session started. */
export function timeText(
  mode: TimeMode,
  base: TimeBase,
  time: number,
  previous: () => number | undefined,
): string {
  switch (mode) {
    case 'session':
      return formatSessionTime(time)
    case 'clock':
      return formatClock(base.startedAt ?? '', time)
    case 'selected':
      return base.selected === undefined ? formatSessionTime(time) : formatOffset(time - base.selected)
    case 'previous': {
      const before = previous()
      return before === undefined ? '' : formatOffset(time - before)
    }
  }
}
