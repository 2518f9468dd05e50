/** Where a request has double braces that are not a placeholder. */
import type { ContentPart, FileRequest, Span } from '../file/request-file.ts'
import { expressionsIn } from './placeholders.ts'

/** The parts of a request in which placeholders are filled, in the order of the file. */
function partsOf(request: FileRequest): Span[] {
  const inContent = (content: readonly ContentPart[]) =>
    content.map((part) => (part.kind === 'text' ? part : part.path))
  return [
    request.url,
    ...request.headers,
    ...request.options.map(({ value }) => value),
    ...request.values.flatMap(({ path, filter }) => [path, ...(filter === undefined ? [] : [filter])]),
    ...request.rules.map(({ filter }) => filter),
    ...inContent(request.body),
    ...request.steps.flatMap((step) => (step.kind === 'send' ? inContent(step.content) : [])),
  ].sort((one, other) => one.start - other.start)
}

/**
 * The places of what other tools evaluate as JavaScript, and this one sends as it is. They are found in the `text` of the
 * file, because the text of a part may be joined from several lines.
 */
export function expressionsOf(request: FileRequest, text: string): Span[] {
  return partsOf(request).flatMap((part) =>
    expressionsIn(text.slice(part.start, part.end)).map(({ start, end }) => ({
      start: part.start + start,
      end: part.start + end,
    })),
  )
}
