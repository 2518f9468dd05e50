/** The columns of the list. To add a column, add a row to the table: header, cells, menu, widths and copied text follow. */
import * as l10n from '@vscode/l10n'
import type { EventPreview } from '../../../src/shared/protocol.ts'
import { formatCount } from '../../format/count.ts'
import { unansweredText } from '../../format/decoded.ts'
import { formatDuration } from '../../format/time.ts'
import { directionOf, type EventSummary } from '../events/event-summary.ts'
import { previewLine } from '../preview/decoded-pieces.ts'
import type { ListFacts } from './facts.ts'

/** What a cell is made from. */
export interface RowContent {
  readonly row: EventSummary
  /** As the time column shows it. */
  readonly time: string
  /** Short name of the connection. */
  readonly connection: string
  /** Undefined until it has arrived. */
  readonly preview: EventPreview | undefined
  /** Too early to say that there is no answer. */
  readonly isEarly?: boolean
}

interface ColumnTraits {
  readonly name: string
  /** In the menu of columns and for screen readers, if `name` is short. */
  readonly fullName?: string
  readonly hint: string
  /** Pixels. */
  readonly least: number
  /** Characters of its content. */
  readonly characters: (facts: ListFacts) => number
  /** Pixels of what is beside the characters. */
  readonly besides?: number
  /** Whether the user can change the width. */
  readonly resizable: boolean
  /** Takes the width that the others leave. */
  readonly fills?: boolean
  /** Hidden if room is scarce, lower numbers first. Undefined for a column that always stays. */
  readonly hidesAs?: number
  /** Not shown in a narrow list, unless the user has chosen it. */
  readonly isForWide?: boolean
  /** Whether it is shown unless the user has chosen otherwise. Default true. */
  readonly isUsual?: (facts: ListFacts) => boolean
  /** Cannot be hidden. */
  readonly stays?: boolean
  /** CSS classes of its cells. */
  readonly look: string
  readonly text: (content: RowContent) => string
  /** Whether the text comes from the peer and may have control characters in it. */
  readonly isPeerText?: boolean
  /** The cell in words, if its text is a symbol. */
  readonly spoken?: (content: RowContent) => string
  /** The values on the clipboard, if they differ from the text. */
  readonly copied?: (content: RowContent) => readonly string[]
}

/** The text in place of a time while there is no answer. */
export function missingAnswer({ preview, isEarly = false }: RowContent): string {
  return preview?.decoded?.unanswered === true && !isEarly ? unansweredText(preview.decoded) : ''
}

