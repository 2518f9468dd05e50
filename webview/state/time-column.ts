/** What the time column counts from. To add a mode, add a row. */
import * as l10n from '@vscode/l10n'
import { formatClock, formatOffset, formatSessionTime } from '../format/time.ts'
import type { SessionStore } from './session.ts'

/** What times are measured against. */
export interface TimeBase {
  /** ISO 8601. Undefined until known. */
  readonly startedAt: string | undefined
  /** Session time of the selected event. */
  readonly selected: number | undefined
}

export function timeBaseOf({ status, columns }: SessionStore, selected: number | undefined): TimeBase {
  return {
    startedAt: status.value?.startedAt,
    selected: selected === undefined ? undefined : columns.timeOf(selected),
  }
}

interface TimeModeTraits {
  readonly name: string
  readonly hint: string
  /** Characters of a time in a session that lasts `end` milliseconds. */
  readonly characters: (end: number) => number
  /** `previous` returns the time of the row above. All times are in milliseconds since the session started. */
  readonly text: (time: number, base: TimeBase, previous: () => number | undefined) => string
}

export const TIME_MODES = {
  session: {
    name: l10n.t('Time'),
    hint: l10n.t('Since the session started'),
    characters: (end) => formatSessionTime(end).length,
    text: formatSessionTime,
  },
  clock: {
    name: l10n.t('Clock'),
    hint: l10n.t('On the wall clock'),
    characters: () => '14:02:11.482'.length,
    text: (time, { startedAt = '' }) => formatClock(startedAt, time),
  },
  selected: {
    name: l10n.t('Δ selected'),
    hint: l10n.t('Before or after the selected event'),
    characters: (end) => formatOffset(-end).length,
    text: (time, { selected }) =>
      selected === undefined ? formatSessionTime(time) : formatOffset(time - selected),
  },
  previous: {
    name: l10n.t('Δ previous'),
    hint: l10n.t('Since the row above'),
    characters: (end) => formatOffset(-end).length,
    text: (time, _, previous) => {
      const before = previous()
      return before === undefined ? '' : formatOffset(time - before)
    },
  },
} as const satisfies Readonly<Record<string, TimeModeTraits>>

export type TimeMode = keyof typeof TIME_MODES

export const TIME_MODE_IDS = Object.keys(TIME_MODES) as readonly TimeMode[]
