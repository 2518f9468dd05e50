/**
 * What a `.http` file says, with the place of each part in its text. Positions are offsets in UTF-16 code units. The text
 * is never changed by reading: what is not understood stays where it is, and is a problem.
 */
import type { TransportName } from '../../shared/transports.ts'

/** From `start` to before `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A word, a value or a line, as it is written. Lines end with LF in it, whatever ends them in the file. */
export interface Written extends Span {
  readonly text: string
}

/** `error`: the request cannot run. `warning`: a part of it does not run. `info`: it has no effect, and need not. */
export type Severity = 'error' | 'warning' | 'info'

export interface Problem extends Span {
  readonly severity: Severity
  /** Such as `SCRIPT` or `UNKNOWN_OPTION`. */
  readonly code: string
  /** One or two sentences: what is wrong, and what to write instead. */
  readonly message: string
}

/** `@name = value`. It holds in the whole file; the last one of a name up to a request wins there. */
export interface FileVariable extends Span {
  readonly name: Written
  readonly value: Written
}

/** `Name: value`, or `# @option name value` and its short forms such as `# @name value`. */
export interface Field extends Span {
  readonly name: Written
  readonly value: Written
}

/** A part of a body or of a message: text, or a file. Line ends between parts are in the text. */
export type ContentPart =
  | ({ readonly kind: 'text' } & Written)
  /** `< path`: its bytes. `<@ path`: its text, with placeholders filled. */
  | ({ readonly kind: 'file'; readonly path: Written; readonly isFilled: boolean } & Span)

/** A message between lines with `===`, or `=== wait-for-server`, which waits for one message of the server. */
export type FileStep =
  | ({
      readonly kind: 'send'
      /** Of `# @message NAME`. */
      readonly name?: Written
      /** Of `# @format FORMAT`, one of `MESSAGE_FORMATS`. If absent, text, or binary if all of it is `< path`. */
      readonly format?: Written
      readonly content: readonly ContentPart[]
    } & Span)
  | ({ readonly kind: 'wait' } & Span)

/** `# @set name = $.path`, or with a filter: `# @set name = $.path when FILTER`. */
export interface FileValue extends Span {
  readonly name: Written
  readonly path: Written
  readonly filter?: Written
}

/** Of `# @expect …` or `?? …`, which says what the connection is expected to do. */
export type Expectation = Written

/** `# @on FILTER => ACTION`: what the connection does by itself (src/shared/rule.ts). */
export interface FileRule extends Span {
  readonly filter: Written
  readonly action: Written
  /** The name of the variable that the action sets. */
  readonly sets?: Written
}

/** From its separator, or from its first line if it has none, to the end of its last line. */
export interface FileRequest extends Span {
  /** The line with `###` before it. */
  readonly separator?: Span
  /** Of `# @name NAME`, else of its `### TITLE`. Undefined if it has neither. */
  readonly name: Written | undefined
  readonly title: Written | undefined
  /** The line with method and URL. */
  readonly line: Span
  readonly method: Written | undefined
  /** With placeholders. Lines that continue it are joined without their indentation. */
  readonly url: Written
  /** What method, URL and headers say of the technique. */
  readonly transport: TransportName | 'auto'
  /** False if a mistake keeps it from running, or if only other tools run such requests. A problem says which. */
  readonly canRun: boolean
  readonly headers: readonly Field[]
  readonly options: readonly Field[]
  readonly values: readonly FileValue[]
  /** The body of an HTTP request; empty if it has messages. */
  readonly body: readonly ContentPart[]
  /** Of the body, as that of a message. */
  readonly format?: Written
  /** The messages of a WebSocket, or of a request that only other tools run. */
  readonly steps: readonly FileStep[]
  readonly expectations: readonly Expectation[]
  readonly rules: readonly FileRule[]
  /** Of `# @keep-alive TIME => TEXT`. */
  readonly keepAlive?: Written
}

export interface RequestFile {
  readonly text: string
  readonly variables: readonly FileVariable[]
  readonly requests: readonly FileRequest[]
  /** In the order of their places. */
  readonly problems: readonly Problem[]
  /** Lines that are only comments, inside and outside of requests. A separator is one if no request follows it. */
  readonly comments: readonly Span[]
}

/** How the names of files of requests end. */
export const REQUEST_EXTENSIONS: readonly string[] = ['.http', '.rest']

/** The longest file that is read, in characters. A longer one is a single problem. */
export const MAX_FILE_LENGTH = 8 * 1024 * 1024
