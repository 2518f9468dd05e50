/** The menu of a row. */
import * as l10n from '@vscode/l10n'
import { memberStep } from '../../src/shared/text/json-spans.ts'
import { fixable, fixItems } from '../connecting/FixButtons.tsx'
import { isLive } from '../format/connection.ts'
import { can } from '../state/can.ts'
import type { EventSummary } from '../state/events/event-summary.ts'
import { hasIndex } from '../state/events/ranges.ts'
import { connectionTerm, filteredType, typeTerm, valueTerm, withTerm } from '../state/filter-terms.ts'
import { GRID_ID } from '../state/keyboard.ts'
import type { MenuItem } from '../state/menu.ts'
import type { PageState } from '../state/page.ts'
import { compose, resend } from '../state/send-again.ts'
import { COMMAND } from '../ui/command-key.ts'
import { copyRows } from './copy-rows.ts'

/** A value of a row's payload: its JSONPath, and the value as JSON. */
interface RowValue {
  readonly path: string
  readonly source: string
}

/** Opens the menu of the row at the pointer, or of the current row for the keyboard. */
export function openRowMenu(page: PageState, event: MouseEvent): void {
  event.preventDefault()
  const target = event.target instanceof Element ? event.target : null
  const element = target?.closest<HTMLElement>('[data-event]') ?? currentRow(page)
  if (element === null) return
  const index = Number(element.dataset.event)
  const isByPointer = target?.closest('[data-event]') !== null
  if (!hasIndex(page.selection.ranges.value, index)) page.hold(() => page.selection.point(index))
  document.getElementById(GRID_ID)?.focus({ preventScroll: true })
  const { left, bottom } = element.getBoundingClientRect()
  const [x, y] = isByPointer ? [event.clientX, event.clientY] : [left + 40, bottom]
  const row = rowOf(page, index)
  if (row === undefined) return
  const value = isByPointer ? valueAt(page, index, event) : undefined
  page.menu.value = { name: l10n.t('Event'), x, y, items: () => items(page, row, value) }
}

function currentRow({ selection }: PageState): HTMLElement | null {
  return document.getElementById(`event-${selection.index}`)
}

function rowOf({ session, previews }: PageState, index: number): EventSummary | undefined {
  return session.summaryOf(index, previews.get(index))
}

