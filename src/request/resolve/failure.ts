/** A request that cannot run, and the place of the reason. */
import { Failure } from '../../shared/failure.ts'
import { longestFirst, secretForms } from '../../shared/secrets/secret-forms.ts'
import { MASK } from '../../shared/secrets.ts'
import { Places } from '../file/places.ts'
import type { FileRequest, Span } from '../file/request-file.ts'
import { PlaceholderFailure } from '../variables/fill.ts'

export class RequestFailure extends Failure {
  readonly request: FileRequest
  /** The part of the file that it is about. */
  readonly span: Span

  constructor(code: string, message: string, request: FileRequest, span: Span) {
    super(code, message)
    this.request = request
    this.span = span
  }
}

/** A failure of what is at a place of the file, before it is known which request it belongs to. */
class PlacedFailure extends Failure {
  readonly span: Span
  readonly written: string | undefined

  constructor(failure: Failure, span: Span) {
    super(failure.code, failure.message)
    this.span = span
    this.written = failure instanceof PlaceholderFailure ? failure.placeholder.written : undefined
  }
}

/** Runs `read`. If it throws a `Failure`, that is about the span. What the user has canceled stays as it is. */
export async function placed<T>(span: Span, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (thrown) {
    const isPlaceable = thrown instanceof Failure && thrown.code !== 'CANCELLED'
    throw isPlaceable && !(thrown instanceof PlacedFailure) ? new PlacedFailure(thrown, span) : thrown
  }
}

/** What the request is called in a sentence. `text` is that of its file. */
export function nameOf(request: FileRequest, text: string): string {
  if (request.name !== undefined) return `The request ${JSON.stringify(request.name.text)}`
  return `The request on line ${new Places(text).at(request.line.start).line}`
}

/**
 * The failure of a request for what was thrown while it was resolved; anything but a `Failure` is returned unchanged.
 * `secrets` are masked in the sentence.
 */
export function failureOf(
  thrown: unknown,
  request: FileRequest,
  text: string,
  secrets: Iterable<string>,
): unknown {
  if (!(thrown instanceof Failure) || thrown.code === 'CANCELLED') return thrown
  const { span, written } =
    thrown instanceof PlacedFailure ? thrown : { span: request.line, written: undefined }
  let { message } = thrown
  for (const form of longestFirst([...secrets].flatMap(secretForms))) message = message.replaceAll(form, MASK)
  return new RequestFailure(
    thrown.code,
    `${nameOf(request, text)} cannot run: ${message}`,
    request,
    narrowed(span, written, text),
  )
}

/** The placeholder inside the span, if it is there as written. */
function narrowed({ start, end }: Span, written: string | undefined, text: string): Span {
  const at = written === undefined ? -1 : text.slice(start, end).indexOf(written)
  return at < 0 || written === undefined
    ? { start, end }
    : { start: start + at, end: start + at + written.length }
}