const TABLE = {
  number: {
    name: '#',
    fullName: l10n.t('Number'),
    hint: l10n.t('Number of the event in the session'),
    least: 24,
    characters: ({ events }) => formatCount(events).length,
    resizable: true,
    hidesAs: 2,
    isForWide: true,
    look: 'dim end',
    text: ({ row }) => formatCount(row.index + 1),
    copied: ({ row }) => [String(row.index + 1)],
  },
  time: {
    name: l10n.t('Time'),
    hint: l10n.t('When the event happened'),
    least: 60,
    characters: ({ timeCharacters }) => timeCharacters,
    resizable: true,
    hidesAs: 6,
    look: 'tabular',
    text: ({ time }) => time,
  },
  delta: {
    name: 'Δ ms',
    hint: l10n.t('Milliseconds since the previous event of the same connection'),
    least: 44,
    characters: () => 6,
    resizable: true,
    hidesAs: 1,
    isForWide: true,
    look: 'dim end tabular',
    text: ({ row }) => row.delta,
    copied: ({ row }) => [Number.isFinite(row.gap) ? row.gap.toFixed(row.gap < 1000 ? 1 : 0) : ''],
  },
  connection: {
    name: l10n.t('Connection'),
    hint: l10n.t('Connection of the event, with the color that its chip and its lane have'),
    least: 60,
    characters: ({ connectionCharacters }) => connectionCharacters,
    besides: 9,
    resizable: true,
    isUsual: ({ connections }) => connections > 1,
    look: 'soft',
    text: ({ connection }) => connection,
    copied: ({ row }) => [row.connection],
  },
  direction: {
    name: l10n.t('Dir'),
    fullName: l10n.t('Direction'),
    hint: l10n.t('Direction: ↓ received, ↑ sent, ⇡ sent automatically'),
    least: 34,
    characters: () => 3,
    resizable: false,
    look: 'middle',
    text: ({ row }) => directionOf(row).arrow,
    spoken: ({ row }) => directionOf(row).word,
    copied: ({ row }) => [directionOf(row).word],
  },
  type: {
    name: l10n.t('Type'),
    hint: l10n.t('Type of the event, or the name in its payload'),
    least: 44,
    characters: ({ typeCharacters }) => typeCharacters,
    besides: 20,
    resizable: true,
    stays: true,
    look: '',
    text: ({ row }) => row.type,
    isPeerText: true,
  },
  latency: {
    name: l10n.t('Latency'),
    hint: l10n.t('Time from a request to its answer'),
    least: 50,
    characters: () => 7,
    resizable: true,
    hidesAs: 5,
    isUsual: ({ hasLatency }) => hasLatency,
    look: 'end tabular',
    text: (content) => {
      const latency = content.preview?.latency
      return latency === undefined ? missingAnswer(content) : formatDuration(latency)
    },
    copied: (content) => [content.preview?.latency?.toFixed(3) ?? missingAnswer(content)],
  },
  id: {
    name: l10n.t('Id'),
    hint: l10n.t('Pairs a request with its answer, in the protocol of the connection'),
    least: 30,
    characters: () => 10,
    resizable: true,
    hidesAs: 4,
    isUsual: () => false,
    look: 'soft',
    text: ({ preview }) => preview?.decoded?.id ?? '',
    isPeerText: true,
  },
  channel: {
    name: l10n.t('Channel'),
    hint: l10n.t('Namespace, topic or subscription, in the protocol of the connection'),
    least: 44,
    characters: () => 14,
    resizable: true,
    hidesAs: 4,
    isUsual: () => false,
    look: 'soft',
    text: ({ preview }) => preview?.decoded?.channel ?? '',
    isPeerText: true,
  },
  size: {
    name: l10n.t('Size'),
    hint: l10n.t('Payload bytes'),
    least: 44,
    characters: () => 7,
    resizable: true,
    hidesAs: 3,
    isForWide: true,
    look: 'dim end tabular',
    text: ({ row }) => row.size,
  },
  preview: {
    name: l10n.t('Preview'),
    hint: l10n.t('Beginning of the payload, or the part that the filter finds'),
    least: 160,
    characters: () => 0,
    resizable: false,
    fills: true,
    stays: true,
    look: '',
    text: ({ preview }) => (preview === undefined ? '' : previewLine(preview)),
    isPeerText: true,
  },
} as const satisfies Readonly<Record<string, ColumnTraits>>

/** A column of the table, or the path of a value in JSON payloads. */
export type ColumnId = keyof typeof TABLE | `$${string}`

export interface Column extends ColumnTraits {
  readonly id: ColumnId
  /** Shows only the color of a connection. */
  readonly isStripe?: boolean
}

const TABLE_IDS = Object.keys(TABLE) as readonly (keyof typeof TABLE)[]
export const COLUMNS: readonly Column[] = TABLE_IDS.map((id) => ({ id, ...TABLE[id] }))

/** The connection as a stripe of its color, where room is scarce. */
export const STRIPE: Column = {
  id: 'connection',
  ...TABLE.connection,
  isStripe: true,
  name: '',
  fullName: TABLE.connection.name,
  least: 22,
  characters: () => 0,
  besides: 12,
  resizable: false,
  spoken: ({ connection }) => connection,
}

/** Characters of the name and of the values of a column of values. */
const VALUE_CHARACTERS = 12

/** The column of the values at a path. `at` is its position among the paths that are asked for. */
export function valueColumn(path: string, at: number): Column {
  const name = /([^.[\]"']+)["'\]]*$/.exec(path)?.[1] ?? path
  const text = ({ preview }: RowContent) => preview?.values?.[at] ?? ''
  return {
    id: path as `$${string}`,
    name,
    fullName: path,
    hint: path,
    least: 44,
    characters: () => Math.min(22, Math.max(VALUE_CHARACTERS, name.length)),
    resizable: true,
    hidesAs: 4,
    look: '',
    text,
    isPeerText: true,
  }
}

/** The name of a column in full. */
export function fullName({ name, fullName: full }: Column): string {
  return full ?? name
}

/** The columns that can be shown, those of values in front of the preview. */
export function allColumns(paths: readonly string[]): readonly Column[] {
  return [...COLUMNS.slice(0, -1), ...paths.map(valueColumn), ...COLUMNS.slice(-1)]
}

/** The row as a line of tab-separated values for the clipboard, with numbers as programs read them. */
export function rowAsText(content: RowContent, columns: readonly Column[] = COLUMNS): string {
  return columns
    .flatMap(({ text, copied }) => copied?.(content) ?? [text(content)])
    .map((cell) => cell.replaceAll('\u00a0', ' ').replaceAll('\t', ' '))
    .join('\t')
}
