/** Adds to a file of requests. Nothing that is in the file changes. */
import { Failure } from '../../shared/failure.ts'
import type { ScriptStep } from '../../shared/request-script.ts'
import { applyEdits, lineEndOf, type TextEdit } from './edits.ts'
import { isBlank, type Line } from './lines.ts'
import { parseLines } from './parse.ts'
import {
  contentBlock,
  type PrintedStep,
  printRequest,
  printStep,
  SEPARATOR_LINE,
  WAIT_LINE,
  type WrittenRequest,
} from './print.ts'
import { type FileRequest, MAX_FILE_LENGTH } from './request-file.ts'
import { protocolOf } from './settings.ts'
import { isSameStep, writtenSteps } from './written.ts'

/** Adds a request at the end of a file. Throws a `Failure` as `printRequest` does, or if the file would be too long. */
export function addRequest(text: string, request: WrittenRequest): TextEdit {
  const lineEnd = lineEndOf(text)
  const printed = printRequest(request).replaceAll('\n', lineEnd)
  const gap = gapBeforeRequest(text).replaceAll('\n', lineEnd)
  const edit = { start: text.length, end: text.length, text: gap + printed }
  if (text.length + edit.text.length > MAX_FILE_LENGTH)
    throw new Failure('TOO_LARGE', 'The file would be too long with the request; write it into another file.')
  return edit
}

/** What a file lacks so that a request can follow an empty line at its end. Lines end with LF. */
export function gapBeforeRequest(text: string): string {
  const last = parseLines(text).lines.at(-1)
  if (last === undefined) return ''
  const isEnded = last.next > last.end
  return isBlank(last) ? (isEnded ? '' : '\n') : '\n'.repeat(isEnded ? 1 : 2)
}

/**
 * Adds a message after those of the request at a position, and after what it waits for. Throws a `Failure`: `NO_REQUEST`,
 * `NO_MESSAGES` if the request is not that of a WebSocket, or as `printRequest` does.
 */
export function addMessage(text: string, position: number, step: ScriptStep): TextEdit {
  const { file, lines, kinds } = parseLines(text)
  const request = file.requests[position]
  if (request === undefined) throw new Failure('NO_REQUEST', 'The file no longer has the request.')
  if (request.transport !== 'websocket')
    throw new Failure('NO_MESSAGES', 'Only requests of a WebSocket have messages; edit the body in the file.')
  const printed = printStep(step, protocolOf(request))
  const block = printed.kind === 'wait' ? [WAIT_LINE] : contentBlock(printed)
  const last = request.steps.at(-1)
  const separator = last?.kind === 'send' && printed.kind === 'send' ? [SEPARATOR_LINE] : []
  const start = last?.end ?? headEnd(request, lines, kinds)
  const before = last === undefined ? ['', ''] : ['']
  const edit = { start, end: start, text: [...before, ...separator, ...block].join(lineEndOf(text)) }
  check(text, position, [...writtenSteps(request), printed], edit)
  return edit
}

/** The end of the last line before the empty one that ends the headers. */
function headEnd(request: FileRequest, lines: readonly Line[], kinds: readonly string[]): number {
  const first = lines.findIndex(({ start, next }) => start <= request.line.start && request.line.start < next)
  let at = Math.max(first, 0)
  while (at + 1 < lines.length && IN_HEAD.has(kinds[at + 1] ?? '')) at++
  return lines[at]?.end ?? request.line.end
}

const IN_HEAD: ReadonlySet<string> = new Set([
  'url',
  'header',
  'continuation',
  'directive',
  'comment',
  'variable',
  'unknown',
])

/** Reads the file as it would be. Throws a `Failure` if the request would not have these steps. */
function check(text: string, position: number, expected: readonly PrintedStep[], edit: TextEdit): void {
  const { file } = parseLines(applyEdits(text, [edit]))
  const request = file.requests[position]
  const steps = request === undefined ? [] : writtenSteps(request)
  const isSame =
    steps.length === expected.length && expected.every((step, index) => isSameStep(step, steps[index]))
  if (!isSame)
    throw new Failure(
      'NOT_WRITABLE',
      'The message cannot be added after the existing content; write it in the file.',
    )
}
