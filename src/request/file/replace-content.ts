/** Changes bodies and messages in a file: only those that differ, and with the comments in them kept. */
import type { LineEdits } from './line-edits.ts'
import type { Line } from './lines.ts'
import { contentBlock, type PrintedContent, type PrintedStep, SEPARATOR_LINE, WAIT_LINE } from './print.ts'
import type { ContentPart, FileRequest, FileStep, Written } from './request-file.ts'
import { isSameContent, isSameStep, writtenContent } from './written.ts'

interface InFile {
  readonly content: readonly ContentPart[]
  readonly name?: Written | undefined
  readonly format?: Written | undefined
}

/** Changes the body. `before`: what the file says; undefined for nothing. */
export function replaceBody(
  request: FileRequest,
  before: PrintedContent | undefined,
  after: PrintedContent | undefined,
  headEnd: Line,
  edits: LineEdits,
): void {
  const { body, format } = request
  if (after === undefined) {
    if (before !== undefined) removeContent({ content: body, format }, edits)
  } else if (body.length === 0) edits.after(headEnd, ['', ...contentBlock(after)])
  else if (before === undefined || !isSameContent(before, after))
    changeContent({ content: body, format }, before, after, edits)
}

/** Changes the steps. `before`: what the file says, a step for each of it. */
export function replaceSteps(
  steps: readonly FileStep[],
  before: readonly PrintedStep[],
  after: readonly PrintedStep[],
  headEnd: Line,
  edits: LineEdits,
): void {
  const least = Math.min(before.length, after.length)
  let from = 0
  while (from < least && sameAt(before, after, from, from)) from++
  let same = 0
  while (same < least - from && sameAt(before, after, before.length - 1 - same, after.length - 1 - same))
    same++
  const oldEnd = before.length - same
  const newEnd = after.length - same
  while (from < oldEnd && from < newEnd && before[from]?.kind === after[from]?.kind) {
    changeStep(steps[from], before[from], after[from], edits)
    from++
  }
  const removed = steps.slice(from, oldEnd)
  exchange(
    { previous: steps[from - 1], removed, next: steps[oldEnd] },
    after.slice(from, newEnd),
    headEnd,
    edits,
  )
}

function sameAt(
  before: readonly PrintedStep[],
  after: readonly PrintedStep[],
  at: number,
  other: number,
): boolean {
  const step = before[at]
  return step !== undefined && isSameStep(step, after[other])
}

function changeStep(
  step: FileStep | undefined,
  before: PrintedStep | undefined,
  after: PrintedStep | undefined,
  edits: LineEdits,
): void {
  if (step?.kind === 'send' && after?.kind === 'send' && before?.kind === 'send')
    changeContent(step, before, after, edits)
}

function changeContent(
  inFile: InFile,
  before: PrintedContent | undefined,
  after: PrintedContent,
  edits: LineEdits,
): void {
  const [first, last] = contentLinesOf(inFile, edits)
  changeDirective('message', inFile.name, before?.name, after.name, first, edits)
  changeDirective('format', inFile.format, before?.format, after.format, first, edits)
  const known = before ?? writtenContent(inFile.content, inFile.format, inFile.name)
  if (isSameContent({ ...known, name: '', format: '' }, { ...after, name: '', format: '' })) return
  const comments = edits.between(first, last).filter((line) => edits.kindOf(line) !== 'content')
  const kept = comments.filter((line) => edits.kindOf(line) !== 'blank').map(({ text }) => text)
  edits.replaceLines(first, last, [...kept, ...after.lines])
}

/** `before` is what the file is known to say; undefined if what it says is compared as it is written. */
function changeDirective(
  name: string,
  written: Written | undefined,
  before: string | undefined,
  after: string,
  first: Line,
  edits: LineEdits,
): void {
  if (after === (before ?? written?.text ?? '')) return
  if (written === undefined) edits.before(first, [`# @${name} ${after}`])
  else if (after === '') edits.remove(edits.lineAt(written.start), edits.lineAt(written.start))
  else edits.replace(written, after)
}

/** The first and the last line with content. */
function contentLinesOf({ content }: InFile, edits: LineEdits): readonly [Line, Line] {
  return [edits.lineAt(content[0]?.start ?? 0), edits.lineAt(content.at(-1)?.end ?? 0)]
}

function removeContent(inFile: InFile, edits: LineEdits): void {
  const [first, last] = contentLinesOf(inFile, edits)
  for (const directive of [inFile.name, inFile.format]) {
    const line = directive && edits.lineAt(directive.start)
    // A directive may stand in the midst of the content.
    if (line !== undefined && (line.index < first.index || line.index > last.index)) edits.remove(line, line)
  }
  edits.remove(first, last)
}

/** Steps that follow one another, and those before and after them that stay. */
interface Between {
  readonly previous: FileStep | undefined
  readonly removed: readonly FileStep[]
  readonly next: FileStep | undefined
}

/** Puts steps in the place of others. */
function exchange(
  { previous, removed, next }: Between,
  added: readonly PrintedStep[],
  headEnd: Line,
  edits: LineEdits,
): void {
  if (added.length === 0 && removed.length === 0) return
  const start = previous === undefined ? headEnd : edits.lineAt(previous.end)
  const end = edits.lineAt(next?.start ?? removed.at(-1)?.end ?? start.end)
  const separators = edits
    .between(start, end)
    .filter((line) => line !== start && line.start !== next?.start && edits.kindOf(line) === 'message')
  const isSeparate = next?.kind !== 'send' || (added.at(-1) ?? previous)?.kind !== 'send'
  const lines = added.length === 0 ? [] : addedLines(added, previous)
  if (!isSeparate && separators.length === 0) lines.push(SEPARATOR_LINE)
  edits.after(start, lines)
  if (removed.length === 0) return
  for (const step of removed) if (step.kind === 'send') removeContent(step, edits)
  const kept = isSeparate ? undefined : separators.at(-1)
  for (const line of separators)
    if (line === kept) edits.replaceLines(line, line, [SEPARATOR_LINE])
    else edits.remove(line, line)
}

function addedLines(added: readonly PrintedStep[], previous: FileStep | undefined): string[] {
  const lines: string[] = previous === undefined ? [''] : []
  let isAfterMessage = previous?.kind === 'send'
  for (const step of added) {
    if (step.kind === 'wait') lines.push(WAIT_LINE)
    else {
      if (isAfterMessage) lines.push(SEPARATOR_LINE)
      for (const line of contentBlock(step)) lines.push(line)
    }
    isAfterMessage = step.kind === 'send'
  }
  return lines
}