/** The value under the pointer: a value of the preview, or a cell of a column of values. */
function valueAt(
  { previews, columns }: PageState,
  index: number,
  { target: pressed, clientX: x, clientY: y }: MouseEvent,
): RowValue | undefined {
  const preview = previews.get(index)
  const target = pressed instanceof Element ? pressed : null
  const field = fieldAt(x, y)
  if (field !== undefined) {
    const source = sourceAt(preview?.text ?? '', field)
    return source === undefined ? undefined : { path: `$${memberStep(field)}`, source }
  }
  const id = target?.closest<HTMLElement>('[data-column^="$"]')?.dataset.column
  const at = columns.value.filter((each) => each.id.startsWith('$')).findIndex((each) => each.id === id)
  const text = at < 0 ? undefined : preview?.values?.[at]
  if (id === undefined || text === undefined || text === '') return undefined
  return {
    path: id,
    source: /^(?:-?\d[\d.eE+-]*|true|false|null|[[{].*)$/.test(text) ? text : JSON.stringify(text),
  }
}

/** The field of the preview whose key or value is at a point. */
function fieldAt(x: number, y: number): string | undefined {
  // `caretPositionFromPoint` is newer than the oldest supported editor.
  const at = document.caretRangeFromPoint(x, y)?.startContainer
  const element = at instanceof Element ? at : at?.parentElement
  if (at === undefined || !element?.closest('.column-preview')) return undefined
  let node: Node | null = element.matches('.column-preview') ? at : element
  while (node !== null && !(node instanceof HTMLElement && node.dataset.field !== undefined))
    node = node.previousSibling
  return node instanceof HTMLElement ? node.dataset.field : undefined
}

/** The value of a field as JSON, if all of it is in the preview. */
function sourceAt(text: string, field: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && field in value
      ? JSON.stringify((value as Readonly<Record<string, unknown>>)[field])
      : undefined
  } catch {
    const value = new RegExp(
      `"${field.replaceAll(/[^\p{L}\p{N}_]/gu, '\\$&')}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|[^\\s",{}[\\]…]+)(?=\\s*[,}])`,
      'u',
    )
    return value.exec(text)?.[1]
  }
}

function items(page: PageState, row: EventSummary, value: RowValue | undefined): MenuItem[] {
  const canFix = row.kind.type === 'error' && fixable(page, row.connectionId) !== undefined
  return [
    ...(canFix ? fixItems(page, row.connectionId) : []),
    'line',
    ...copying(page, row),
    'line',
    ...filtering(page, row, value),
    'line',
    ...acting(page, row),
  ]
}

function copying(page: PageState, { index, bytes }: EventSummary): MenuItem[] {
  const copy = (form: 'text' | 'base64') => () => void page.call('copyAs', { index, form }, 0)
  const hasPayload = bytes !== undefined && bytes > 0
  return [
    { label: l10n.t('Copy Row'), keys: `${COMMAND}C`, choose: () => void copyRows(page) },
    ...(hasPayload
      ? [
          { label: l10n.t('Copy Payload'), choose: copy('text') },
          { label: l10n.t('Copy Payload as Base64'), choose: copy('base64') },
        ]
      : []),
  ]
}

function filtering(page: PageState, row: EventSummary, value: RowValue | undefined): MenuItem[] {
  const { filter, previews } = page
  const preview = previews.get(row.index)
  const type = filteredType(row, preview)
  const both = (term: string, to: string, out: string): MenuItem[] => [
    { label: to, choose: () => filter.apply(withTerm(filter.text.value, term)) },
    { label: out, choose: () => filter.apply(withTerm(filter.text.value, term, true)) },
  ]
  const short = value && `${value.path.replace(/^\$\.?/, '')}: ${value.source}`.slice(0, 40)
  return [
    ...(value !== undefined && short !== undefined
      ? both(
          valueTerm(value.path, value.source),
          l10n.t('Filter to {0}', short),
          l10n.t('Filter Out {0}', short),
        )
      : []),
    ...both(typeTerm(row, preview), l10n.t('Filter to Type {0}', type), l10n.t('Filter Out Type {0}', type)),
    ...(row.connectionId === 0
      ? []
      : both(
          connectionTerm(row.connectionId),
          l10n.t('Filter to This Connection'),
          l10n.t('Filter Out This Connection'),
        )),
  ]
}

function acting(page: PageState, row: EventSummary): MenuItem[] {
  const { session, selection } = page
  const { index } = row
  const others = selection.ranges.value.flatMap(({ from, to }) => (to - from > 2 ? [] : [from, to - 1]))
  const [other, ...more] = [...new Set(others)].filter((each) => each !== index)
  const canSend = (session.status.value?.connections ?? []).some((each) => each.canSend && isLive(each.state))
  const hasPayload = row.bytes !== undefined && row.bytes > 0
  const compare = async () => {
    const right = index
    const left =
      other !== undefined && more.length === 0
        ? other
        : ((await page.call('related', { index }))?.previous ?? undefined)
    if (left === undefined)
      page.notice.value = l10n.t('There is no earlier message of this type to compare with.')
    else await page.call('comparePayloads', { left, right }, 0)
  }
  return [
    ...(hasPayload && can(page, 'comparePayloads')
      ? [
          {
            label:
              other !== undefined && more.length === 0
                ? l10n.t('Compare the Two Selected')
                : l10n.t('Compare with Previous of This Type'),
            choose: () => void compare(),
          },
        ]
      : []),
    ...(hasPayload && canSend && !page.isRecording
      ? [
          { label: l10n.t('Resend'), choose: () => void resend(page, index) },
          { label: l10n.t('Edit and Resend'), choose: () => void compose(page, index) },
        ]
      : []),
    ...(hasPayload && row.kind.direction === 'out' && page.savedRequests.of(row.connectionId) !== undefined
      ? [{ label: l10n.t('Keep in Request…'), choose: () => keep(page, row) }]
      : []),
    ...(page.isRecording
      ? []
      : [{ label: l10n.t('Mark This Moment…'), choose: () => page.markAt(row.time) }]),
  ]
}

/** The host asks for a name. */
function keep(page: PageState, { index, connectionId: connection }: EventSummary): void {
  void page.call('keepMessage', { connection, message: { index }, name: null }, 0)
}
