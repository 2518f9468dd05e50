/** Reads the lines from one `###` to the next: at most one request, and variables. */
import { ContentReader } from './content.ts'
import { isComment, isName, readDirective } from './directives.ts'
import { ForeignLines, type Section } from './foreign.ts'
import { isBlank, type Line, trimmed } from './lines.ts'
import { noteExpectation } from './note-expectation.ts'
import { noteHeaders } from './note-headers.ts'
import type { Notes } from './notes.ts'
import type {
  Field,
  FileRequest,
  FileRule,
  FileValue,
  FileVariable,
  Severity,
  Span,
  Written,
} from './request-file.ts'
import { continued, HEADER, type RequestLine, readRequestLine, transportOf } from './request-line.ts'

const VARIABLE = /^[ \t]*@(?=[^ \t@=:])/
/** What a body begins with if the empty line before it is missing. */
const BODY = /^(?:[{[<"'\d]|===)/
const EXPECTATION = /^[ \t]*\?\?/

export class RegionReader {
  readonly variables: FileVariable[] = []
  readonly #text: string
  readonly #lines: readonly Line[]
  readonly #notes: Notes
  readonly #foreign: ForeignLines
  readonly #to: number
  readonly #errors: number
  #at: number
  #section: Section = 'before'
  /** The first line that says something of the request. */
  #first: Line | undefined
  #last: Span | undefined
  #name: Written | undefined
  #isSse = false
  #line: RequestLine | undefined
  #url: Written | undefined
  #head: Line | undefined
  #content: ContentReader | undefined
  /** The lines with the name and the format of the first message, if they are before the body. */
  #early: ((content: ContentReader) => void)[] = []
  readonly #headers: Field[] = []
  readonly #options: Field[] = []
  readonly #values: FileValue[] = []
  readonly #expectations: Written[] = []
  readonly #rules: FileRule[] = []
  #keepAlive: Written | undefined

  /** For the lines from `from` to before `to`. */
  constructor(text: string, lines: readonly Line[], from: number, to: number, notes: Notes) {
    this.#text = text
    this.#lines = lines
    this.#to = to
    this.#at = from
    this.#notes = notes
    this.#errors = notes.errors
    this.#foreign = new ForeignLines(lines, to)
  }

  /** The request, if there is one. `hasSeparator`: the first line is one. */
  read(hasSeparator: boolean): FileRequest | undefined {
    const separator = hasSeparator ? this.#lines[this.#at++] : undefined
    if (separator !== undefined) this.#notes.mark(separator, 'separator')
    while (this.#at < this.#to) {
      const line = this.#lines[this.#at]
      if (line === undefined) break
      this.#readLine(line)
    }
    const request = this.#request(separator)
    if (request === undefined) {
      if (separator !== undefined) this.#notes.separator(separator)
      if (this.#first !== undefined)
        this.#notes.add(
          'warning',
          this.#first,
          'NO_REQUEST',
          'These lines belong to no request; write a request line after them, such as WEBSOCKET ws://localhost:8080/.',
        )
    }
    return request
  }

  #readLine(line: Line): void {
    if (this.#readForeign() || this.#readComment(line) || this.#readExpectation(line)) return
    this.#at++
    if (this.#section === 'body') this.#readContent(line)
    else if (isBlank(line)) {
      if (this.#section === 'head') this.#startBody()
    } else if (!this.#readVariable(line)) {
      if (this.#section === 'head') this.#readHead(line)
      else this.#readRequestLine(line)
    }
  }

  #touch(line: Line): void {
    this.#first ??= line
    this.#last = line
  }

  #readForeign(): boolean {
    const found = this.#foreign.at(this.#at, this.#section)
    if (found === undefined) return false
    const first = this.#lines[this.#at]
    const last = this.#lines[found.next - 1]
    if (first === undefined || last === undefined) return false
    const { severity, code, message } = found.what
    this.#notes.add(severity, { start: trimmed(first).start, end: trimmed(last).end }, code, message)
    if (this.#section !== 'before') this.#touch(last)
    for (const line of this.#block(first.index, found.next)) this.#notes.mark(line, 'foreign')
    this.#at = found.next
    return true
  }

  /** Lines without the blank ones at their end, which something that is not ended has. */
  #block(from: number, to: number): readonly Line[] {
    const lines = this.#lines.slice(from, to)
    return lines.slice(0, lines.findLastIndex((line) => !isBlank(line)) + 1)
  }

  #readComment(line: Line): boolean {
    const block = this.#blockComment(line)
    if (block !== undefined) {
      for (const each of this.#block(this.#at, block + 1)) this.#notes.comment(each)
      this.#at = block + 1
      return true
    }
    if (!isComment(line)) return false
    this.#at++
    const directive = readDirective(line, this.#notes)
    if (directive.kind === 'comment') {
      this.#notes.comment(line)
      return true
    }
    this.#notes.mark(line, 'directive')
    this.#touch(line)
    switch (directive.kind) {
      case 'name':
        this.#name = directive.value
        break
      case 'sse':
        this.#isSse = true
        break
      case 'option':
        this.#options.push(directive.field)
        break
      case 'set':
        this.#values.push(directive.value)
        break
      case 'expect':
        this.#expect(directive.value)
        break
      case 'on':
        this.#rules.push(directive.rule)
        break
      case 'keep-alive':
        this.#keepAlive = directive.value
        break
      default: {
        const { kind, value } = directive
        const apply = (content: ContentReader) =>
          kind === 'message' ? content.name(value) : content.format(value)
        if (this.#content === undefined) this.#early.push(apply)
        else apply(this.#content)
      }
    }
    return true
  }

  /** The last line of a comment that httpYac reads between lines with only these marks. */
  #blockComment(line: Line): number | undefined {
    if (this.#section === 'body' || !/^[ \t]*\/\*[ \t]*$/.test(line.text)) return undefined
    for (let at = this.#at + 1; at < this.#to; at++)
      if (/^[ \t]*\*\/[ \t]*$/.test(this.#lines[at]?.text ?? '')) return at
    return this.#to - 1
  }

  #readExpectation(line: Line): boolean {
    const [mark] = EXPECTATION.exec(line.text) ?? []
    if (mark === undefined) return false
    this.#at++
    this.#notes.mark(line, 'expectation')
    this.#touch(line)
    this.#expect(trimmed(line, mark.length))
    return true
  }

  #expect(expectation: Written): void {
    this.#expectations.push(expectation)
    noteExpectation(expectation, this.#notes)
  }

  #readVariable(line: Line): boolean {
    const [mark] = VARIABLE.exec(line.text) ?? []
    const equals = line.text.indexOf('=')
    if (mark === undefined || equals < 0) return false
    this.#notes.mark(line, 'variable')
    // httpYac fills the value of `name := value` later.
    const isLazy = line.text.charAt(equals - 1) === ':'
    const name = trimmed(line, mark.length, isLazy ? equals - 1 : equals)
    const value = trimmed(line, equals + 1)
    if (isName(name, this.#notes, 'warning'))
      this.variables.push({
        start: trimmed(line).start,
        end: Math.max(value.end, line.start + equals + 1),
        name,
        value,
      })
    return true
  }

  #readRequestLine(line: Line): void {
    this.#notes.mark(line, 'request')
    this.#touch(line)
    this.#head = line
    this.#line = readRequestLine(line, this.#notes)
    this.#url = this.#line.url
    this.#section = 'head'
  }

  #readHead(line: Line): void {
    const [header] = HEADER.exec(line.text) ?? []
    const previous = this.#headers.at(-1)
    if (/^[ \t]*[?&/]/.test(line.text)) this.#continueUrl(line)
    else if (header !== undefined) this.#readHeader(line, header.length - 1)
    else if (/^[ \t]/.test(line.text)) {
      if (previous === undefined) this.#continueUrl(line)
      else this.#continueHeader(previous, line)
    } else if (BODY.test(line.text)) {
      this.#note(
        'info',
        line,
        'NO_EMPTY_LINE',
        'Write an empty line before this, so that other tools read it too.',
      )
      this.#startBody()
      this.#readContent(line)
      return
    } else {
      this.#notes.mark(line, 'unknown')
      this.#note(
        'error',
        line,
        'BAD_HEADER',
        'This is not a header; write Name: value, or an empty line before a body.',
      )
    }
    this.#touch(line)
  }

  #note(severity: Severity, line: Line, code: string, message: string): void {
    this.#notes.add(severity, trimmed(line), code, message)
  }

  #continueUrl(line: Line): void {
    this.#notes.mark(line, 'url')
    if (this.#url !== undefined) this.#url = continued(this.#url, line)
  }

  #readHeader(line: Line, colon: number): void {
    this.#notes.mark(line, 'header')
    const name = trimmed(line, 0, colon)
    const value = trimmed(line, colon + 1)
    this.#headers.push({ start: name.start, end: value.end, name, value })
  }

  /** A value may go on in the next line (RFC 9112 section 5.2). */
  #continueHeader(header: Field, line: Line): void {
    this.#notes.mark(line, 'continuation')
    const more = trimmed(line)
    const text = header.value.text === '' ? more.text : `${header.value.text} ${more.text}`
    const value = { start: header.value.start, end: more.end, text }
    this.#headers[this.#headers.length - 1] = { ...header, end: more.end, value }
  }

  #startBody(): void {
    this.#section = 'body'
    this.#content = new ContentReader(this.#text, this.#hasMessages(), this.#notes)
    for (const apply of this.#early) apply(this.#content)
    this.#early = []
  }

  /** Whether it has messages: requests that only other tools run may. */
  #hasMessages(): boolean {
    if (this.#line === undefined || this.#url === undefined) return false
    return (
      this.#line.method.runBy !== undefined || transportOf({ ...this.#line, url: this.#url }) === 'websocket'
    )
  }

  #readContent(line: Line): void {
    if (!isBlank(line)) this.#touch(line)
    if (!this.#content?.separates(line)) this.#content?.line(line)
  }

  #request(separator: Line | undefined): FileRequest | undefined {
    const [line, url, first, last, head] = [this.#line, this.#url, this.#first, this.#last, this.#head]
    if (!line || !url || !first || !last || !head) return undefined
    if (this.#content === undefined) this.#startBody()
    const content = this.#content
    if (content === undefined) return undefined
    const { body, format } = content.end()
    const title = separator === undefined ? undefined : titleOf(separator)
    const name = this.#name ?? title
    const written = transportOf({ ...line, url })
    const transport = written === 'auto' && this.#isSse ? 'sse' : written
    const { start } = trimmed(head)
    const request = {
      start: separator?.start ?? first.start,
      end: last.end,
      ...(separator !== undefined && { separator: { start: separator.start, end: separator.end } }),
      name,
      title,
      line: { start, end: url.text === '' ? trimmed(head).end : url.end },
      method: line.word,
      url,
      transport,
      headers: this.#headers,
      options: this.#options,
      values: this.#values,
      body,
      ...(format !== undefined && { format }),
      steps: content.steps,
      expectations: this.#expectations,
      rules: this.#rules,
      ...(this.#keepAlive !== undefined && { keepAlive: this.#keepAlive }),
    }
    const canRun = this.#notes.errors === this.#errors && line.method.runBy === undefined
    if (canRun) noteHeaders(request, this.#notes)
    return { ...request, canRun }
  }
}

function titleOf(separator: Line): Written | undefined {
  const mark = separator.text.search(/[^# \t]/)
  const title = mark < 0 ? undefined : trimmed(separator, mark)
  return title === undefined || title.text === '' ? undefined : title
}
