/** Reads a file of requests, chooses those that run, and says what is wrong with them. */
import { stat } from 'node:fs/promises'
import { methodOf } from '../../request/file/methods.ts'
import { parseRequestFile } from '../../request/file/parse.ts'
import { Places } from '../../request/file/places.ts'
import {
  type FileRequest,
  MAX_FILE_LENGTH,
  type Problem,
  type RequestFile,
  type Span,
} from '../../request/file/request-file.ts'
import { requestNames } from '../../request/file/request-names.ts'
import { nearMatch } from '../../request/variables/near-match.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { UsageError } from '../command-line.ts'
import { readGivenFile } from '../connect/option-files.ts'

/** Bytes of the longest character in UTF-8. */
const MAX_CHARACTER = 4

export interface NamedRequest {
  /** Without secrets that are in the URL of a request without a name of its own. */
  readonly name: string
  readonly request: FileRequest
}

/** A file of requests, as the user named it. */
export class RequestText {
  readonly path: string
  readonly file: RequestFile
  readonly requests: readonly NamedRequest[]
  readonly #places: Places

  constructor(path: string, text: string) {
    this.path = path
    this.file = parseRequestFile(text)
    const names = requestNames(this.file.requests)
    this.requests = this.file.requests.map((request, index) => ({
      request,
      name: maskUrl(names[index] ?? ''),
    }))
    this.#places = new Places(text)
  }

  /** Rejects with a `UsageError` if the file cannot be read. */
  static async read(path: string): Promise<RequestText> {
    const size = await stat(path).then(
      (info) => info.size,
      () => 0,
    )
    if (size > MAX_FILE_LENGTH * MAX_CHARACTER)
      throw new UsageError(`${path} is too large for a request file; it has ${size} bytes.`)
    const bytes = await readGivenFile(path, path)
    return new RequestText(path, new TextDecoder().decode(bytes))
  }

  /** `FILE:LINE:COLUMN` of the beginning of a part. */
  placeOf({ start }: Pick<Span, 'start'>): string {
    const { line, column } = this.#places.at(start)
    return `${this.path}:${line}:${column}`
  }

  lineOf({ start }: Pick<Span, 'start'>): number {
    return this.#places.at(start).line
  }

  /**
   * The requests with these names in the order of the file; without names, all of them. Throws a `UsageError` if there are
   * none, or not one with that name.
   */
  choose(names: readonly string[]): readonly NamedRequest[] {
    if (this.requests.length === 0)
      throw new UsageError(`${this.path} has no requests; write one, such as WEBSOCKET ws://localhost:8080/.`)
    for (const name of names) if (!this.requests.some((each) => each.name === name)) throw this.#unknown(name)
    return names.length === 0 ? this.requests : this.requests.filter(({ name }) => names.includes(name))
  }

  /** The problems that concern these requests: those inside them, and those outside of all requests. */
  problemsOf(requests: readonly NamedRequest[]): readonly Problem[] {
    const isIn =
      ({ start }: Problem) =>
      (request: FileRequest) =>
        request.start <= start && start < request.end
    return this.file.problems.filter(
      (problem) =>
        requests.some(({ request }) => isIn(problem)(request)) || !this.file.requests.some(isIn(problem)),
    )
  }

  #unknown(name: string): UsageError {
    const names = this.requests.map((each) => each.name)
    const near = nearMatch(name, names)
    const advice = near === undefined ? 'see them with --list.' : `did you mean ${JSON.stringify(near)}?`
    return new UsageError(`${this.path} has no request ${JSON.stringify(name)}; ${advice}`)
  }
}

/** The tools that run a request which this one does not. */
export function runBy({ method }: FileRequest): string | undefined {
  return method === undefined ? undefined : methodOf(method.text)?.runBy
}
