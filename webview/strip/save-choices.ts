/** The parts of a session that the user can save. */
import * as l10n from '@vscode/l10n'
import type { Selected, TimeRange } from '../../src/shared/protocol/filtering.ts'
import { MAX_RANGES, type Part } from '../../src/shared/protocol/saving.ts'
import { eventCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { countRows, type Ranges } from '../state/events/ranges.ts'
import type { Rows } from '../state/events/rows.ts'

export interface Shown {
  /** The part that the list shows. Undefined for the whole session. */
  readonly selected: Selected | undefined
  readonly range: TimeRange | undefined
  readonly ranges: Ranges
  readonly rows: Rows
  /** Number after the last event. */
  readonly end: number
}

export interface SaveChoice {
  readonly name: string
  readonly detail: string
  /** Null for the whole session. */
  readonly part: Part | null
}

/** The choices, with the whole session first. */
export function saveChoices({ selected, range, ranges, rows, end }: Shown): SaveChoice[] {
  const all: Selected = { generation: null, range: null, connection: null, hidden: [], end }
  const choices: SaveChoice[] = [{ name: l10n.t('Whole session…'), detail: l10n.t('all events'), part: null }]
  const count = countRows(ranges, rows)
  if (count > 0 && ranges.length <= MAX_RANGES)
    choices.push({
      name: l10n.t('Selected rows…'),
      detail: eventCount(count),
      part: { selected: selected ?? all, ranges },
    })
  if (range !== undefined)
    choices.push({
      name: l10n.t('Time range…'),
      detail: l10n.t('everything in {0}', formatDuration(range.to - range.from)),
      part: {
        selected: { ...all, range: { from: Math.max(0, range.from), to: Math.max(0, range.to) } },
        ranges: null,
      },
    })
  if (selected !== undefined)
    choices.push({
      name: l10n.t('Shown events…'),
      detail: l10n.t('events that match filter and range'),
      part: { selected, ranges: null },
    })
  return choices
}
