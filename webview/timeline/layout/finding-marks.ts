/** The marks on the strip of findings: those close to each other share one. */
import { SEVERITIES, type Severity } from '../../../src/shared/finding.ts'
import type { FindingMark } from '../../state/findings.ts'
import type { Span } from '../../state/timeline/density.ts'
import { type Layout, xOf } from './layout.ts'

/** Distance in pixels of two marks at least, and from the middle of a mark at which it is hit. */
const LEAST_DISTANCE = 20
const REACH = 10

export interface PlacedMark {
  /** Horizontal position in pixels. */
  readonly x: number
  /** The most severe first, then by time. */
  readonly findings: readonly FindingMark[]
  readonly severity: Severity
}

/** What the timeline shows of the findings. */
export interface MarkedFindings {
  readonly placed: readonly PlacedMark[]
  /** The mark under the pointer, else that of the chosen finding. */
  readonly marked: PlacedMark | undefined
  /** The finding of that mark whose time is shown. */
  readonly finding: FindingMark | undefined
}

/** The marks in view, from left to right. `marks` are in the order of their times. */
export function placeMarks(layout: Layout, view: Span, marks: readonly FindingMark[]): readonly PlacedMark[] {
  const groups: { x: number; findings: FindingMark[] }[] = []
  for (const mark of marks) {
    if (mark.time < view.from || mark.time > view.to) continue
    const x = xOf(layout, view, mark.time)
    const last = groups.at(-1)
    if (last !== undefined && x - last.x < LEAST_DISTANCE) last.findings.push(mark)
    else groups.push({ x, findings: [mark] })
  }
  return groups.map(({ x, findings }) => {
    const sorted = findings.sort((one, other) => rankOf(one) - rankOf(other))
    return { x, findings: sorted, severity: sorted[0]?.finding.severity ?? 'info' }
  })
}

function rankOf({ finding: { severity } }: FindingMark): number {
  return SEVERITIES.indexOf(severity)
}

/** The mark at a point. */
export function findingMarkAt(
  layout: Layout,
  placed: readonly PlacedMark[],
  x: number,
  y: number,
): PlacedMark | undefined {
  const { top, height } = layout.strip
  if (y < top || y >= top + height) return undefined
  return placed.find((mark) => Math.abs(mark.x - x) <= REACH)
}

/** The marks in view, and the one that is marked. */
export function markedFindings(
  layout: Layout,
  view: Span,
  marks: readonly FindingMark[],
  chosen: string | undefined,
  pointer: { readonly x: number; readonly y: number } | undefined,
): MarkedFindings {
  const placed = layout.strip.height === 0 ? [] : placeMarks(layout, view, marks)
  const isChosen = ({ key }: FindingMark) => key === chosen
  const pointed = pointer && findingMarkAt(layout, placed, pointer.x, pointer.y)
  const marked = pointed ?? placed.find(({ findings }) => findings.some(isChosen))
  return { placed, marked, finding: marked?.findings.find(isChosen) ?? marked?.findings[0] }
}
