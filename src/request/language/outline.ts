/** The outline of a `.http` file: its variables and requests, and the messages of each. */
import { shortened } from '../../shared/text/shortened.ts'
import type { ContentPart, FileRequest, FileStep, RequestFile, Span } from '../file/request-file.ts'

export interface OutlineItem {
  readonly kind: 'variable' | 'request' | 'message'
  /** Never empty. */
  readonly name: string
  readonly detail: string
  readonly span: Span
  /** What is selected when somebody goes there; inside `span`. */
  readonly selection: Span
  readonly children: readonly OutlineItem[]
}

const MAX_NAME = 80

/** What is in the file, in the order of the text. */
export function outlineOf(file: RequestFile): OutlineItem[] {
  const variables = file.variables.map<OutlineItem>((variable) => ({
    kind: 'variable',
    name: variable.name.text,
    detail: '',
    span: variable,
    selection: variable.name,
    children: [],
  }))
  return [...variables, ...file.requests.map(requestItem)].sort((a, b) => a.span.start - b.span.start)
}

function requestItem(request: FileRequest): OutlineItem {
  const { title, name, method, url, line, steps } = request
  const shown = title ?? name
  const keyword = method?.text ?? ''
  const isNamed = shown !== undefined && shown.text !== ''
  return {
    kind: 'request',
    name: isNamed ? oneLine(shown.text) : oneLine(url.text) || keyword || '…',
    detail: isNamed ? oneLine(`${keyword} ${url.text}`.trim()) : keyword,
    span: request,
    selection: line,
    children: steps.flatMap((step, at) => (step.kind === 'send' ? [messageItem(step, at)] : [])),
  }
}

function messageItem(step: Extract<FileStep, { kind: 'send' }>, at: number): OutlineItem {
  const first = firstLine(step.content) ?? { start: step.start, end: step.end, text: '' }
  const selection = step.name ?? first
  return {
    kind: 'message',
    name: oneLine(selection.text) || String(at + 1),
    detail: step.name === undefined ? '' : oneLine(first.text),
    // A name is on a line above the message.
    span: { start: Math.min(selection.start, step.start), end: step.end },
    selection: { start: selection.start, end: selection.end },
    children: [],
  }
}

/** The first line of a body or a message that is not blank, without the blanks around it. */
export function firstLine(content: readonly ContentPart[]): (Span & { readonly text: string }) | undefined {
  for (const part of content) {
    if (part.kind === 'file') return { start: part.start, end: part.end, text: part.path.text }
    const found = /\S[^\n]*/.exec(part.text)
    if (found === null) continue
    const text = found[0].trimEnd()
    // In a file that ends its lines with CR LF, blank lines before it are longer there than in `text`.
    const breaks = part.text.slice(0, found.index).split('\n').length - 1
    const extra = part.end - part.start > part.text.length ? breaks : 0
    const start = part.start + found.index + extra
    return { start, end: start + text.length, text }
  }
  return undefined
}

function oneLine(text: string): string {
  return shortened(text.replaceAll(/\s+/g, ' '), MAX_NAME)
}
